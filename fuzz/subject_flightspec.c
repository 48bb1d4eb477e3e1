/* subject: the recorder of src/recorder.h as an fz_subject, the one that is compared with the model if nobody links
 * another.
 *
 * Its memory begins as small as can be, and grows by a half whenever a call says FR_NO_SPACE, which then goes on behind
 * what it has taken. So every program exercises rule G-6: if a refused call had changed anything, what follows would
 * differ from the model, which never runs out. Each piece of memory is one of malloc's, so that the address sanitizer
 * sees a byte too far. FZ_NO_SPACE comes only above ARENA_MOST.
 *
 * That a second snapshot is busy is seen to here, not in the recorder: src/shared.c does it for several threads, and
 * has tests of its own. */

#include "recorder.h"
#include "subject.h"
#include <stdlib.h>
#include <string.h>

#define ARENA_MOST ((size_t)64 * 1024 * 1024)
#define COLUMNS 5u

typedef struct {
  fr_recorder r;
  uint8_t *arena, *pending;
  uint64_t *columns; /* of the table */
  uint64_t ticks_per_second;
  bool snapshotting;
} machine;

static int status_of(fr_status status)
{
  static const int statuses[] = {
    [FR_OK] = FZ_OK,
    [FR_TRUNCATED] = FZ_TRUNCATED,
    [FR_OVERFLOW] = FZ_OVERFLOW,
    [FR_BAD_TYPE] = FZ_BAD_TYPE,
    [FR_BAD_SIZE] = FZ_BAD_SIZE,
    [FR_BAD_HEADER] = FZ_BAD_HEADER,
    [FR_BAD_VERSION] = FZ_BAD_VERSION,
    [FR_NO_FREQUENCY] = FZ_NO_FREQUENCY,
    [FR_BAD_FREQUENCY] = FZ_BAD_FREQUENCY,
    [FR_NO_SPACE] = FZ_NO_SPACE,
    [FR_SHORT_HEADER] = FZ_SHORT_HEADER,
    [FR_NOT_ONE_BATCH] = FZ_NOT_ONE_BATCH,
    [FR_BAD_END_MARK] = FZ_BAD_END_MARK,
    [FR_BAD_GENERATION] = FZ_BAD_GENERATION,
    [FR_TRAILING] = FZ_TRAILING,
    [FR_ALREADY_ENABLED] = FZ_ALREADY_ENABLED,
    [FR_NOT_ENABLED] = FZ_NOT_ENABLED,
    [FR_BUSY] = FZ_BUSY,
    [FR_TRACER_REFUSED] = FZ_TRACER_REFUSED,
    [FR_CLOSED] = FZ_CLOSED,
    [FR_BLOCKED] = FZ_BLOCKED,
    [FR_DEADLOCK] = FZ_DEADLOCK,
    [FR_SINK] = FZ_SINK,
  };
  return statuses[status];
}

static void *memory(size_t size)
{
  void *p = malloc(size);
  if (p == NULL) abort();
  return p;
}

static fr_table make_table(uint32_t slots)
{
  uint64_t *columns = memory((size_t)slots * COLUMNS * sizeof *columns);
  return (fr_table){
    .start = columns,
    .account = columns + slots,
    .gen = columns + 2 * (size_t)slots,
    .min_time = (int64_t *)(columns + 3 * (size_t)slots),
    .stamp = columns + 4 * (size_t)slots,
    .slots = slots,
  };
}

/* More memory: of whatever it was that was full, and of the other. */
static bool grow(machine *m)
{
  fr_ring *ring = &m->r.keeper.ring;
  const size_t cap = ring->store.cap + ring->store.cap / 2 + 16;
  if (cap > ARENA_MOST) return false;
  uint8_t *arena = memory(cap);
  const fr_table table = make_table(ring->table.slots + ring->table.slots / 2 + 1);
  if (fr_ring_move_arena(ring, arena, cap) != FR_OK || fr_ring_move_table(ring, &table) != FR_OK) abort();
  free(m->arena);
  free(m->columns);
  m->arena = arena;
  m->columns = table.start;
  return true;
}

static void *subject_create(const char *system, uint64_t ticks_per_second)
{
  uint32_t i = 0;
  while (i < FR_SYSTEMS && strcmp(fr_systems[i].name, system) != 0) i++;
  if (i == FR_SYSTEMS) return NULL;
  const bool splits = fr_systems[i].framing == FR_FRAMING_STREAM;
  const fr_table table = make_table(1);
  machine *m = memory(sizeof *m);
  *m = (machine){
    .arena = memory(1),
    .pending = splits ? memory(FR_BATCH_MAX) : NULL,
    .columns = table.start,
    .ticks_per_second = ticks_per_second,
  };
  fr_recorder_init(&m->r, &fr_systems[i], m->arena, 1, &table, m->pending);
  return m;
}

static void subject_destroy(void *self)
{
  machine *m = self;
  free(m->arena);
  free(m->columns);
  free(m->pending);
  free(m);
}

/* Where max_bytes has no sign, the greatest there is stands for all that are too large to be reached. */
static void subject_set(void *self, int64_t max_bytes, int64_t min_age_ns)
{
  machine *m = self;
  const bool no_sign = m->r.keeper.system->zero_is_default;
  fr_recorder_set(&m->r, no_sign && max_bytes < 0 ? INT64_MAX : max_bytes, min_age_ns);
}

static int subject_start(void *self, bool refuses)
{
  machine *m = self;
  const fr_status status = fr_recorder_start(&m->r, m->ticks_per_second);
  if (status != FR_OK || !refuses) return status_of(status);
  fr_recorder_refuse(&m->r);
  return FZ_TRACER_REFUSED;
}

static int subject_stop(void *self)
{
  machine *m = self;
  return status_of(fr_recorder_stop(&m->r));
}

static bool subject_enabled(const void *self)
{
  return ((const machine *)self)->r.enabled;
}

static int subject_write(void *self, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  machine *m = self;
  size_t done = 0;
  *n = 0;
  fr_status status = fr_recorder_write(&m->r, p, len, clock, n);
  while (status == FR_NO_SPACE && grow(m)) {
    done += (size_t)*n;
    status = fr_recorder_write(&m->r, p + done, len - done, clock, n);
  }
  *n += (int64_t)done;
  return status_of(status);
}

static int subject_close(void *self)
{
  machine *m = self;
  return status_of(fr_recorder_close(&m->r));
}

static int subject_end_generation(void *self, uint64_t clock)
{
  machine *m = self;
  fr_status status = fr_recorder_end_generation(&m->r, clock);
  while (status == FR_NO_SPACE && grow(m)) status = fr_recorder_end_generation(&m->r, clock);
  return status_of(status);
}

static int subject_snapshot(void *self, const fz_exit *to)
{
  machine *m = self;
  fr_segment segments[3];
  if (!m->r.enabled) return FZ_NOT_ENABLED;
  if (m->snapshotting) return FZ_BUSY;
  m->snapshotting = true;
  int status = FZ_OK;
  for (uint32_t i = 0; i < m->r.keeper.system->flushes && status == FZ_OK; i++) status = to->flush(to->context);
  if (status == FZ_OK) status = status_of(fr_recorder_snapshot(&m->r, segments));
  for (int i = 0; i < 3 && status == FZ_OK; i++)
    if (to->sink(to->context, segments[i].base, segments[i].len) != segments[i].len) status = FZ_SINK;
  m->snapshotting = false;
  return status;
}

static size_t subject_state(const void *self, fz_generation *g, size_t cap)
{
  const fr_ring *ring = &((const machine *)self)->r.keeper.ring;
  fr_generation from;
  for (uint32_t i = 0; i <= ring->n && i < cap; i++) {
    fr_ring_generation(ring, i == 0 ? ring->n : i - 1, &from);
    g[i] = (fz_generation){.gen = from.gen, .size = from.size, .min_time = from.stamp};
  }
  return (size_t)ring->n + 1;
}

const fz_subject fz_subject_under_test = {
  .name = "flightspec",
  .create = subject_create,
  .destroy = subject_destroy,
  .set = subject_set,
  .start = subject_start,
  .stop = subject_stop,
  .enabled = subject_enabled,
  .write = subject_write,
  .close = subject_close,
  .end_generation = subject_end_generation,
  .snapshot = subject_snapshot,
  .state = subject_state,
};
