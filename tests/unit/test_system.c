#include "unit.h"
#include "system.h"
#include <stdbool.h>

/* The table by columns, as the recorders were seen to behave: exp-pipe, exp-write, exp-eog, runtime, strict. */
#define COLUMN(column, ...)                                                                                            \
  do {                                                                                                                 \
    const uint32_t want[FR_SYSTEMS] = {__VA_ARGS__};                                                                   \
    for (size_t i = 0; i < FR_SYSTEMS; i++) assert_int_equal(fr_systems[i].column, want[i]);                           \
  } while (0)

static void test_names(void **state)
{
  (void)state;
  assert_int_equal(FR_SYSTEMS, 5);
  assert_string_equal(fr_systems[FR_EXP_PIPE].name, "exp-pipe");
  assert_string_equal(fr_systems[FR_EXP_WRITE].name, "exp-write");
  assert_string_equal(fr_systems[FR_EXP_EOG].name, "exp-eog");
  assert_string_equal(fr_systems[FR_RUNTIME].name, "runtime");
  assert_string_equal(fr_systems[FR_STRICT].name, "strict");
}

/* What is taken: how writes are cut, which headers, which types, and what is an end mark (E5 to E7, E15, E16). */
static void test_taken(void **state)
{
  (void)state;
  COLUMN(framing, FR_FRAMING_STREAM, FR_FRAMING_FIRST, FR_FRAMING_FIRST, FR_FRAMING_EXACT, FR_FRAMING_STREAM);
  COLUMN(version_since, 0, 0, 11, 0, 22);
  COLUMN(experimental, false, false, true, true, true);
  COLUMN(experiment_is_field, false, false, false, true, false);
  COLUMN(end_marks_since, FR_NEVER, FR_NEVER, 0, 0, 26);
  COLUMN(payload_marks, false, false, true, false, false);
  COLUMN(overflow_for_truncated, false, false, false, true, false);
  COLUMN(remaining, false, false, false, true, false);
  COLUMN(read_ahead, 4096, 0, 0, 0, 0);
}

/* When a generation ends, and what is kept of it (E1, E8 to E10, E12). */
static void test_kept(void **state)
{
  (void)state;
  COLUMN(rotation, FR_ROTATION_NEXT, FR_ROTATION_NEXT, FR_ROTATION_NEXT, FR_ROTATION_MARK, FR_ROTATION_BOTH);
  COLUMN(frequency, FR_FREQUENCY_PLAIN, FR_FREQUENCY_PLAIN, FR_FREQUENCY_LOOSE, FR_FREQUENCY_GIVEN, FR_FREQUENCY_EXACT);
  COLUMN(verbatim, false, false, false, true, true);
  COLUMN(estimated, true, true, true, false, false);
  COLUMN(nanoseconds, false, false, false, true, false);
  COLUMN(zero_is_time, true, true, true, false, false);
  COLUMN(saturates, false, false, false, false, true);
}

/* Start, stop, errors and limits (E13, E14). */
static void test_runs(void **state)
{
  (void)state;
  COLUMN(error, FR_ERROR_BLOCKS, FR_ERROR_STAYS, FR_ERROR_STAYS, FR_ERROR_PASSES, FR_ERROR_ENDS);
  COLUMN(stop_tells, true, true, true, false, true);
  COLUMN(stop_needs_start, true, true, true, false, true);
  COLUMN(takes_after_stop, false, true, true, true, false);
  COLUMN(zero_is_default, false, false, false, true, false);
  COLUMN(flushes, 2, 2, 2, 1, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names),
    cmocka_unit_test(test_taken),
    cmocka_unit_test(test_kept),
    cmocka_unit_test(test_runs),
  };
  return cmocka_run_group_tests_name("system", tests, NULL, NULL);
}
