#include "recorder.h"
#include "bytes.h"
#include "frequency.h"
#include "unnumbered.h"

#define END_MARKS_SINCE 26u

static const fr_stream no_stream = {0};

void fr_recorder_init(fr_recorder *r, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t,
                      uint8_t *pending)
{
  *r = (fr_recorder){.system = system};
  r->pending = pending;
  fr_ring_init(&r->ring, arena, cap, t);
  fr_recorder_set(r, FR_DEFAULT_MAX_BYTES, FR_DEFAULT_MIN_AGE);
}

void fr_recorder_set(fr_recorder *r, int64_t max_bytes, int64_t min_age)
{
  r->next.max_bytes = r->system->zero_is_default && max_bytes == 0 ? FR_DEFAULT_MAX_BYTES : max_bytes;
  r->next.min_age = r->system->zero_is_default && min_age == 0 ? FR_DEFAULT_MIN_AGE : min_age;
}

/* The active generation, empty. What is known without the stream stays. */
static void reset_active(fr_recorder *r)
{
  const fr_active old = r->active;
  r->active = (fr_active){0};
  if (r->system->frequency == FR_FREQUENCY_GIVEN) {
    r->active.has_frequency = old.has_frequency;
    r->active.rate = old.rate;
  }
}

fr_status fr_recorder_start(fr_recorder *r, uint64_t ticks_per_second)
{
  if (r->enabled) return FR_ALREADY_ENABLED;
  r->limits = r->next;
  r->error = FR_OK;
  r->before = r->stream;
  r->stream = no_stream;
  r->stream.begun = true;
  r->stream.open = true;
  r->enabled = true;
  if (r->system->frequency == FR_FREQUENCY_GIVEN) {
    r->active.has_frequency = true;
    r->active.rate = fr_clock_rate(ticks_per_second);
  }
  return FR_OK;
}

void fr_recorder_refuse(fr_recorder *r)
{
  r->stream = r->before;
  r->enabled = false;
}

/* Notes the first error of a run. */
static fr_status fail(fr_recorder *r, fr_status status)
{
  if (r->error == FR_OK) r->error = status;
  return status;
}

/* Notes what it means that the stream ends here: which error, if a reader waits for the rest of its header or of a
 * batch. */
static void end_stream(fr_recorder *r, fr_status header, fr_status batch)
{
  const bool waits = r->system->error == FR_ERROR_BLOCKS || r->stream.header_len > 0;
  const bool in_header = r->stream.header_len < FR_HEADER_SIZE && waits;
  if (r->system->framing != FR_FRAMING_STREAM || !r->stream.open || r->stream.unread) return;
  if (in_header) fail(r, header);
  if (r->stream.pending_len > 0) fail(r, batch);
}

fr_status fr_recorder_stop(fr_recorder *r)
{
  if (!r->enabled) return r->system->stop_needs_start ? FR_NOT_ENABLED : FR_OK;
  r->enabled = false;
  const fr_status cut = r->system->error == FR_ERROR_BLOCKS ? FR_CLOSED : FR_TRUNCATED;
  end_stream(r, cut, cut);
  if (!r->system->takes_after_stop) r->stream.open = false;
  if (r->stuck) return FR_DEADLOCK;
  reset_active(r);
  fr_table table = r->ring.table;
  fr_ring_init(&r->ring, r->ring.store.buf, r->ring.store.cap, &table);
  return r->system->stop_tells ? r->error : FR_OK;
}

fr_status fr_recorder_close(fr_recorder *r)
{
  if (!r->stream.begun) return FR_NOT_ENABLED;
  end_stream(r, FR_SHORT_HEADER, FR_TRUNCATED);
  r->stream.open = false;
  return FR_OK;
}

/* A time in ns, as the system converts it. */
static int64_t nanoseconds(const fr_recorder *r, uint64_t ticks)
{
  const int64_t ns = fr_clock_ns(&r->active.rate, ticks);
  return r->system->saturates && ns == INT64_MIN ? INT64_MAX : ns;
}

/* Completes the active generation. FR_NO_SPACE: nothing was changed. */
static fr_status rotate(fr_recorder *r, uint64_t clock)
{
  const uint64_t stamp = r->active.min_time;
  const int64_t min_time = r->system->nanoseconds ? (int64_t)stamp : nanoseconds(r, stamp);
  fr_ring_label(&r->ring, r->active.gen, min_time, stamp);
  const fr_status status = fr_ring_rotate(&r->ring, nanoseconds(r, clock), r->limits.max_bytes, r->limits.min_age);
  if (status == FR_OK) reset_active(r);
  return status;
}

/* The number of the newest complete generation; 0: there is none. */
static uint64_t newest(const fr_recorder *r)
{
  return r->ring.n == 0 ? 0 : r->ring.table.gen[r->ring.n - 1];
}

/* Rotates before a batch of the next generation, as x/exp does. */
static fr_status turn_next(fr_recorder *r, const fr_frame *f, uint64_t clock)
{
  if (f->kind != FR_FRAME_BATCH || r->active.gen == 0 || r->active.gen + 1 != f->b.gen) return FR_OK;
  if (r->locked) return FR_DEADLOCK;
  if (r->active.has_frequency) return rotate(r, clock);
  r->locked = true;
  return FR_NO_FREQUENCY;
}

/* Rotates before a batch of the next generation where there are no end marks, and refuses what is out of sequence. */
static fr_status turn_both(fr_recorder *r, const fr_frame *f, uint64_t clock)
{
  const bool marks = r->stream.version >= END_MARKS_SINCE;
  if (f->kind == FR_FRAME_MARK) {
    if (r->active.gen == 0) return FR_BAD_END_MARK;
    if (!r->active.has_frequency) return FR_NO_FREQUENCY;
    return r->ring.n + 1 < r->ring.table.slots ? FR_OK : FR_NO_SPACE; /* completing it must not fail then */
  }
  if (f->b.gen == 0) return FR_BAD_GENERATION;
  if (r->active.gen == 0) return newest(r) == 0 || f->b.gen == newest(r) + 1 ? FR_OK : FR_BAD_GENERATION;
  if (f->b.gen == r->active.gen) return FR_OK;
  if (marks || f->b.gen != r->active.gen + 1) return FR_BAD_GENERATION;
  return r->active.has_frequency ? rotate(r, clock) : FR_NO_FREQUENCY;
}

/* Looks for the frequency in a batch whose payload is p[0 .. f->b.size - 1], and puts it into *a. */
static fr_status learn_frequency(const fr_recorder *r, const fr_frame *f, const uint8_t *p, fr_active *a)
{
  const size_t len = (size_t)f->b.size;
  uint64_t ticks_per_second = 0;
  size_t used = len;
  fr_status status = FR_NO_FREQUENCY;
  if (f->kind != FR_FRAME_BATCH || f->b.experiment != 0) return FR_OK;
  switch (r->system->frequency) {
  case FR_FREQUENCY_GIVEN:
    break;
  case FR_FREQUENCY_PLAIN:
    status = fr_frequency_find(p, len, 22, &ticks_per_second);
    break;
  case FR_FREQUENCY_LOOSE:
    status = fr_frequency_find(p, len, r->stream.version, &ticks_per_second);
    if (status == FR_BAD_FREQUENCY) {
      a->has_frequency = false;
      return FR_OK;
    }
    break;
  case FR_FREQUENCY_EXACT:
    if (f->b.type == FR_EVENT_BATCH) status = fr_frequency_get(p, len, r->stream.version, &ticks_per_second, &used);
    if (status == FR_OK && used < len) return FR_TRAILING;
    if (status == FR_OK && a->has_frequency) return FR_BAD_FREQUENCY;
    break;
  }
  if (status == FR_NO_FREQUENCY) return FR_OK;
  if (status != FR_OK) return status;
  a->has_frequency = true;
  a->rate = fr_clock_rate(ticks_per_second);
  return FR_OK;
}

/* Adds the time of a batch to the least one. */
static void learn_time(const fr_recorder *r, uint64_t time, fr_active *a)
{
  if (time == 0 && !r->system->zero_is_time) return;
  if (r->system->nanoseconds) {
    const int64_t ns = nanoseconds(r, time);
    if (a->min_time == 0 || (int64_t)a->min_time > ns) a->min_time = (uint64_t)ns;
  } else if (a->min_time == 0 || a->min_time > time)
    a->min_time = time;
}

/* Appends head and body, which the system accounts as `account`, or nothing. */
static fr_status append(fr_recorder *r, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len,
                        uint64_t account)
{
  if (head_len + body_len > fr_store_room(&r->ring.store)) return FR_NO_SPACE;
  const fr_status status = fr_ring_append(&r->ring, body, 0, account);
  if (status != FR_OK) return status;
  (void)fr_ring_append(&r->ring, head, head_len, 0);
  return fr_ring_append(&r->ring, body, body_len, 0);
}

/* Appends what a snapshot shows of the frame at p[0]. */
static fr_status keep(fr_recorder *r, const fr_frame *f, const uint8_t *p)
{
  const fr_system *s = r->system;
  const uint64_t account = fr_frame_account(s, f);
  const uint8_t *payload = p + f->data;
  const size_t size = (size_t)f->b.size;
  uint8_t head[FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX];
  size_t head_len = 0;
  if (s->verbatim) return append(r, head, 0, p, f->used, account);
  if (r->active.gen != 0 && f->kind == FR_FRAME_MARK) return append(r, head, 0, payload, size, account);
  fr_batch b = f->b;
  b.type = FR_EVENT_BATCH;
  b.experiment = 0;
  b.gen = r->active.gen;
  if (r->active.gen != 0) {
    head_len = fr_batch_put(head, &b);
    return append(r, head, head_len, payload, size, account);
  }
  uint8_t minimal[FR_BATCH_HEADER_MAX];
  const bool batch = f->kind == FR_FRAME_BATCH;
  const size_t tail = batch ? fr_batch_put(minimal, &b) - 2u : 0; /* without type and number, a byte each */
  fr_unnumbered_prefix(head, batch, tail + size);
  fr_copy(head + FR_RECORD_PREFIX, minimal + 2u, tail);
  return append(r, head, FR_RECORD_PREFIX + tail, payload, size, account);
}

/* Takes the frame at p[0] into the active generation, which may have to end before it or with it. */
static fr_status take(fr_recorder *r, const fr_frame *f, const uint8_t *p, uint64_t clock)
{
  const fr_system *s = r->system;
  fr_status status = FR_OK;
  if (s->rotation == FR_ROTATION_NEXT) status = turn_next(r, f, clock);
  if (s->rotation == FR_ROTATION_BOTH) status = turn_both(r, f, clock);
  if (status != FR_OK) return status;
  fr_active a = r->active;
  status = learn_frequency(r, f, p + f->data, &a);
  if (status != FR_OK) return status;
  if (f->kind == FR_FRAME_BATCH && a.gen == 0) {
    a.gen = f->b.gen;
    if (a.gen != 0 && !s->verbatim) fr_unnumbered_settle(&r->ring, a.gen);
    r->active.gen = a.gen;
  }
  status = keep(r, f, p);
  if (status != FR_OK) return status;
  if (f->kind == FR_FRAME_BATCH) learn_time(r, f->b.time, &a);
  r->active = a;
  if (f->kind == FR_FRAME_MARK && s->rotation == FR_ROTATION_BOTH) return rotate(r, clock);
  return FR_OK;
}

/* Looks at a header that has come whole. */
static fr_status check_header(fr_recorder *r)
{
  uint32_t version = 0;
  if (r->system->version_since == 0) return FR_OK;
  const fr_status status = fr_header_get(r->header, &version);
  if (status != FR_OK) return status;
  if (version < r->system->version_since) return FR_BAD_VERSION;
  r->stream.version = version;
  return FR_OK;
}

/* A write that is to be a batch, or header and batch. */
static fr_status write_batch(fr_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  size_t at = 0;
  fr_frame f;
  if (r->stream.header_len == 0) {
    if (len < FR_HEADER_SIZE) return fail(r, FR_SHORT_HEADER);
    at = FR_HEADER_SIZE;
    *n = FR_HEADER_SIZE;
    fr_copy(r->header, p, FR_HEADER_SIZE);
    const fr_status status = check_header(r);
    if (status != FR_OK) return fail(r, status);
    r->stream.header_len = FR_HEADER_SIZE;
  }
  fr_status status = fr_frame_get(r->system, r->stream.version, p + at, len - at, &f);
  if (status == FR_OK && f.kind == FR_FRAME_NOTHING) {
    *n = (int64_t)len;
    return FR_OK;
  }
  if (status == FR_OK) status = take(r, &f, p + at, clock);
  if (status == FR_NO_SPACE || status == FR_DEADLOCK) return status;
  *n = (int64_t)(at + f.used);
  if (status == FR_OK) return FR_OK;
  if (r->system->remaining) *n = (int64_t)len - (int64_t)at - (int64_t)f.used;
  return fail(r, status);
}

/* How far a reader that takes read_ahead bytes at once has got in a write of len bytes, of which it had taken `taken`,
 * when it has read a batch whose header ends at `data` and which ends at `end`. A payload is read into place if it is
 * at least as long as its buffer and the buffer is empty. */
static size_t read_ahead(size_t most, size_t taken, size_t len, size_t data, size_t end)
{
  while (taken < data) taken = most < len - taken ? taken + most : len;
  while (taken < end) {
    const size_t k = end - taken >= most ? end - taken : most;
    taken = k < len - taken ? taken + k : len;
  }
  return taken;
}

/* Completes the pending batch from p[*at .. len - 1] as far as it goes, and moves *at. */
static void top_up(fr_recorder *r, const uint8_t *p, size_t len, size_t *at)
{
  fr_frame f;
  while (*at < len &&
         fr_frame_get(r->system, r->stream.version, r->pending, r->stream.pending_len, &f) == FR_TRUNCATED) {
    const size_t missing = f.need - r->stream.pending_len;
    const size_t k = missing < len - *at ? missing : len - *at;
    fr_copy(r->pending + r->stream.pending_len, p + *at, k);
    r->stream.pending_len += k;
    *at += k;
  }
}

/* Takes the header, or what is there of it, from the front of p[0 .. len - 1]; *at is behind it. */
static fr_status stream_header(fr_recorder *r, const uint8_t *p, size_t len, size_t *at)
{
  const size_t missing = FR_HEADER_SIZE - r->stream.header_len;
  const size_t k = missing < len ? missing : len;
  *at = k;
  if (k == 0) return FR_OK;
  fr_copy(r->header + r->stream.header_len, p, k);
  r->stream.header_len += (uint32_t)k;
  return k == missing ? check_header(r) : FR_OK;
}

/* An error in a stream of whose write the reader has taken `taken` bytes. */
static fr_status stream_error(fr_recorder *r, fr_status status, size_t taken, size_t len, int64_t *n)
{
  if (status == FR_NO_SPACE) return status;
  if (r->system->error != FR_ERROR_BLOCKS) return fail(r, status);
  if (status == FR_DEADLOCK)
    r->stuck = true;
  else
    fail(r, status);
  r->stream.unread = true;
  if (taken < len) return FR_BLOCKED;
  *n = (int64_t)len;
  return FR_OK;
}

/* A write of a stream that may be split anywhere. */
static fr_status write_stream(fr_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  size_t at = 0, taken = 0;
  fr_status status = stream_header(r, p, len, &at);
  taken = at;
  *n = (int64_t)at;
  if (status != FR_OK) return stream_error(r, status, taken, len, n);
  while (at < len || r->stream.pending_len > 0) {
    const bool split = r->stream.pending_len > 0;
    if (split) top_up(r, p, len, &at);
    const uint8_t *q = split ? r->pending : p + at;
    const size_t have = split ? r->stream.pending_len : len - at;
    fr_frame f;
    status = fr_frame_get(r->system, r->stream.version, q, have, &f);
    if (status == FR_TRUNCATED) {
      if (!split) {
        fr_copy(r->pending, q, have);
        r->stream.pending_len = have;
      }
      *n = (int64_t)len;
      return FR_OK;
    }
    const size_t end = split ? at : at + f.used;
    const size_t rest = status == FR_OK ? f.used - f.data : 0;
    if (r->system->read_ahead != 0)
      taken = read_ahead(r->system->read_ahead, taken, len, end > rest ? end - rest : 0, end);
    if (status == FR_OK) status = take(r, &f, q, clock);
    if (status == FR_NO_SPACE) *n = (int64_t)at; /* what is pending has been taken */
    if (status != FR_OK) return stream_error(r, status, taken, len, n);
    r->stream.pending_len = 0;
    at = end;
    *n = (int64_t)at;
  }
  return FR_OK;
}

fr_status fr_recorder_write(fr_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  *n = 0;
  if (!r->stream.open) return r->system->error == FR_ERROR_BLOCKS && r->stream.begun ? FR_CLOSED : FR_NOT_ENABLED;
  if (r->stream.unread) return FR_BLOCKED;
  if (r->system->error == FR_ERROR_ENDS && r->error != FR_OK) return r->error;
  return r->system->framing == FR_FRAMING_STREAM ? write_stream(r, p, len, clock, n) : write_batch(r, p, len, clock, n);
}

fr_status fr_recorder_end_generation(fr_recorder *r, uint64_t clock)
{
  if (r->system->rotation == FR_ROTATION_BOTH) {
    if (!r->enabled) return FR_NOT_ENABLED;
    if (r->error != FR_OK) return r->error;
    if (r->stream.pending_len > 0) return FR_TRUNCATED;
    if (r->active.gen == 0) return FR_BAD_END_MARK;
    if (!r->active.has_frequency) return FR_NO_FREQUENCY;
  }
  return rotate(r, clock);
}

fr_status fr_recorder_snapshot(const fr_recorder *r, fr_segment seg[3])
{
  if (!r->enabled) return FR_NOT_ENABLED;
  if (r->locked) return FR_DEADLOCK;
  fr_snapshot_segments(&r->ring, r->header, seg);
  return FR_OK;
}
