/* stream: the reader of streams, over any bytes and any splits.
 *
 * - The same bytes in one write and in pieces, even empty ones, give the same state, snapshot and error of the run; in
 *   `strict` also the same status and as many bytes taken, but that those of a batch at fault which came in earlier
 *   pieces had been taken (L-5, L-9); exp-pipe differs in nothing but what its writes say (E14).
 * - A batch read from as many bytes as the reader asks for, step by step, is the one read from all of them, or the same
 *   fault (B-5); what it asks for is never more than what the batch takes.
 * - What a write in `strict` takes before a fault ends at a batch border, and where the bytes are at fault at the first
 *   border at which no batch can be read (L-5, B-1 to B-6).
 *
 * Input: a stream, and behind it four bytes: how it is split, the limit of bytes, the clock, the system. */
#define FZ_TARGET "stream"
#include "check.h"
#include "frame.h"
#include "reading.h"
#include "recording.h"

enum { TAIL = 4 };

typedef struct {
  roomy memory;
  fr_status status; /* of the write that failed, or the last */
  uint64_t taken;   /* bytes in all */
  uint64_t last;    /* where the last write began */
  fr_status stopped;
} run;

static run whole, pieces; /* their memory stays */

static void start(run *r, const fr_system *system, const uint8_t *tail)
{
  fz_fresh(&r->memory, system);
  fr_recorder_set(&r->memory.recorder, tail[1] == 255 ? INT64_MAX : (int64_t)tail[1] * tail[1], INT64_C(1) << 30);
  (void)fr_recorder_start(&r->memory.recorder, 0);
  r->taken = r->last = 0;
  r->status = FR_OK;
}

static void feed(run *r, const uint8_t *p, size_t len, uint64_t clock)
{
  int64_t n = 0;
  r->last = r->taken;
  r->status = roomy_write(&r->memory, p, len, clock, &n);
  if (r->status != FR_BLOCKED) r->taken += (uint64_t)n;
}

/* Writes it in pieces, up to the first that is refused: mostly short ones, now and then up to all that is left. */
static void feed_pieces(run *r, const uint8_t *p, size_t len, uint64_t clock, uint8_t how)
{
  uint32_t random = how;
  for (size_t at = 0; at < len && r->status == FR_OK;) {
    random = random * 1664525u + 1013904223u;
    const size_t most = how % 8 == 0 ? 1 : (random >> 28) == 0 ? 5000 : 2u + how;
    size_t n = how % 8 == 0 ? 1 : (random >> 8) % most;
    if (n > len - at) n = len - at;
    feed(r, p + at, n, clock);
    at += n;
  }
}

static void check_same(const fr_system *system, bool strict)
{
  size_t size = 0, pieces_size = 0;
  fr_status status, pieces_status;
  const char *const where = fz_different_state(&whole.memory.recorder, &pieces.memory.recorder);
  if (where != NULL) fz_fail("L-5", "%s: in pieces another state: %s", system->name, where);
  uint8_t *const a = fz_snapshot(&whole.memory, &size, &status);
  uint8_t *const b = fz_snapshot(&pieces.memory, &pieces_size, &pieces_status);
  if (status != pieces_status)
    fz_fail("L-9", "%s: in pieces a snapshot is %d, not %d", system->name, pieces_status, status);
  if (size != pieces_size || (a != NULL && memcmp(a, b, size) != 0))
    fz_fail("S-2", "%s: in pieces another snapshot", system->name);
  free(a);
  free(b);
  /* Of a batch at fault, what came in earlier pieces had been taken. */
  const uint64_t taken = whole.taken > pieces.last ? whole.taken : pieces.last;
  if (strict && (whole.status != pieces.status || taken != pieces.taken))
    fz_fail("L-5", "%s: in pieces status %d after %llu bytes, not %d after %llu", system->name, pieces.status,
            (unsigned long long)pieces.taken, whole.status, (unsigned long long)taken);
  whole.stopped = fr_recorder_stop(&whole.memory.recorder);
  pieces.stopped = fr_recorder_stop(&pieces.memory.recorder);
  if (whole.stopped != pieces.stopped)
    fz_fail("L-8", "%s: in pieces stop is %d, not %d", system->name, pieces.stopped, whole.stopped);
}

/* Reads a frame from ever more bytes; it has to come to what it is when there are all of them. */
static void check_growing(const fr_system *system, uint32_t version, const uint8_t *p, size_t len, fr_status want,
                          const fr_frame *all)
{
  fr_frame f = {.need = 1};
  fr_status status = FR_TRUNCATED;
  size_t have = 0;
  while (status == FR_TRUNCATED && f.need <= len) {
    if (f.need <= have) fz_fail("B-5", "%zu bytes are asked for, and were there", f.need);
    have = f.need;
    status = fr_frame_get(system, version, p, have, &f);
  }
  if (status != want) fz_fail("B-5", "from ever more bytes status %d, not %d", status, want);
  if (status == FR_TRUNCATED) return;
  if (have > all->used || f.used != all->used) fz_fail("B-5", "%zu bytes are used, not %zu", f.used, all->used);
  if (status == FR_OK &&
      (f.kind != all->kind || f.data != all->data || f.b.gen != all->b.gen || f.b.time != all->b.time))
    fz_fail("B-1", "from ever more bytes another batch");
}

/* Walks over the batches, up to what `strict` has taken; says where that has to end if the bytes are at fault. */
static void check_frames(const fr_system *system, const uint8_t *p, size_t len)
{
  const uint32_t version = whole.memory.recorder.stream.version;
  bool border = whole.taken == FR_HEADER_SIZE;
  for (size_t at = FR_HEADER_SIZE; at < len;) {
    fr_frame f;
    fz_batch read;
    const fr_status status = fr_frame_get(system, version, p + at, len - at, &f);
    const fz_reading reading = fz_read_batch(p + at, len - at, false, &read);
    const bool no_mark = reading == FZ_READ && read.type == 52 && version < 26;
    if ((status == FR_OK) != (reading == FZ_READ && !no_mark)) fz_fail("B-1 to B-6", "status %d, at %zu", status, at);
    if (at <= whole.taken) check_growing(system, version, p + at, len - at, status, &f);
    if (status == FR_TRUNCATED) border = border || whole.taken == len;
    if (status != FR_OK) {
      if (status != FR_TRUNCATED && whole.taken > at) fz_fail("L-5", "more is taken than could be read, at %zu", at);
      if (status != FR_TRUNCATED && whole.taken == at && whole.status != status)
        fz_fail("L-5", "status %d instead of %d, at %zu", whole.status, status, at);
      break;
    }
    if (f.used != read.whole) fz_fail("B-1", "a batch of %zu bytes is read, not of %zu", f.used, read.whole);
    at += f.used;
    border = border || whole.taken == at;
  }
  if (!border) fz_fail("L-5", "%llu bytes are taken, within a batch", (unsigned long long)whole.taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < TAIL) return 0;
  const size_t len = size - TAIL;
  const uint8_t *const tail = data + len;
  const bool strict = tail[3] % 4 != 0;
  const fr_system *const system = &fr_systems[strict ? FR_STRICT : FR_EXP_PIPE];
  const uint64_t clock = UINT64_C(1) << (tail[2] % 64);
  start(&whole, system, tail);
  start(&pieces, system, tail);
  feed(&whole, data, len, clock);
  const bool header = whole.memory.recorder.stream.header_len == FR_HEADER_SIZE && whole.status != FR_BAD_HEADER &&
    whole.status != FR_BAD_VERSION;
  if (strict && header) check_frames(system, data, len);
  feed_pieces(&pieces, data, len, clock, tail[0]);
  check_same(system, strict);
  return 0;
}
