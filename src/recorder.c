#include "recorder.h"
#include "bytes.h"
#include "frequency.h"
#include "unnumbered.h"

/* A stream that was never begun. */
/*@
  requires t_valid: \valid(t);
  terminates \true;
  exits \false;
  assigns t->begun, t->open, t->unread, t->header_len, t->version, t->pending_len;
  ensures idle: t->begun == false && t->open == false && t->unread == false;
  ensures nothing: t->header_len == 0 && t->version == 0 && t->pending_len == 0;
*/
static void no_stream(fr_stream *t)
{
  t->begun = false;
  t->open = false;
  t->unread = false;
  t->header_len = 0;
  t->version = 0;
  t->pending_len = 0;
}

/* *t becomes what *from is. */
/*@
  requires t_valid: \valid(t);
  requires from_read: \valid_read(from);
  requires apart: \separated(t, from);
  terminates \true;
  exits \false;
  assigns t->begun, t->open, t->unread, t->header_len, t->version, t->pending_len;
  ensures flags: t->begun == from->begun && t->open == from->open && t->unread == from->unread;
  ensures lengths: t->header_len == from->header_len && t->pending_len == from->pending_len;
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
}

void fr_recorder_init(fr_recorder *r, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t,
                      uint8_t *pending)
{
  r->system = system;
  fr_ring_init(&r->ring, arena, cap, t);
  r->active.gen = 0;
  r->active.min_time = 0;
  r->active.has_frequency = false;
  r->active.rate.sig = 0;
  r->active.rate.exp = 0;
  no_stream(&r->stream);
  no_stream(&r->before);
  r->pending = pending;
  /*@
    loop invariant i_range: 0 <= i <= FR_HEADER_SIZE;
    loop assigns i, r->header[0 .. FR_HEADER_SIZE - 1];
    loop variant FR_HEADER_SIZE - i;
  */
  for (uint32_t i = 0; i < FR_HEADER_SIZE; i++) r->header[i] = 0;
  r->limits.max_bytes = 0;
  r->limits.min_age = 0;
  r->error = FR_OK;
  r->enabled = false;
  r->locked = false;
  r->stuck = false;
  r->next.max_bytes = FR_DEFAULT_MAX_BYTES;
  r->next.min_age = FR_DEFAULT_MIN_AGE;
}

void fr_recorder_set(fr_recorder *r, int64_t max_bytes, int64_t min_age)
{
  r->next.max_bytes = r->system->zero_is_default && max_bytes == 0 ? FR_DEFAULT_MAX_BYTES : max_bytes;
  r->next.min_age = r->system->zero_is_default && min_age == 0 ? FR_DEFAULT_MIN_AGE : min_age;
}

/* The ticks per second are known. */
/*@
  requires r_valid: \valid(r);
  requires start_apart: \separated(r, r->ring.table.start + (0 .. r->ring.table.slots - 1));
  requires account_apart: \separated(r, r->ring.table.account + (0 .. r->ring.table.slots - 1));
  requires n_range: r->ring.n < r->ring.table.slots;
  terminates \true;
  exits \false;
  assigns r->active.has_frequency, r->active.rate.sig, r->active.rate.exp;
  ensures known: r->active.has_frequency == true;
  ensures sound: ck_rate_ok(r->active.rate);
  ensures finite: ticks_per_second > 0 ==> r->active.rate.sig == ck_rate_sig(ticks_per_second) &&
    r->active.rate.exp == ck_rate_exp(ticks_per_second);
  ensures infinite: ticks_per_second == 0 ==> r->active.rate.sig == 0;
  ensures starts: rg_starts{Pre, Post}(&r->ring, 0, r->ring.n);
  ensures accounts: rg_accounts{Pre, Post}(&r->ring, 0, r->ring.n);
*/
static void set_frequency(fr_recorder *r, uint64_t ticks_per_second)
{
  const fr_rate rate = fr_clock_rate(ticks_per_second);
  r->active.has_frequency = true;
  r->active.rate.sig = rate.sig;
  r->active.rate.exp = rate.exp;
}

fr_status fr_recorder_start(fr_recorder *r, uint64_t ticks_per_second)
{
  if (r->enabled) return FR_ALREADY_ENABLED;
  r->limits.max_bytes = r->next.max_bytes;
  r->limits.min_age = r->next.min_age;
  r->error = FR_OK;
  copy_stream(&r->before, &r->stream);
  no_stream(&r->stream);
  r->stream.begun = true;
  r->stream.open = true;
  r->enabled = true;
  if (r->system->frequency == FR_FREQUENCY_GIVEN) set_frequency(r, ticks_per_second);
  //@ assert starts: rg_starts{Pre, Here}(&r->ring, 0, r->ring.n);
  //@ assert accounts: rg_accounts{Pre, Here}(&r->ring, 0, r->ring.n);
  //@ assert ordered: rg_ordered(&r->ring, r->ring.n);
  //@ assert start_0: rg_start(&r->ring, 0) == \at(rg_start(&r->ring, 0), Pre);
  //@ assert start_n: rg_start(&r->ring, r->ring.n) == \at(rg_start(&r->ring, r->ring.n), Pre);
  //@ assert account_n: rg_account(&r->ring, r->ring.n) == \at(rg_account(&r->ring, r->ring.n), Pre);
  //@ assert store: st_ok(&r->ring.store);
  //@ assert first: rg_start(&r->ring, 0) == r->ring.store.first;
  //@ assert behind: r->ring.n < r->ring.table.slots && rg_start(&r->ring, r->ring.n) <= r->ring.store.end;
  //@ assert accounted: rg_account(&r->ring, r->ring.n) <= r->ring.accounted;
  //@ assert ring: rg_ok(&r->ring);
  //@ assert framing: r->system->framing == \at(r->system->framing, Pre);
  //@ assert stream: rc_stream_ok(r->system, &r->stream);
  //@ assert before: rc_stream_ok(r->system, &r->before);
  return FR_OK;
}

void fr_recorder_refuse(fr_recorder *r)
{
  copy_stream(&r->stream, &r->before);
  r->enabled = false;
  //@ assert ring: rg_ok(&r->ring);
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
  const bool waits = r->system->error == FR_ERROR_BLOCKS || r->stream.header_len > 0;
  const bool in_header = r->stream.header_len < FR_HEADER_SIZE && waits;
  if (r->system->framing != FR_FRAMING_STREAM || !r->stream.open || r->stream.unread) return;
  if (in_header) fail(r, header);
  if (r->stream.pending_len > 0) fail(r, batch);
}

/* Sets what is known of the active generation. */
/*@
  requires r_valid: \valid(r);
  requires start_apart: \separated(r, r->ring.table.start + (0 .. r->ring.table.slots - 1));
  requires account_apart: \separated(r, r->ring.table.account + (0 .. r->ring.table.slots - 1));
  requires gen_apart: \separated(r, r->ring.table.gen + (0 .. r->ring.table.slots - 1));
  requires stamp_apart: \separated(r, r->ring.table.stamp + (0 .. r->ring.table.slots - 1));
  requires n_range: r->ring.n < r->ring.table.slots;
  terminates \true;
  exits \false;
  assigns r->active.gen, r->active.min_time, r->active.has_frequency, r->active.rate.sig, r->active.rate.exp;
  ensures number: r->active.gen == gen;
  ensures min_time: r->active.min_time == min_time;
  ensures frequency: r->active.has_frequency == has_frequency;
  ensures rate: r->active.rate.sig == sig && r->active.rate.exp == exp;
  ensures starts: rg_starts{Pre, Post}(&r->ring, 0, r->ring.n);
  ensures accounts: rg_accounts{Pre, Post}(&r->ring, 0, r->ring.n);
  ensures gens: rg_gens{Pre, Post}(&r->ring, 0, r->ring.n);
  ensures stamps: rg_stamps{Pre, Post}(&r->ring, 0, r->ring.n);
*/
static void put_active(fr_recorder *r, uint64_t gen, uint64_t min_time, bool has_frequency, uint64_t sig, int32_t exp)
{
  r->active.gen = gen;
  r->active.min_time = min_time;
  r->active.has_frequency = has_frequency;
  r->active.rate.sig = sig;
  r->active.rate.exp = exp;
}

/* Empties the ring. */
/*@
  requires memory: rg_memory(r);
  requires cap_range: 0 < r->store.cap <= FR_STORE_MAX;
  requires slots_range: r->table.slots >= 1;
  terminates \true;
  exits \false;
  assigns *r, r->table.start[0], r->table.account[0], r->table.gen[0], r->table.min_time[0], r->table.stamp[0];
  ensures sound: rg_ok(r) && rg_memory(r);
  ensures empty: r->n == 0 && r->store.first == 0 && r->store.end == 0 && r->accounted == 0;
  ensures arena: r->store.buf == \old(r->store.buf) && r->store.cap == \old(r->store.cap);
*/
static void empty_ring(fr_ring *r)
{
  fr_table table;
  table.start = r->table.start;
  table.account = r->table.account;
  table.gen = r->table.gen;
  table.min_time = r->table.min_time;
  table.stamp = r->table.stamp;
  table.slots = r->table.slots;
  fr_ring_init(r, r->store.buf, r->store.cap, &table);
}

/* The run is over, and its stream with it unless what comes now counts for the next run. */
/*@
  requires valid: rc_valid(r);
  terminates \true;
  exits \false;
  assigns r->enabled, r->error, r->stream.open;
  ensures stopped: r->enabled == false;
  ensures closed: r->system->error == FR_ERROR_BLOCKS ==> r->error == \old(rc_end_error(r, FR_CLOSED, FR_CLOSED));
  ensures cut: r->system->error != FR_ERROR_BLOCKS ==> r->error == \old(rc_end_error(r, FR_TRUNCATED, FR_TRUNCATED));
  ensures open: r->stream.open == (\old(r->stream.open) && r->system->takes_after_stop);
*/
static void end_run(fr_recorder *r)
{
  const fr_status cut = r->system->error == FR_ERROR_BLOCKS ? FR_CLOSED : FR_TRUNCATED;
  r->enabled = false;
  end_stream(r, cut, cut);
  if (!r->system->takes_after_stop) r->stream.open = false;
}

fr_status fr_recorder_stop(fr_recorder *r)
{
  const bool given = r->system->frequency == FR_FREQUENCY_GIVEN, tells = r->system->stop_tells;
  if (!r->enabled) return r->system->stop_needs_start ? FR_NOT_ENABLED : FR_OK;
  end_run(r);
  if (r->stuck) return FR_DEADLOCK;
  //@ assert system_apart: \separated(&r->system, &r->ring);
  put_active(r, 0, 0, given && r->active.has_frequency, given ? r->active.rate.sig : 0, given ? r->active.rate.exp : 0);
  empty_ring(&r->ring);
  //@ assert system: r->system == \at(r->system, Pre);
  return tells ? r->error : FR_OK;
}

fr_status fr_recorder_close(fr_recorder *r)
{
  if (!r->stream.begun) return FR_NOT_ENABLED;
  end_stream(r, FR_SHORT_HEADER, FR_TRUNCATED);
  r->stream.open = false;
  //@ assert ring: rg_ok(&r->ring);
  return FR_OK;
}

/* A time in ns, as the system converts it. */
/*@
  requires valid: rc_valid(r);
  requires sound: ck_rate_ok(r->active.rate);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures nanoseconds: \result == rc_now(r, ticks);
*/
static int64_t nanoseconds(const fr_recorder *r, uint64_t ticks)
{
  const int64_t ns = fr_clock_ns(&r->active.rate, ticks);
  return r->system->saturates && ns == INT64_MIN ? INT64_MAX : ns;
}

/* The signed number with the bits of t. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures value: \result == rc_signed(t);
*/
static int64_t to_signed(uint64_t t)
{
  return t <= INT64_MAX ? (int64_t)t : -(int64_t)(UINT64_MAX - t) - 1;
}

/* The bits of the signed number t. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures value: \result == rc_bits(t);
*/
static uint64_t to_bits(int64_t t)
{
  return t >= 0 ? (uint64_t)t : UINT64_MAX - (uint64_t)(-(t + 1));
}

/* The minimum time of the active generation. */
/*@
  requires valid: rc_valid(r);
  requires sound: ck_rate_ok(r->active.rate);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures min_time: \result == rc_min_time(r);
*/
static int64_t min_time(const fr_recorder *r)
{
  return r->system->nanoseconds ? to_signed(r->active.min_time) : nanoseconds(r, r->active.min_time);
}

/* Completes the active generation of a ring at `now`, with these labels. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures sound: rg_ok(r);
  ensures status: \result == FR_OK || \result == FR_NO_SPACE;
  ensures cap: r->store.cap == \old(r->store.cap);
  ensures same_end: r->store.end == \old(r->store.end) && r->accounted == \old(r->accounted);
  ensures same: \result != FR_OK ==> rg_same{Pre, Post}(r);
  ensures count: \result == FR_OK ==> r->n == \old(r->n - rg_keep(r, now, max_bytes, min_age)) + 1;
  ensures kept: \result == FR_OK ==> rg_shifted{Pre, Post}(r, \old(rg_keep(r, now, max_bytes, min_age)), r->n - 1);
  ensures first: \result == FR_OK ==> r->store.first == \old(rg_start(r, rg_keep(r, now, max_bytes, min_age)));
  ensures bytes: \result == FR_OK ==> rg_bytes{Pre, Post}(r);
  ensures active: \result == FR_OK ==> rg_start(r, r->n) == r->store.end && rg_account(r, r->n) == r->accounted;
*/
static fr_status prune(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  //@ assert cap_start: \separated(&r->store.cap, r->table.start + (0 .. r->table.slots - 1));
  //@ assert cap_account: \separated(&r->store.cap, r->table.account + (0 .. r->table.slots - 1));
  //@ assert cap_gen: \separated(&r->store.cap, r->table.gen + (0 .. r->table.slots - 1));
  //@ assert cap_stamp: \separated(&r->store.cap, r->table.stamp + (0 .. r->table.slots - 1));
  return fr_ring_rotate(r, now, max_bytes, min_age);
}

/* Completes the active generation. FR_NO_SPACE: nothing was changed. */
/*@
  requires memory: rc_memory(r);
  requires sound: rg_ok(&r->ring) && ck_rate_ok(r->active.rate);
  terminates \true;
  exits \false;
  assigns r->active.gen, r->active.min_time, r->active.has_frequency, r->active.rate.sig, r->active.rate.exp,
    r->ring.n, r->ring.store.tail, r->ring.store.first,
    r->ring.table.start[0 .. r->ring.table.slots - 1], r->ring.table.account[0 .. r->ring.table.slots - 1],
    r->ring.table.gen[0 .. r->ring.table.slots - 1], r->ring.table.min_time[0 .. r->ring.table.slots - 1],
    r->ring.table.stamp[0 .. r->ring.table.slots - 1];
  ensures status: \result == FR_OK || \result == FR_NO_SPACE;
  ensures rate: ck_rate_ok(r->active.rate);
  ensures sound: rg_ok(&r->ring);
  ensures ended: \result == FR_OK ==> r->active.gen == 0 && r->active.min_time == 0;
  ensures same_active: \result != FR_OK ==> r->active.gen == \old(r->active.gen) &&
    r->active.min_time == \old(r->active.min_time) && r->active.has_frequency == \old(r->active.has_frequency);
  ensures same_rate: \result != FR_OK || r->system->frequency == FR_FREQUENCY_GIVEN ==>
    r->active.rate.sig == \old(r->active.rate.sig) && r->active.rate.exp == \old(r->active.rate.exp);
*/
static fr_status rotate(fr_recorder *r, uint64_t clock)
{
  const uint64_t gen = r->active.gen, stamp = r->active.min_time, sig = r->active.rate.sig;
  const int32_t exp = r->active.rate.exp;
  const bool has = r->active.has_frequency, given = r->system->frequency == FR_FREQUENCY_GIVEN;
  const int64_t now = nanoseconds(r, clock);
  fr_ring_label(&r->ring, gen, min_time(r), stamp);
  //@ assert labelled: rg_ok(&r->ring);
  const fr_status status = prune(&r->ring, now, r->limits.max_bytes, r->limits.min_age);
  //@ ghost Pruned: ;
  //@ assert pruned: rg_ok(&r->ring) && r->ring.n < r->ring.table.slots;
  if (status != FR_OK)
    put_active(r, gen, stamp, has, sig, exp);
  else
    put_active(r, 0, 0, given && has, given ? sig : 0, given ? exp : 0);
  //@ assert starts: rg_starts{Pruned, Here}(&r->ring, 0, r->ring.n);
  //@ assert accounts: rg_accounts{Pruned, Here}(&r->ring, 0, r->ring.n);
  return status;
}

/* The number of the newest complete generation; 0: there is none. */
/*@
  requires r_read: \valid_read(r);
  requires gen_read: \valid_read(r->ring.table.gen + (0 .. r->ring.table.slots - 1));
  requires n_range: r->ring.n < r->ring.table.slots;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures none: r->ring.n == 0 ==> \result == 0;
  ensures newest: r->ring.n > 0 ==> \result == rg_gen(&r->ring, r->ring.n - 1);
*/
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
  const bool marks = r->stream.version >= r->system->end_marks_since;
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

/* What the payload p[0 .. len - 1] of a batch of this type says of the frequency, as the system looks for it.
 * FR_NO_FREQUENCY: nothing. */
/*@
  requires s_read: \valid_read(s);
  requires s_ok: sy_choices(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires ticks_valid: \valid(ticks);
  requires ticks_apart: \separated(ticks, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *ticks;
  ensures status: \result == FR_OK || \result == FR_NO_FREQUENCY || \result == FR_BAD_FREQUENCY ||
    \result == FR_TRAILING;
  behavior given:
    assumes given: s->frequency == FR_FREQUENCY_GIVEN;
    ensures none: \result == FR_NO_FREQUENCY;
  behavior plain:
    assumes plain: s->frequency == FR_FREQUENCY_PLAIN;
    ensures found: \result == FR_OK <==> \old(fq_found(p, len, 22));
    ensures none: \result == FR_NO_FREQUENCY <==> \old(!fq_begins(p, len, 22));
    ensures ticks: \result == FR_OK ==> *ticks == \old(fq_found_ticks(p, len, 22));
  behavior loose:
    assumes loose: s->frequency == FR_FREQUENCY_LOOSE;
    ensures found: \result == FR_OK <==> \old(fq_found(p, len, version));
    ensures none: \result == FR_NO_FREQUENCY <==> \old(!fq_begins(p, len, version));
    ensures ticks: \result == FR_OK ==> *ticks == \old(fq_found_ticks(p, len, version));
  behavior exact:
    assumes exact: s->frequency == FR_FREQUENCY_EXACT;
    ensures found: \result == FR_OK <==>
      type == FR_EVENT_BATCH && \old(fq_good(p, len, version)) && \old(fq_end(p, len, version)) == len;
    ensures none: \result == FR_NO_FREQUENCY <==> type != FR_EVENT_BATCH || \old(!fq_begins(p, len, version));
    ensures trailing: \result == FR_TRAILING <==>
      type == FR_EVENT_BATCH && \old(fq_good(p, len, version)) && \old(fq_end(p, len, version)) < len;
    ensures ticks: \result == FR_OK ==> *ticks == \old(fq_ticks(p, len, version));
  complete behaviors;
  disjoint behaviors;
*/
static fr_status find_frequency(const fr_system *s, uint32_t version, uint32_t type, const uint8_t *p, size_t len,
                                uint64_t *ticks)
{
  if (s->frequency == FR_FREQUENCY_GIVEN) return FR_NO_FREQUENCY;
  if (s->frequency == FR_FREQUENCY_PLAIN) return fr_frequency_find(p, len, 22, ticks);
  if (s->frequency == FR_FREQUENCY_LOOSE) return fr_frequency_find(p, len, version, ticks);
  if (type != FR_EVENT_BATCH) return FR_NO_FREQUENCY;
  size_t used = 0;
  const fr_status status = fr_frequency_get(p, len, version, ticks, &used);
  return status == FR_OK && used < len ? FR_TRAILING : status;
}

/* The minimum time of the active generation when a batch of this time is added. */
/*@
  requires valid: rc_valid(r);
  requires sound: ck_rate_ok(r->active.rate);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures least: \result == rc_least(r, time);
*/
static uint64_t least_time(const fr_recorder *r, uint64_t time)
{
  const uint64_t least = r->active.min_time;
  if (time == 0 && !r->system->zero_is_time) return least;
  if (!r->system->nanoseconds) return least == 0 || least > time ? time : least;
  const int64_t ns = nanoseconds(r, time);
  return least == 0 || to_signed(least) > ns ? to_bits(ns) : least;
}

/* Appends head and body, which the system accounts as `account`, or nothing. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires lengths: head_len + body_len <= SIZE_MAX;
  requires head_read: head_len == 0 || \valid_read(head + (0 .. head_len - 1));
  requires head_apart: \separated(head + (0 .. head_len - 1), r) &&
    \separated(head + (0 .. head_len - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires body_read: body_len == 0 || \valid_read(body + (0 .. body_len - 1));
  requires body_apart: \separated(body + (0 .. body_len - 1), r) &&
    \separated(body + (0 .. body_len - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures body: \result == FR_OK ==> \forall integer pos; \old(r->store.end) + head_len <= pos < r->store.end ==>
    rg_byte(r, pos) == \old(body[pos - r->store.end - head_len]);
  behavior ok:
    assumes fits: head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted;
    ensures status: \result == FR_OK;
    ensures grown: r->store.end == \old(r->store.end) + head_len + body_len;
    ensures accounted: r->accounted == \old(r->accounted) + account;
    ensures old_bytes: \forall integer pos; r->store.first <= pos < \old(r->store.end) ==>
      rg_byte(r, pos) == \old(rg_byte(r, pos));
    ensures head: \forall integer pos; \old(r->store.end) <= pos < \old(r->store.end) + head_len ==>
      rg_byte(r, pos) == \old(head[pos - r->store.end]);
  behavior full:
    assumes full: !(head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted);
    ensures status: \result == FR_NO_SPACE;
    ensures same: rg_same{Pre, Post}(r);
  complete behaviors;
  disjoint behaviors;
*/
static fr_status append(fr_ring *r, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len,
                        uint64_t account)
{
  if (head_len + body_len > fr_store_room(&r->store)) return FR_NO_SPACE;
  if (account > UINT64_MAX - r->accounted) return FR_NO_SPACE;
  (void)fr_ring_append(r, head, head_len, account);
  //@ ghost Head: ;
  //@ assert head_end: r->store.end == \at(r->store.end, Pre) + head_len;
  //@ assert same_body: \forall integer i; 0 <= i < body_len ==> body[i] == \at(body[i], Pre);
  /*@
    assert index: \forall integer pos; \at(r->store.end, Pre) + head_len <= pos < r->store.end + body_len ==>
      body[pos - r->store.end] == \at(body[pos - r->store.end - head_len], Pre);
  */
  const fr_status status = fr_ring_append(r, body, body_len, 0);
  /*@
    assert body: \forall integer pos; \at(r->store.end, Head) <= pos < r->store.end ==>
      rg_byte(r, pos) == \at(body[pos - \at(r->store.end, Head)], Head);
  */
  /*@
    assert body_pre: \forall integer pos; \at(r->store.end, Pre) + head_len <= pos < r->store.end ==>
      rg_byte(r, pos) == \at(body[pos - r->store.end - head_len], Pre);
  */
  return status;
}

/* Appends what a snapshot shows of the frame at p[0], or the record that will become it. */
static fr_status keep(fr_recorder *r, const fr_frame *f, const uint8_t *p)
{
  const uint64_t account = fr_frame_account(r->system, f);
  const uint8_t *payload = p + f->data;
  const size_t size = (size_t)f->b.size;
  const bool batch = f->kind == FR_FRAME_BATCH;
  uint8_t head[FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX];
  if (r->system->verbatim) return append(&r->ring, head, 0, p, f->used, account);
  if (r->active.gen != 0 && !batch) return append(&r->ring, head, 0, payload, size, account);
  const fr_batch b = {FR_EVENT_BATCH, 0, r->active.gen, f->b.m, f->b.time, f->b.size};
  if (r->active.gen != 0) return append(&r->ring, head, fr_batch_put(head, &b), payload, size, account);
  /* The prefix takes the place of type and number, a byte each. */
  const size_t tail = batch ? fr_batch_put(head + FR_RECORD_PREFIX - 2u, &b) - 2u : 0;
  fr_unnumbered_prefix(head, batch, tail + size);
  return append(&r->ring, head, FR_RECORD_PREFIX + tail, payload, size, account);
}

/* The active generation, which has no number, gets one. */
static void number(fr_recorder *r, uint64_t gen)
{
  if (gen != 0 && !r->system->verbatim) fr_unnumbered_settle(&r->ring, gen);
  r->active.gen = gen;
}

/* Takes the frame at p[0] into the active generation, which may have to end before it or with it. */
static fr_status take(fr_recorder *r, const fr_frame *f, const uint8_t *p, uint64_t clock)
{
  const fr_system *s = r->system;
  const bool batch = f->kind == FR_FRAME_BATCH;
  uint64_t ticks = 0;
  fr_status status = FR_OK, told = FR_NO_FREQUENCY;
  if (s->rotation == FR_ROTATION_NEXT) status = turn_next(r, f, clock);
  if (s->rotation == FR_ROTATION_BOTH) status = turn_both(r, f, clock);
  if (status != FR_OK) return status;
  if (batch && f->b.experiment == 0)
    told = find_frequency(s, r->stream.version, f->b.type, p + f->data, (size_t)f->b.size, &ticks);
  const bool lost = told == FR_BAD_FREQUENCY && s->frequency == FR_FREQUENCY_LOOSE;
  if (told == FR_OK && r->active.has_frequency && s->frequency == FR_FREQUENCY_EXACT) return FR_BAD_FREQUENCY;
  if (told != FR_OK && told != FR_NO_FREQUENCY && !lost) return told;
  if (batch && r->active.gen == 0) number(r, f->b.gen);
  status = keep(r, f, p);
  if (status != FR_OK) return status;
  if (batch) r->active.min_time = least_time(r, f->b.time);
  if (told == FR_OK) set_frequency(r, ticks);
  if (lost) r->active.has_frequency = false;
  return !batch && s->rotation == FR_ROTATION_BOTH ? rotate(r, clock) : FR_OK;
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
    assumes any: r->system->version_since == 0;
    ensures status: \result == FR_OK;
    ensures version: r->stream.version == \old(r->stream.version);
  behavior known:
    assumes known: r->system->version_since > 0 && hd_form(h) && hd_known(hd_version(h));
    ensures status: \result ==
      (\old(hd_version(h)) < r->system->version_since ? FR_BAD_VERSION : FR_OK);
    ensures version: \result == FR_OK ==> r->stream.version == \old(hd_version(h));
  behavior unknown:
    assumes unknown: r->system->version_since > 0 && hd_form(h) && !hd_known(hd_version(h));
    ensures status: \result == FR_BAD_VERSION;
  behavior malformed:
    assumes malformed: r->system->version_since > 0 && !hd_form(h);
    ensures status: \result == FR_BAD_HEADER;
  complete behaviors;
  disjoint behaviors;
*/
static fr_status check_header(fr_recorder *r, const uint8_t *h)
{
  uint32_t version = 0;
  if (r->system->version_since == 0) return FR_OK;
  const fr_status status = fr_header_get(h, &version);
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
    const fr_status status = check_header(r, r->header);
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
         fr_frame_get(r->system, r->stream.version, r->pending, r->stream.pending_len, &f) == FR_TRUNCATED) {
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
  requires at_valid: \valid(at) && \separated(at, r) && \separated(at, r->system);
  requires header_range: r->stream.header_len <= FR_HEADER_SIZE;
  terminates \true;
  exits \false;
  assigns r->header[0 .. FR_HEADER_SIZE - 1], r->pending[0 .. FR_HEADER_SIZE - 1], r->stream.header_len,
    r->stream.version, *at;
  ensures status: \result == FR_OK || \result == FR_BAD_HEADER || \result == FR_BAD_VERSION;
  ensures at: *at == \old(FR_HEADER_SIZE - r->stream.header_len < len ? FR_HEADER_SIZE - r->stream.header_len : len);
  ensures header_len: r->stream.header_len == \old(r->stream.header_len) + *at <= FR_HEADER_SIZE;
  ensures kept: r->system->header_in_place ==>
    \forall integer i; 0 <= i < \old(r->stream.header_len) ==> r->header[i] == \old(r->header[i]);
  ensures added: r->system->header_in_place ==>
    \forall integer i; \old(r->stream.header_len) <= i < r->stream.header_len ==>
      r->header[i] == \old(p[i - r->stream.header_len]);
  ensures waits: !r->system->header_in_place ==> (r->stream.header_len < FR_HEADER_SIZE || \result != FR_OK) ==>
    \forall integer i; 0 <= i < FR_HEADER_SIZE ==> r->header[i] == \old(r->header[i]);
*/
static fr_status stream_header(fr_recorder *r, const uint8_t *p, size_t len, size_t *at)
{
  const size_t missing = FR_HEADER_SIZE - r->stream.header_len;
  const size_t k = missing < len ? missing : len;
  *at = k;
  if (k == 0) return FR_OK;
  uint8_t *h = r->system->header_in_place ? r->header : r->pending;
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
  requires n_valid: \valid(n) && \separated(n, r) && \separated(n, r->system);
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
    assumes told: status != FR_NO_SPACE && r->system->error != FR_ERROR_BLOCKS;
    ensures status: \result == status;
    ensures error: r->error == (\old(r->error) == FR_OK ? status : \old(r->error));
    ensures same: r->stuck == \old(r->stuck) && r->stream.unread == \old(r->stream.unread) && *n == \old(*n);
  behavior blocks:
    assumes blocks: status != FR_NO_SPACE && r->system->error == FR_ERROR_BLOCKS;
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
        r->stream.pending_len = (uint32_t)have;
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
  if (!r->stream.begun) return FR_NOT_ENABLED;
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
