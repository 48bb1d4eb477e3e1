/* What a reader may rely on about the table of systems. Nothing here is compiled into the program: a function without a
 * body says what its row is. The text of the table is included, since its rows are known to the prover only there. */

#include "system.c" // NOLINT(bugprone-suspicious-include)

/* Each row has columns that fit together. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures row: sy_ok(&fr_systems[FR_EXP_PIPE]);
*/
void thm_exp_pipe(void)
{
}

/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures row: sy_ok(&fr_systems[FR_EXP_WRITE]);
*/
void thm_exp_write(void)
{
}

/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures row: sy_ok(&fr_systems[FR_EXP_EOG]);
*/
void thm_exp_eog(void)
{
}

/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures row: sy_ok(&fr_systems[FR_RUNTIME]);
*/
void thm_runtime(void)
{
}

/* The row that is recommended has none of the errata that are columns. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures row: sy_ok(&fr_systems[FR_STRICT]);
  ensures sizes: !fr_systems[FR_STRICT].estimated && fr_systems[FR_STRICT].verbatim;
  ensures sequence: fr_systems[FR_STRICT].rotation == FR_ROTATION_BOTH;
  ensures frequency: fr_systems[FR_STRICT].frequency == FR_FREQUENCY_EXACT;
  ensures errors: fr_systems[FR_STRICT].error == FR_ERROR_ENDS && !fr_systems[FR_STRICT].remaining &&
    !fr_systems[FR_STRICT].overflow_for_truncated;
  ensures marks: !fr_systems[FR_STRICT].payload_marks && fr_systems[FR_STRICT].end_marks_since == 26;
  ensures experiments: fr_systems[FR_STRICT].experimental && !fr_systems[FR_STRICT].experiment_is_field;
  ensures times: !fr_systems[FR_STRICT].zero_is_time && fr_systems[FR_STRICT].saturates;
  ensures runs: !fr_systems[FR_STRICT].takes_after_stop && fr_systems[FR_STRICT].stop_tells;
  ensures header: fr_systems[FR_STRICT].version_since == 22;
*/
void thm_strict(void)
{
}

/* So whichever row a recorder is given, it may rely on that. */
/*@
  requires i_range: i < FR_SYSTEMS;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures read: \valid_read(&fr_systems[i]);
  ensures row: sy_ok(&fr_systems[i]);
*/
void thm_every_row(uint32_t i)
{
  thm_exp_pipe();
  thm_exp_write();
  thm_exp_eog();
  thm_runtime();
  thm_strict();
  //@ assert which: i == FR_EXP_PIPE || i == FR_EXP_WRITE || i == FR_EXP_EOG || i == FR_RUNTIME || i == FR_STRICT;
  (void)i;
}
