/* shared: a recorder behind its locks (shared.h), called from one thread, against the same without.
 *
 * Statuses, bytes taken, errors and states are the same after each operation, for all five systems, and a snapshot's copy
 * is what the segments are (S-1, S-2). Within the flushes the tracer writes; within the sink a second snapshot is busy
 * (L-6). A snapshot that is refused reaches no sink and says 0 (S-4). The tracer is started, stopped and flushed when and
 * as often as it has to be (L-2, L-7, L-10), and the error of the run is told (L-11). Memory begins as small as can be, and
 * is moved by the shared calls (G-6).
 *
 * Several threads at once are not here but in tests/threads and proofs/model.
 *
 * Input: a program (program.h) of the recorder. The third number of a snapshot: 0: all goes well; 1: the sink fails; 2
 * and more: there is room for 2 less. */
#define FZ_TARGET "shared"
#include "check.h"
#include "program.h"
#include "recording.h"
#include "shared.h"

enum { MOST_OPERATIONS = 300, COLUMNS = 5 };

static roomy plain;
static struct {
  fr_recorder r;
  fr_shared shared;
  uint8_t *arena, *pending;
  uint64_t *columns;
} locked;

static uint64_t now, ticks_per_second;
static bool refuses;                  /* the tracer, to start */
static size_t starts, stops, flushes; /* how often the tracer was told to */
static fz_input *flushed;             /* the program: where the writes of flushes come from, */
static uint64_t of_flush[2];          /* so many in the first and the second */
static bool sink_fails, sink_reached;

static fr_table make_table(uint32_t slots)
{
  uint64_t *const c = calloc(slots, COLUMNS * sizeof *c);
  if (c == NULL) abort();
  return (fr_table){c,    c + slots, c + 2 * (size_t)slots, (int64_t *)(c + 3 * (size_t)slots), c + 4 * (size_t)slots,
                    slots};
}

/* More memory than there is: half as much again of both kinds. */
static void grow(void)
{
  const fr_ring *const ring = &locked.r.keeper.ring;
  const size_t cap = ring->store.cap + ring->store.cap / 2 + 1;
  const fr_table t = make_table(ring->table.slots + ring->table.slots / 2 + 1);
  uint8_t *const arena = malloc(cap), small[1];
  if (arena == NULL) abort();
  if (ring->store.end - ring->store.first > 1 && fr_shared_move_arena(&locked.shared, small, 1) != FR_NO_SPACE)
    fz_fail("G-6", "moved to memory that is too small");
  if (fr_shared_move_arena(&locked.shared, arena, cap) != FR_OK || fr_shared_move_table(&locked.shared, &t) != FR_OK)
    fz_fail("G-6", "not moved to memory that is large enough");
  free(locked.arena);
  free(locked.columns);
  locked.arena = arena;
  locked.columns = t.start;
}

static void expect(fr_status got, fr_status want, const char *what)
{
  if (got != want) fz_fail("L-1 to L-9", "%s: %s is %d instead of %d", locked.r.keeper.system->name, what, got, want);
}

static void end_generation(void)
{
  const fr_status want = roomy_end_generation(&plain, now);
  fr_status got;
  while ((got = fr_shared_end_generation(&locked.shared)) == FR_NO_SPACE) grow();
  expect(got, want, "end_generation");
}

static void write_both(const fz_operation *op)
{
  int64_t n = 0, got_n = 0, done = 0;
  fr_status got;
  const fr_status want = roomy_write(&plain, op->bytes, op->len, now, &n);
  while ((got = fr_shared_write(&locked.shared, op->bytes + done, op->len - (size_t)done, &got_n)) == FR_NO_SPACE) {
    done += got_n;
    grow();
  }
  expect(got, want, "write");
  done += got_n;
  if (done != n) fz_fail("L-5", "n is %lld instead of %lld", (long long)done, (long long)n);
  const bool told = locked.r.keeper.system->rotation == FR_ROTATION_MARK && want != FR_NOT_ENABLED;
  if (told && op->operation % FZ_RECORDER_OPERATIONS == FZ_WRITE && op->len == 1 &&
      op->bytes[0] == FR_END_OF_GENERATION)
    end_generation();
}

static fr_status tracer_start(void *ctx)
{
  (void)ctx;
  starts++;
  return refuses ? FR_BUSY : FR_OK;
}

static void tracer_stop(void *ctx)
{
  (void)ctx;
  stops++;
}

/* Writes what comes next in the program, as long as that is writes. */
static void tracer_flush(void *ctx)
{
  fz_operation op;
  (void)ctx;
  for (uint64_t n = flushes < 2 ? of_flush[flushes] : 0; n > 0; n--) {
    fz_input next = *flushed;
    if (!fz_next(&next, &op) || op.operation % FZ_RECORDER_OPERATIONS > FZ_WRITE_ONLY) break;
    *flushed = next;
    write_both(&op);
  }
  flushes++;
}

static uint64_t tracer_clock(void *ctx)
{
  (void)ctx;
  return now;
}

static bool sink(void *ctx, const uint8_t *p, size_t n)
{
  uint8_t none[1];
  size_t size = 0, second = 77;
  fr_status status;
  (void)ctx;
  sink_reached = true;
  uint8_t *const want = fz_snapshot(&plain, &size, &status);
  if (want == NULL || n != size || memcmp(p, want, n) != 0) fz_fail("S-2", "another snapshot, of %zu bytes", n);
  free(want);
  expect(fr_shared_snapshot(&locked.shared, none, sizeof none, sink, NULL, &second), FR_BUSY, "a second snapshot");
  if (second != 0) fz_fail("L-6", "a second snapshot has %zu bytes", second);
  return !sink_fails;
}

static void snapshot(const fz_operation *op, fz_input *in)
{
  fr_segment seg[3];
  const size_t most = op->number[2] < 2 ? SIZE_MAX : (size_t)(op->number[2] - 2);
  size_t n = 77;
  const size_t all = FR_HEADER_SIZE + 4 * (locked.r.keeper.ring.store.cap + in->left);
  const size_t cap = all < most ? all : most;
  uint8_t *const buf = malloc(cap > 0 ? cap : 1);
  if (buf == NULL) abort();
  flushed = in;
  flushes = 0;
  of_flush[0] = op->number[0] % 4;
  of_flush[1] = op->number[1] % 4;
  sink_fails = op->number[2] == 1;
  sink_reached = false;
  const fr_status got = fr_shared_snapshot(&locked.shared, buf, cap, sink, NULL, &n);
  const bool on = plain.recorder.enabled;
  if (flushes != (on ? locked.r.keeper.system->flushes : 0)) fz_fail("L-10", "%zu flushes", flushes);
  fr_status want = fr_recorder_snapshot(&plain.recorder, seg);
  const size_t size = want == FR_OK ? seg[0].len + seg[1].len + seg[2].len : 0;
  if (want == FR_OK && size > most) want = FR_NO_SPACE;
  if (want == FR_OK && sink_fails) want = FR_SINK;
  expect(got, want, "snapshot");
  if (n != (want == FR_OK ? size : 0)) fz_fail("S-4", "n is %zu", n);
  if (sink_reached != (want == FR_OK || want == FR_SINK)) fz_fail("S-4", "the sink was reached: %d", sink_reached);
  free(buf);
}

static void start(bool refuse)
{
  refuses = refuse;
  starts = 0;
  const bool was = plain.recorder.enabled;
  fr_status want = fr_recorder_start(&plain.recorder, ticks_per_second);
  if (want == FR_OK && refuse) {
    fr_recorder_refuse(&plain.recorder);
    want = FR_TRACER_REFUSED;
  }
  expect(fr_shared_start(&locked.shared, ticks_per_second), want, "start");
  if (starts != (was ? 0 : 1)) fz_fail("L-2", "the tracer was started %zu times", starts);
}

static void stop(void)
{
  stops = 0;
  const bool was = plain.recorder.enabled;
  expect(fr_shared_stop(&locked.shared), fr_recorder_stop(&plain.recorder), "stop");
  if (stops != (was ? 1 : 0)) fz_fail("L-7", "the tracer was stopped %zu times", stops);
}

static void perform(const fz_operation *op, fz_input *in)
{
  const fr_system *const system = locked.r.keeper.system;
  switch (op->operation % FZ_RECORDER_OPERATIONS) {
  case FZ_WRITE:
  case FZ_WRITE_ONLY:
    write_both(op);
    break;
  case FZ_CLOCK:
    now = op->number[0];
    break;
  case FZ_CLOCK_ON:
    now += op->number[0];
    break;
  case FZ_SNAPSHOT:
    snapshot(op, in);
    break;
  case FZ_START:
  case FZ_START_REFUSED:
    start(op->operation % FZ_RECORDER_OPERATIONS == FZ_START_REFUSED);
    break;
  case FZ_STOP:
    stop();
    break;
  case FZ_SET:
    fr_recorder_set(&plain.recorder, fz_signed(op->number[0]), fz_signed(op->number[1]));
    fr_shared_set(&locked.shared, fz_signed(op->number[0]), fz_signed(op->number[1]));
    break;
  case FZ_CLOSE:
    if (system->framing == FR_FRAMING_STREAM)
      expect(fr_shared_close(&locked.shared), fr_recorder_close(&plain.recorder), "close");
    break;
  default:
    if (system->rotation != FR_ROTATION_NEXT) end_generation();
  }
}

static void check(void)
{
  const char *const where = fz_different_state(&plain.recorder, &locked.r);
  if (where != NULL) fz_fail("L-1 to L-9", "%s: another state: %s", locked.r.keeper.system->name, where);
  if (fr_shared_enabled(&locked.shared) != plain.recorder.enabled) fz_fail("L-1", "enabled");
  expect(fr_shared_error(&locked.shared), plain.recorder.error, "the error of the run");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const fr_tracer tracer = {tracer_start, tracer_stop, tracer_flush, tracer_clock, NULL};
  fz_input in = {data, size};
  fz_operation op;
  const fr_system *const system = &fr_systems[fz_system(&in, FR_SYSTEMS)];
  const fr_table t = make_table(1);
  ticks_per_second = fz_number(&in);
  now = 0;
  fz_fresh(&plain, system);
  locked.arena = malloc(1);
  locked.columns = t.start;
  if (locked.pending == NULL) locked.pending = malloc(FR_BATCH_MAX);
  if (locked.arena == NULL || locked.pending == NULL) abort();
  FZ_FORGET(locked.pending, FR_BATCH_MAX);
  fr_recorder_init(&locked.r, system, locked.arena, 1, &t, locked.pending);
  if (fr_shared_init(&locked.shared, &locked.r, &tracer) != FR_OK) abort();
  for (int i = 0; i < MOST_OPERATIONS && fz_next(&in, &op); i++) {
    perform(&op, &in);
    check();
  }
  fr_shared_destroy(&locked.shared);
  free(locked.arena);
  free(locked.columns);
  return 0;
}
