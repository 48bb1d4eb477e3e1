#include "recorder.h"
#include "bytes.h"

/* A stream that was never begun. */
/*@
  requires t_valid: \valid(t);
  terminates \true;
  exits \false;
  assigns t->begun, t->open, t->unread, t->header_len, t->version, t->pending_len, t->ahead;
  ensures idle: t->begun == false && t->open == false && t->unread == false;
  ensures nothing: t->header_len == 0 && t->version == 0 && t->pending_len == 0 && t->ahead == 0;
*/
static void no_stream(fr_stream *t)
{
  t->begun = false;
  t->open = false;
  t->unread = false;
  t->header_len = 0;
  t->version = 0;
  t->pending_len = 0;
  t->ahead = 0;
}

/* *t becomes what *from is. */
/*@
  requires t_valid: \valid(t);
  requires from_read: \valid_read(from);
  requires apart: \separated(t, from);
  terminates \true;
  exits \false;
  assigns t->begun, t->open, t->unread, t->header_len, t->version, t->pending_len, t->ahead;
  ensures flags: t->begun == from->begun && t->open == from->open && t->unread == from->unread;
  ensures lengths: t->header_len == from->header_len && t->pending_len == from->pending_len;
  ensures ahead: t->ahead == from->ahead;
  ensures version: t->version == from->version;
*/
static void copy_stream(fr_stream *t, const fr_stream *from)
{
  t->begun = from->begun;
  t->open = from->open;
  t->unread = from->unread;
  t->header_len = from->header_len;
  t->version = from->version;
  t->pending_len = from->pending_len;
  t->ahead = from->ahead;
}

void fr_recorder_init(fr_recorder *r, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t,
                      uint8_t *pending)
{
  fr_keeper_init(&r->keeper, system, arena, cap, t);
  no_stream(&r->stream);
  no_stream(&r->before);
  r->pending = pending;
  /*@
    loop invariant i_range: 0 <= i <= FR_HEADER_SIZE;
    loop assigns i, r->header[0 .. FR_HEADER_SIZE - 1];
    loop variant FR_HEADER_SIZE - i;
  */
  for (uint32_t i = 0; i < FR_HEADER_SIZE; i++) r->header[i] = 0;
  r->error = FR_OK;
  r->enabled = false;
  r->stuck = false;
  r->next.max_bytes = FR_DEFAULT_MAX_BYTES;
  r->next.min_age = FR_DEFAULT_MIN_AGE;
}

void fr_recorder_set(fr_recorder *r, int64_t max_bytes, int64_t min_age)
{
  r->next.max_bytes = r->keeper.system->zero_is_default && max_bytes == 0 ? FR_DEFAULT_MAX_BYTES : max_bytes;
  r->next.min_age = r->keeper.system->zero_is_default && min_age == 0 ? FR_DEFAULT_MIN_AGE : min_age;
}

fr_status fr_recorder_start(fr_recorder *r, uint64_t ticks_per_second)
{
  if (r->enabled) return FR_ALREADY_ENABLED;
  r->keeper.limits.max_bytes = r->next.max_bytes;
  r->keeper.limits.min_age = r->next.min_age;
  r->error = FR_OK;
  copy_stream(&r->before, &r->stream);
  no_stream(&r->stream);
  r->stream.begun = true;
  r->stream.open = true;
  r->enabled = true;
  if (r->keeper.system->frequency == FR_FREQUENCY_GIVEN) fr_keeper_set_frequency(&r->keeper, ticks_per_second);
  return FR_OK;
}

void fr_recorder_refuse(fr_recorder *r)
{
  copy_stream(&r->stream, &r->before);
  r->enabled = false;
}

/* Notes the first error of a run. */
/*@
  requires r_valid: \valid(r);
  terminates \true;
  exits \false;
  assigns r->error;
  ensures status: \result == status;
  ensures first: r->error == (\old(r->error) == FR_OK ? status : \old(r->error));
*/
static fr_status fail(fr_recorder *r, fr_status status)
{
  if (r->error == FR_OK) r->error = status;
  return status;
}

/* Notes what it means that the stream ends here: which error, if a reader waits for the rest of its header or of a
 * batch. */
/*@
  requires valid: rc_valid(r);
  terminates \true;
  exits \false;
  assigns r->error;
  ensures error: header != FR_OK ==> r->error == \old(rc_end_error(r, header, batch));
*/
static void end_stream(fr_recorder *r, fr_status header, fr_status batch)
{
  const bool waits = r->keeper.system->error == FR_ERROR_BLOCKS || r->stream.header_len > 0;
  const bool in_header = r->stream.header_len < FR_HEADER_SIZE && waits;
  if (r->keeper.system->framing != FR_FRAMING_STREAM || !r->stream.open || r->stream.unread) return;
  if (in_header) fail(r, header);
  if (r->stream.pending_len > 0) fail(r, batch);
}

/* The run is over, and its stream with it unless what comes now counts for the next run. */
/*@
  requires valid: rc_valid(r);
  terminates \true;
  exits \false;
  assigns r->enabled, r->error, r->stream.open;
  ensures stopped: r->enabled == false;
  ensures closed: r->keeper.system->error == FR_ERROR_BLOCKS ==>
    r->error == \old(rc_end_error(r, FR_CLOSED, FR_CLOSED));
  ensures cut: r->keeper.system->error != FR_ERROR_BLOCKS ==>
    r->error == \old(rc_end_error(r, FR_TRUNCATED, FR_TRUNCATED));
  ensures open: r->stream.open == (\old(r->stream.open) && r->keeper.system->takes_after_stop);
*/
static void end_run(fr_recorder *r)
{
  const fr_status cut = r->keeper.system->error == FR_ERROR_BLOCKS ? FR_CLOSED : FR_TRUNCATED;
  r->enabled = false;
  end_stream(r, cut, cut);
  if (!r->keeper.system->takes_after_stop) r->stream.open = false;
}

fr_status fr_recorder_stop(fr_recorder *r)
{
  if (!r->enabled) return r->keeper.system->stop_needs_start ? FR_NOT_ENABLED : FR_OK;
  end_run(r);
  if (r->stuck) return FR_DEADLOCK;
  fr_keeper_clear(&r->keeper);
  return r->keeper.system->stop_tells ? r->error : FR_OK;
}

fr_status fr_recorder_close(fr_recorder *r)
{
  if (!r->stream.begun) return FR_NOT_ENABLED;
  end_stream(r, FR_SHORT_HEADER, FR_TRUNCATED);
  r->stream.open = false;
  return FR_OK;
}

/* Looks at a header that has come whole. */
/*@
  requires valid: rc_valid(r);
  requires h_read: \valid_read(h + (0 .. FR_HEADER_SIZE - 1));
  requires h_apart: \separated(h + (0 .. FR_HEADER_SIZE - 1), &r->stream.version);
  terminates \true;
  exits \false;
  assigns r->stream.version;
  ensures same: \result != FR_OK ==> r->stream.version == \old(r->stream.version);
  behavior any:
    assumes any: r->keeper.system->version_since == 0;
    ensures status: \result == FR_OK;
    ensures version: r->stream.version == \old(r->stream.version);
  behavior known:
    assumes known: r->keeper.system->version_since > 0 && hd_form(h) && hd_known(hd_version(h));
    ensures status: \result ==
      (\old(hd_version(h)) < r->keeper.system->version_since ? FR_BAD_VERSION : FR_OK);
    ensures version: \result == FR_OK ==> r->stream.version == \old(hd_version(h));
  behavior unknown:
    assumes unknown: r->keeper.system->version_since > 0 && hd_form(h) && !hd_known(hd_version(h));
    ensures status: \result == FR_BAD_VERSION;
  behavior malformed:
    assumes malformed: r->keeper.system->version_since > 0 && !hd_form(h);
    ensures status: \result == FR_BAD_HEADER;
  complete behaviors;
  disjoint behaviors;
*/
static fr_status check_header(fr_recorder *r, const uint8_t *h)
{
  uint32_t version = 0;
  if (r->keeper.system->version_since == 0) return FR_OK;
  const fr_status status = fr_header_get(h, &version);
  if (status != FR_OK) return status;
  if (version < r->keeper.system->version_since) return FR_BAD_VERSION;
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
    const fr_status status = check_header(r, r->header);
    if (status != FR_OK) return fail(r, status);
    r->stream.header_len = FR_HEADER_SIZE;
  }
  fr_status status = fr_frame_get(r->keeper.system, r->stream.version, p + at, len - at, &f);
  if (status == FR_OK && f.kind == FR_FRAME_NOTHING) {
    *n = (int64_t)len;
    return FR_OK;
  }
  if (status == FR_OK) status = fr_keeper_take(&r->keeper, r->stream.version, &f, p + at, clock);
  if (status == FR_NO_SPACE || status == FR_DEADLOCK) return status;
  *n = (int64_t)(at + f.used);
  if (status == FR_OK) return FR_OK;
  if (r->keeper.system->remaining) *n = (int64_t)len - (int64_t)at - (int64_t)f.used;
  return fail(r, status);
}

/* How far a reader that takes read_ahead bytes at once has got in a write of len bytes, of which it had taken `taken`,
 * when it has read a batch whose header ends at `data` and which ends at `end`. A payload is read into place if it is
 * at least as long as its buffer and the buffer is empty. */
/*@
  requires most_range: 0 < most;
  requires taken_range: taken <= len;
  requires batch: data <= end <= len;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures range: end <= \result <= len && taken <= \result;
*/
static size_t read_ahead(size_t most, size_t taken, size_t len, size_t data, size_t end)
{
  /*@
    loop invariant range: \at(taken, Pre) <= taken <= len;
    loop assigns taken;
    loop variant len - taken;
  */
  while (taken < data) taken = most < len - taken ? taken + most : len;
  /*@
    loop invariant range: \at(taken, Pre) <= taken <= len;
    loop assigns taken;
    loop variant len - taken;
  */
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
         fr_frame_get(r->keeper.system, r->stream.version, r->pending, r->stream.pending_len, &f) == FR_TRUNCATED) {
    const size_t missing = f.need - r->stream.pending_len;
    const size_t k = missing < len - *at ? missing : len - *at;
    fr_copy(r->pending + r->stream.pending_len, p + *at, k);
    r->stream.pending_len += (uint32_t)k;
    *at += k;
  }
}

/* Takes the header, or what is there of it, from the front of p[0 .. len - 1]; *at is behind it. Until it has come whole
 * and is good the one of the run before stays, unless the system reads it into its place (E24). */
/*@
  requires valid: rc_valid(r);
  requires p_read: len == 0 || \valid_read(p + (0 .. len - 1));
  requires p_apart: \separated(p + (0 .. len - 1), r);
  requires at_valid: \valid(at) && \separated(at, r) && \separated(at, r->keeper.system);
  requires header_range: r->stream.header_len <= FR_HEADER_SIZE;
  terminates \true;
  exits \false;
  assigns r->header[0 .. FR_HEADER_SIZE - 1], r->pending[0 .. FR_HEADER_SIZE - 1], r->stream.header_len,
    r->stream.version, *at;
  ensures status: \result == FR_OK || \result == FR_BAD_HEADER || \result == FR_BAD_VERSION;
  ensures at: *at == \old(FR_HEADER_SIZE - r->stream.header_len < len ? FR_HEADER_SIZE - r->stream.header_len : len);
  ensures header_len: r->stream.header_len == \old(r->stream.header_len) + *at <= FR_HEADER_SIZE;
  ensures kept: r->keeper.system->header_in_place ==>
    \forall integer i; 0 <= i < \old(r->stream.header_len) ==> r->header[i] == \old(r->header[i]);
  ensures added: r->keeper.system->header_in_place ==>
    \forall integer i; \old(r->stream.header_len) <= i < r->stream.header_len ==>
      r->header[i] == \old(p[i - r->stream.header_len]);
  ensures waits: !r->keeper.system->header_in_place ==> (r->stream.header_len < FR_HEADER_SIZE || \result != FR_OK) ==>
    \forall integer i; 0 <= i < FR_HEADER_SIZE ==> r->header[i] == \old(r->header[i]);
*/
static fr_status stream_header(fr_recorder *r, const uint8_t *p, size_t len, size_t *at)
{
  const size_t missing = FR_HEADER_SIZE - r->stream.header_len;
  const size_t k = missing < len ? missing : len;
  *at = k;
  if (k == 0) return FR_OK;
  uint8_t *h = r->keeper.system->header_in_place ? r->header : r->pending;
  fr_copy(h + r->stream.header_len, p, k);
  r->stream.header_len += (uint32_t)k;
  if (k < missing) return FR_OK;
  const fr_status status = check_header(r, h);
  if (status == FR_OK && h != r->header) fr_copy(r->header, h, FR_HEADER_SIZE);
  return status;
}

/* An error in a stream of whose write the reader has taken `taken` bytes. */
/*@
  requires valid: rc_valid(r);
  requires n_valid: \valid(n) && \separated(n, r) && \separated(n, r->keeper.system);
  requires len_range: len <= INT64_MAX;
  requires error: status != FR_OK;
  terminates \true;
  exits \false;
  assigns r->error, r->stuck, r->stream.unread, *n;
  behavior space:
    assumes space: status == FR_NO_SPACE;
    ensures status: \result == FR_NO_SPACE;
    ensures same: r->error == \old(r->error) && r->stuck == \old(r->stuck) &&
      r->stream.unread == \old(r->stream.unread) && *n == \old(*n);
  behavior told:
    assumes told: status != FR_NO_SPACE && r->keeper.system->error != FR_ERROR_BLOCKS;
    ensures status: \result == status;
    ensures error: r->error == (\old(r->error) == FR_OK ? status : \old(r->error));
    ensures same: r->stuck == \old(r->stuck) && r->stream.unread == \old(r->stream.unread) && *n == \old(*n);
  behavior blocks:
    assumes blocks: status != FR_NO_SPACE && r->keeper.system->error == FR_ERROR_BLOCKS;
    ensures unread: r->stream.unread == true;
    ensures stuck: r->stuck == (status == FR_DEADLOCK || \old(r->stuck));
    ensures error: r->error == (\old(r->error) == FR_OK && status != FR_DEADLOCK ? status : \old(r->error));
    ensures status: \result == (taken < len ? FR_BLOCKED : FR_OK);
    ensures n: *n == (taken < len ? \old(*n) : len);
  complete behaviors;
  disjoint behaviors;
*/
static fr_status stream_error(fr_recorder *r, fr_status status, size_t taken, size_t len, int64_t *n)
{
  if (status == FR_NO_SPACE) return status;
  if (r->keeper.system->error != FR_ERROR_BLOCKS) return fail(r, status);
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
  size_t at = 0;
  fr_status status = stream_header(r, p, len, &at);
  size_t taken = at < r->stream.ahead ? r->stream.ahead : at;
  if (taken > len) taken = len;
  r->stream.ahead = 0;
  *n = (int64_t)at;
  if (status != FR_OK) return stream_error(r, status, taken, len, n);
  while (at < len || r->stream.pending_len > 0) {
    const bool split = r->stream.pending_len > 0;
    const size_t at_first = at;
    const uint32_t pending_first = r->stream.pending_len;
    if (split) top_up(r, p, len, &at);
    const uint8_t *q = split ? r->pending : p + at;
    const size_t have = split ? r->stream.pending_len : len - at;
    fr_frame f;
    status = fr_frame_get(r->keeper.system, r->stream.version, q, have, &f);
    if (status == FR_TRUNCATED) {
      if (!split) {
        fr_copy(r->pending, q, have);
        r->stream.pending_len = (uint32_t)have;
      }
      *n = (int64_t)len;
      return FR_OK;
    }
    const size_t end = split ? at : at + f.used;
    const size_t rest = status == FR_OK ? f.used - f.data : 0;
    if (r->keeper.system->read_ahead != 0)
      taken = read_ahead(r->keeper.system->read_ahead, taken, len, end > rest ? end - rest : 0, end);
    if (status == FR_OK) status = fr_keeper_take(&r->keeper, r->stream.version, &f, q, clock);
    if (status == FR_NO_SPACE) { /* as if this batch had not been touched: *n is behind the one before it */
      r->stream.pending_len = pending_first;
      r->stream.ahead = taken > at_first ? taken - at_first : 0;
    }
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
  if (!r->stream.open)
    return r->keeper.system->error == FR_ERROR_BLOCKS && r->stream.begun ? FR_CLOSED : FR_NOT_ENABLED;
  if (r->stream.unread) return FR_BLOCKED;
  if (r->keeper.system->error == FR_ERROR_ENDS && r->error != FR_OK) return r->error;
  return r->keeper.system->framing == FR_FRAMING_STREAM ? write_stream(r, p, len, clock, n)
                                                        : write_batch(r, p, len, clock, n);
}

fr_status fr_recorder_end_generation(fr_recorder *r, uint64_t clock)
{
  if (!r->stream.begun) return FR_NOT_ENABLED;
  if (r->keeper.system->rotation == FR_ROTATION_BOTH) {
    if (!r->enabled) return FR_NOT_ENABLED;
    if (r->error != FR_OK) return r->error;
    if (r->stream.pending_len > 0) return FR_TRUNCATED;
    if (r->keeper.ring.table.gen[r->keeper.ring.n] == 0) return FR_BAD_END_MARK;
    if (!r->keeper.has_frequency) return FR_NO_FREQUENCY;
  }
  return fr_keeper_rotate(&r->keeper, clock);
}

fr_status fr_recorder_snapshot(const fr_recorder *r, fr_segment seg[3])
{
  if (!r->enabled) return FR_NOT_ENABLED;
  if (r->keeper.locked) return FR_DEADLOCK;
  fr_snapshot_segments(&r->keeper.ring, r->header, seg);
  return FR_OK;
}
