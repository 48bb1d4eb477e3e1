/* snapshot: what was given out is recorded again, without limits, and given out again.
 *
 * - Where bytes are kept as they came (`strict`, `runtime`), it is the same bytes (S-1, S-2, S-5).
 * - In the others it is their canonical form, whose snapshot is itself (E8). Not so a trace in which a payload counts as
 *   an end mark, since its snapshot lacks that batch's header (E7); those are left out.
 * - A snapshot changes nothing: a second one is the same (L-6).
 *
 * Input: a program (program.h) of the recorder. A snapshot is read again batch by batch, with the reading of reading.h;
 * each batch is a write, and the last generation is ended in the way of the system. */
#define FZ_TARGET "snapshot"
#include "check.h"
#include "perform.h"
#include "reading.h"

enum { MOST_OPERATIONS = 300 };

static fz_performer first, again;

/* Records a batch that belongs to no complete generation, so that the one before it ends. */
static void end_by_next(uint64_t gen)
{
  uint8_t batch[] = {FR_EVENT_BATCH, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const size_t n = 1 + fr_uvarint_put(batch + 1, gen);
  fz_perform_write(&again, batch, n + 3, false);
}

/* Ends the generation of this number. */
static void end_generation(uint64_t gen)
{
  if (again.memory.recorder.keeper.system->rotation == FR_ROTATION_NEXT)
    end_by_next(gen + 1);
  else
    (void)roomy_end_generation(&again.memory, again.clock);
}

/* Whether every batch can be read, and none could be taken for an end mark. */
static bool plain(const uint8_t *p, size_t size)
{
  fz_batch b;
  for (size_t at = FR_HEADER_SIZE; at < size; at += b.whole) {
    if (fz_read_batch(p + at, size - at, false, &b) != FZ_READ) return false;
    if (b.whole > b.header && p[at + b.header] == FR_END_OF_GENERATION) return false;
  }
  return true;
}

/* Records a trace anew and gives the snapshot; free it. NULL: there is none. */
static uint8_t *record(const fr_system *system, const uint8_t *p, size_t size, size_t *got)
{
  fz_batch b;
  fr_status status;
  uint64_t gen = 0;
  bool has = false; /* a batch is in the active generation */
  again.clock = 0;
  fz_fresh(&again.memory, system);
  fr_recorder_set(&again.memory.recorder, INT64_MAX, INT64_MAX);
  (void)fr_recorder_start(&again.memory.recorder, first.ticks_per_second);
  fz_perform_write(&again, p, FR_HEADER_SIZE, false);
  for (size_t at = FR_HEADER_SIZE; at < size; at += b.whole) {
    if (fz_read_batch(p + at, size - at, system->experiment_is_field, &b) != FZ_READ)
      fz_fail("B-1", "%s: no batch in a snapshot, at %zu", system->name, at);
    const bool mark = b.type == FR_END_OF_GENERATION;
    const bool told = system->rotation == FR_ROTATION_BOTH && has && b.field[0] != gen;
    if (!mark && told) end_generation(gen); /* it was ended by the caller: there is no end mark */
    fz_perform_write(&again, p + at, b.whole, false);
    if (!mark) gen = again.memory.recorder.keeper.ring.table.gen[again.memory.recorder.keeper.ring.n];
    has = !mark;
  }
  if (has || !system->verbatim) end_generation(gen);
  return fz_snapshot(&again.memory, got, &status);
}

static void check_verbatim(const fr_system *system, const uint8_t *p, size_t size)
{
  size_t got = 0;
  uint8_t *const q = record(system, p, size, &got);
  if (q == NULL || got != size || memcmp(p, q, size) != 0)
    fz_fail("S-2", "%s: %zu bytes recorded again are others, or %zu", system->name, size, got);
  free(q);
}

static void check_canonical(const fr_system *system, const uint8_t *p, size_t size)
{
  size_t n = 0, m = 0;
  if (system->payload_marks && !plain(p, size)) return;
  uint8_t *const once = record(system, p, size, &n);
  if (once == NULL) return; /* generations that were recorded under another header need not be read under this one */
  uint8_t *const twice = record(system, once, n, &m);
  if (twice == NULL || n != m || memcmp(once, twice, n) != 0)
    fz_fail("S-5", "%s: the second round of %zu bytes changes something", system->name, size);
  free(once);
  free(twice);
}

static void check(const fr_system *system)
{
  size_t size = 0, size_2 = 0;
  fr_status status;
  uint8_t *const p = fz_snapshot(&first.memory, &size, &status);
  if (p == NULL) return;
  uint8_t *const q = fz_snapshot(&first.memory, &size_2, &status);
  if (q == NULL || size != size_2 || memcmp(p, q, size) != 0) fz_fail("L-6", "%s: a second snapshot", system->name);
  free(q);
  if (system->verbatim)
    check_verbatim(system, p, size);
  else
    check_canonical(system, p, size);
  free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fz_input in = {data, size};
  fz_operation op;
  const fr_system *const system = &fr_systems[fz_system(&in, FR_SYSTEMS)];
  first.ticks_per_second = fz_number(&in);
  first.clock = 0;
  fz_fresh(&first.memory, system);
  for (int i = 0; i < MOST_OPERATIONS && fz_next(&in, &op); i++) {
    fz_perform(&first, &op);
    if (op.operation % FZ_RECORDER_OPERATIONS == FZ_SNAPSHOT) check(system);
  }
  check(system);
  return 0;
}
