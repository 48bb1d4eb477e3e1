#include "keeper.h"
#include "frequency.h"

/* Sets what is known of the clock. */
/*@
  requires memory: kp_memory(k);
  requires ring: rg_ok(&k->ring);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->rate.sig, k->rate.exp;
  ensures memory: kp_memory(k);
  ensures ring: rg_ok(&k->ring);
  ensures rate: k->has_frequency == has_frequency && k->rate.sig == sig && k->rate.exp == exp;
  ensures same: rg_same{Pre, Post}(&k->ring);
*/
static void put_rate(fr_keeper *k, bool has_frequency, int64_t sig, int32_t exp)
{
  //@ assert apart: \separated(&k->rate.sig, k->ring.table.min_time + (0 .. k->ring.table.slots - 1));
  k->has_frequency = has_frequency;
  k->rate.sig = sig;
  k->rate.exp = exp;
  //@ assert mins: rg_mins{Pre, Here}(&k->ring, 0, k->ring.n);
}

void fr_keeper_init(fr_keeper *k, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t)
{
  //@ assert min_time_apart: \separated(&k->rate.sig, t->min_time);
  //@ assert apart: kp_apart(k, system, arena, cap, t);
  //@ ghost uint64_t *start = t->start, *account = t->account, *gen = t->gen, *stamp = t->stamp;
  //@ ghost int64_t *min_time = t->min_time;
  //@ ghost uint32_t slots = t->slots;
  k->system = system;
  k->limits.max_bytes = 0;
  k->limits.min_age = 0;
  k->has_frequency = false;
  k->rate.sig = 0;
  k->rate.exp = 0;
  k->locked = false;
  //@ assert same_start: t->start == start;
  //@ assert same_account: t->account == account;
  //@ assert same_gen: t->gen == gen;
  //@ assert same_min_time: t->min_time == min_time;
  //@ assert same_stamp: t->stamp == stamp;
  //@ assert same_slots: t->slots == slots;
  fr_ring_init(&k->ring, arena, cap, t);
  //@ assert sig: k->rate.sig == 0;
  //@ assert start: k->ring.table.start == start && k->ring.table.account == account && k->ring.table.gen == gen;
  //@ assert stamp: k->ring.table.stamp == stamp && k->ring.table.min_time == min_time && k->ring.table.slots == slots;
  //@ assert apart_now: kp_separate(k, system, arena, cap, start, account, gen, min_time, stamp, slots);
  //@ assert memory: kp_memory(k);
  //@ assert nothing: un_whole(&k->ring, 0, 0);
}

void fr_keeper_set_frequency(fr_keeper *k, uint64_t ticks_per_second)
{
  const fr_rate rate = fr_clock_rate(ticks_per_second);
  put_rate(k, true, rate.sig, rate.exp);
}

/* What the clock is said to be is over with the active generation, unless it was given. */
/*@
  requires memory: kp_memory(k);
  requires ring: rg_ok(&k->ring);
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->rate.sig, k->rate.exp;
  ensures memory: kp_memory(k);
  ensures ring: rg_ok(&k->ring);
  ensures sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  ensures forgotten: kp_forgotten{Pre, Post}(k);
  ensures same: rg_same{Pre, Post}(&k->ring);
*/
static void forget_rate(fr_keeper *k)
{
  if (k->system->frequency != FR_FREQUENCY_GIVEN) put_rate(k, false, 0, 0);
}

void fr_keeper_clear(fr_keeper *k)
{
  //@ assert slots: k->ring.table.slots > 0;
  //@ assert apart: \separated(&k->rate.sig, k->ring.table.min_time);
  fr_ring_clear(&k->ring);
  //@ assert same_sig: k->rate.sig == \at(k->rate.sig, Pre);
  //@ assert same_rate: kp_same_rate{Pre, Here}(k);
  //@ assert records: un_whole(&k->ring, 0, 0);
  //@ assert memory: kp_memory(k);
  forget_rate(k);
  //@ assert nothing: rg_start(&k->ring, 0) == k->ring.store.end;
  //@ assert begun: kp_begun(k);
  //@ assert empty_records: kp_records(k);
}

/* A time in ns, as the system converts it. */
/*@
  requires k_read: \valid_read(k) && \valid_read(k->system);
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures nanoseconds: \result == kp_now(k, ticks);
*/
static int64_t nanoseconds(const fr_keeper *k, uint64_t ticks)
{
  const int64_t ns = fr_clock_ns(&k->rate, ticks);
  return k->system->saturates && ns == INT64_MIN ? INT64_MAX : ns;
}

/* The signed number with the bits of t. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures value: \result == kp_signed(t);
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
  ensures value: \result == kp_bits(t);
*/
static uint64_t to_bits(int64_t t)
{
  return t >= 0 ? (uint64_t)t : UINT64_MAX - (uint64_t)(-(t + 1));
}

/* The minimum time of the active generation, in ns. */
/*@
  requires k_read: \valid_read(k) && \valid_read(k->system);
  requires stamp_read: \valid_read(k->ring.table.stamp + (0 .. k->ring.table.slots - 1));
  requires n_range: k->ring.n < k->ring.table.slots;
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures min_time: \result == kp_min_time(k);
*/
static int64_t min_time(const fr_keeper *k)
{
  const uint64_t stamp = k->ring.table.stamp[k->ring.n];
  return k->system->nanoseconds ? to_signed(stamp) : nanoseconds(k, stamp);
}

/* The least time in the active generation, as it is measured, when a batch of this time is added. */
/*@
  requires k_read: \valid_read(k) && \valid_read(k->system);
  requires stamp_read: \valid_read(k->ring.table.stamp + (0 .. k->ring.table.slots - 1));
  requires n_range: k->ring.n < k->ring.table.slots;
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures least: \result == kp_least(k, kp_stamp(k), time);
*/
static uint64_t least_time(const fr_keeper *k, uint64_t time)
{
  const uint64_t least = k->ring.table.stamp[k->ring.n];
  if (time == 0 && !k->system->zero_is_time) return least;
  if (!k->system->nanoseconds) return least == 0 || least > time ? time : least;
  const int64_t ns = nanoseconds(k, time);
  return least == 0 || to_signed(least) > ns ? to_bits(ns) : least;
}

/* The number of the active generation; 0: not known. */
/*@
  requires k_read: \valid_read(k);
  requires gen_read: \valid_read(k->ring.table.gen + (0 .. k->ring.table.slots - 1));
  requires n_range: k->ring.n < k->ring.table.slots;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures number: \result == kp_gen(k);
*/
static uint64_t number(const fr_keeper *k)
{
  return k->ring.table.gen[k->ring.n];
}

/* The number of the newest complete generation; 0: there is none. */
/*@
  requires k_read: \valid_read(k);
  requires gen_read: \valid_read(k->ring.table.gen + (0 .. k->ring.table.slots - 1));
  requires n_range: k->ring.n < k->ring.table.slots;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures newest: \result == kp_newest(k);
*/
static uint64_t newest(const fr_keeper *k)
{
  return k->ring.n == 0 ? 0 : k->ring.table.gen[k->ring.n - 1];
}

/* Writes the minimum time of the active generation. */
/*@
  requires memory: kp_memory(k);
  requires ring: rg_ok(&k->ring);
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  terminates \true;
  exits \false;
  assigns k->ring.table.gen[k->ring.n], k->ring.table.min_time[k->ring.n], k->ring.table.stamp[k->ring.n];
  ensures memory: kp_memory(k);
  ensures ring: rg_ok(&k->ring);
  ensures min_time: rg_min(&k->ring, k->ring.n) == \old(kp_min_time(k));
  ensures same_table: kp_same_table{Pre, Post}(k);
  ensures same_store: kp_same_store{Pre, Post}(k);
  ensures same_rate: kp_same_rate{Pre, Post}(k);
  ensures same_limits: k->limits.max_bytes == \old(k->limits.max_bytes) && k->limits.min_age == \old(k->limits.min_age);
*/
static void label_time(fr_keeper *k)
{
  //@ assert limits_apart: \separated(&k->limits, k->ring.table.min_time + (0 .. k->ring.table.slots - 1));
  fr_ring_label(&k->ring, number(k), min_time(k), k->ring.table.stamp[k->ring.n]);
}

/* Completes the active generation, whose minimum time is written. */
/*@
  requires memory: kp_memory(k);
  requires ring: rg_ok(&k->ring);
  requires sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  requires min_time: rg_min(&k->ring, k->ring.n) == kp_min_time(k);
  terminates \true;
  exits \false;
  assigns k->ring.n, k->ring.store.tail, k->ring.store.first,
    k->ring.table.start[0 .. k->ring.table.slots - 1], k->ring.table.account[0 .. k->ring.table.slots - 1],
    k->ring.table.gen[0 .. k->ring.table.slots - 1], k->ring.table.min_time[0 .. k->ring.table.slots - 1],
    k->ring.table.stamp[0 .. k->ring.table.slots - 1];
  ensures memory: kp_memory(k);
  ensures ring: rg_ok(&k->ring);
  ensures status: \result == FR_OK || \result == FR_NO_SPACE;
  ensures room: \old(k->ring.n) + 1 < k->ring.table.slots ==> \result == FR_OK;
  ensures same_rate: kp_same_rate{Pre, Post}(k);
  ensures same: \result != FR_OK ==> rg_same{Pre, Post}(&k->ring);
  ensures pruned: \result == FR_OK ==> kp_pruned{Pre, Post}(k, clock);
  ensures kept: \result == FR_OK ==> kp_kept{Pre, Post}(k);
  ensures kept_bytes: \result == FR_OK ==> kp_kept_bytes{Pre, Post}(k);
  ensures begun: \result == FR_OK ==> kp_begun(k);
*/
static fr_status complete(fr_keeper *k, uint64_t clock)
{
  //@ assert apart: \separated(&k->rate.sig, k->ring.table.min_time + (0 .. k->ring.table.slots - 1));
  const fr_status status = fr_ring_rotate(&k->ring, nanoseconds(k, clock), k->limits.max_bytes, k->limits.min_age);
  //@ assert same_sig: k->rate.sig == \at(k->rate.sig, Pre);
  //@ assert starts: status == FR_OK ==> rg_starts{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert accounts: status == FR_OK ==> rg_accounts{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert gens: status == FR_OK ==> rg_gens{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert stamps: status == FR_OK ==> rg_stamps{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert mins: status == FR_OK ==> rg_mins{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert newest: status == FR_OK ==> rg_min(&k->ring, k->ring.n - 1) == \at(rg_min(&k->ring, k->ring.n), Pre);
  return status;
}

fr_status fr_keeper_rotate(fr_keeper *k, uint64_t clock)
{
  label_time(k);
  //@ ghost Labelled: ;
  /*@ assert beyond: \forall integer i; 0 <= i <= k->ring.n ==>
        (kp_beyond(k, i, clock) <==> kp_beyond{Pre}(k, i, clock)); */
  const fr_status status = complete(k, clock);
  //@ ghost Completed: ;
  //@ assert sound: ck_rate_fine(k->rate.sig, k->rate.exp);
  if (status != FR_OK) {
    //@ assert same_table: kp_same_table{Pre, Here}(k);
    //@ assert same_bytes: rg_bytes{Pre, Here}(&k->ring);
    //@ assert same_records: kp_records(k);
    return status;
  }
  //@ assert pruned: kp_pruned{Pre, Here}(k, clock);
  //@ assert starts: rg_starts{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert accounts: rg_accounts{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert gens: rg_gens{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert stamps: rg_stamps{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 1);
  //@ assert mins: rg_mins{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 2);
  //@ assert newest: rg_min(&k->ring, k->ring.n - 1) == kp_min_time{Pre}(k);
  //@ assert kept_bytes: kp_kept_bytes{Pre, Here}(k);
  //@ assert same_rate: kp_same_rate{Pre, Here}(k);
  forget_rate(k);
  //@ assert mins_now: rg_mins{Pre, Here}(&k->ring, kp_gone{Pre, Here}(k), k->ring.n - 2);
  //@ assert newest_now: rg_min(&k->ring, k->ring.n - 1) == kp_min_time{Pre}(k);
  //@ assert kept_now: kp_kept{Pre, Here}(k);
  //@ assert begun: kp_begun(k);
  //@ assert forgotten: kp_forgotten{Pre, Here}(k);
  //@ assert records: kp_records(k);
  return status;
}

/* Ends the active generation before a batch of the next one, as x/exp does. */
static fr_status turn_next(fr_keeper *k, const fr_frame *f, uint64_t clock)
{
  const uint64_t gen = number(k);
  if (f->kind != FR_FRAME_BATCH || gen == 0 || f->b.gen != (gen == UINT64_MAX ? 0 : gen + 1)) return FR_OK;
  if (k->locked) return FR_DEADLOCK;
  if (k->has_frequency) return fr_keeper_rotate(k, clock);
  k->locked = true;
  return FR_NO_FREQUENCY;
}

/* Ends it before a batch of the next one where there are no end marks, and refuses what is out of sequence. */
static fr_status turn_both(fr_keeper *k, uint32_t version, const fr_frame *f, uint64_t clock)
{
  const uint64_t gen = number(k);
  if (f->kind == FR_FRAME_MARK) {
    if (gen == 0) return FR_BAD_END_MARK;
    if (!k->has_frequency) return FR_NO_FREQUENCY;
    return k->ring.n + 1 < k->ring.table.slots ? FR_OK : FR_NO_SPACE; /* completing it must not fail then */
  }
  if (f->b.gen == 0) return FR_BAD_GENERATION;
  if (gen == 0) return newest(k) == 0 || f->b.gen - 1 == newest(k) ? FR_OK : FR_BAD_GENERATION;
  if (f->b.gen == gen) return FR_OK;
  if (version >= k->system->end_marks_since || f->b.gen - 1 != gen) return FR_BAD_GENERATION;
  return k->has_frequency ? fr_keeper_rotate(k, clock) : FR_NO_FREQUENCY;
}

/* Ends the active generation if the frame begins another. */
static fr_status turn(fr_keeper *k, uint32_t version, const fr_frame *f, uint64_t clock)
{
  if (k->system->rotation == FR_ROTATION_NEXT) return turn_next(k, f, clock);
  return k->system->rotation == FR_ROTATION_BOTH ? turn_both(k, version, f, clock) : FR_OK;
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

/* What the frame at p[0] says of the frequency. FR_NO_FREQUENCY: nothing. FR_BAD_FREQUENCY, if the system takes those
 * lightly: that what is known no longer holds; else, and FR_TRAILING: an error. */
static fr_status tell(const fr_keeper *k, uint32_t version, const fr_frame *f, const uint8_t *p, uint64_t *ticks)
{
  if (f->kind != FR_FRAME_BATCH || f->b.experiment != 0) return FR_NO_FREQUENCY;
  const fr_status told = find_frequency(k->system, version, f->b.type, p + f->data, (size_t)f->b.size, ticks);
  return told == FR_OK && k->has_frequency && k->system->frequency == FR_FREQUENCY_EXACT ? FR_BAD_FREQUENCY : told;
}

/* The number that the active generation has with the frame f in it. */
static uint64_t number_with(const fr_keeper *k, const fr_frame *f)
{
  const uint64_t gen = number(k);
  return gen == 0 && f->kind == FR_FRAME_BATCH ? f->b.gen : gen;
}

/* Gives the active generation the number gen, if that changes what a snapshot will show of it. */
static void settle(fr_keeper *k, uint64_t gen)
{
  if (k->system->verbatim || gen == number(k)) return;
  fr_unnumbered_settle(&k->ring, gen);
  fr_ring_label(&k->ring, gen, 0, k->ring.table.stamp[k->ring.n]);
}

/* Appends the frame f at p[0] without its header, behind a new one if it is a batch. */
static fr_status keep_numbered(fr_keeper *k, const fr_frame *f, const uint8_t *p, uint64_t account)
{
  uint8_t head[FR_BATCH_HEADER_MAX];
  const fr_batch b = {FR_EVENT_BATCH, 0, number(k), f->b.m, f->b.time, f->b.size};
  const size_t len = f->kind == FR_FRAME_BATCH ? fr_batch_put(head, &b) : 0;
  return fr_ring_append_two(&k->ring, head, len, p + f->data, (size_t)f->b.size, account);
}

/* Appends the record that will become that. */
static fr_status keep_unnumbered(fr_keeper *k, const fr_frame *f, const uint8_t *p, uint64_t account)
{
  uint8_t head[FR_BATCH_HEADER_MAX];
  const fr_batch b = {FR_EVENT_BATCH, 0, 0, f->b.m, f->b.time, f->b.size};
  const bool batch = f->kind == FR_FRAME_BATCH;
  const size_t len = batch ? fr_batch_put(head, &b) - 2 : 0; /* type and 0 go */
  return fr_unnumbered_append(&k->ring, batch, head + 2, len, p + f->data, (size_t)f->b.size, account);
}

/* Appends what a snapshot shows of the frame f at p[0], or the record that will become it. */
static fr_status keep(fr_keeper *k, const fr_frame *f, const uint8_t *p)
{
  const uint64_t account = fr_frame_account(k->system, f);
  if (k->system->verbatim) return fr_ring_append(&k->ring, p, f->used, account);
  return number(k) != 0 ? keep_numbered(k, f, p, account) : keep_unnumbered(k, f, p, account);
}

/* Takes note of number and time of a frame that was kept, and of what it says of the frequency. */
static void note(fr_keeper *k, const fr_frame *f, uint64_t gen, fr_status told, uint64_t ticks)
{
  if (f->kind == FR_FRAME_BATCH) fr_ring_label(&k->ring, gen, 0, least_time(k, f->b.time));
  if (told == FR_OK) fr_keeper_set_frequency(k, ticks);
  if (told == FR_BAD_FREQUENCY) put_rate(k, false, k->rate.sig, k->rate.exp);
}

fr_status fr_keeper_take(fr_keeper *k, uint32_t version, const fr_frame *f, const uint8_t *p, uint64_t clock)
{
  uint64_t ticks = 0;
  fr_status status = turn(k, version, f, clock);
  if (status != FR_OK) return status;
  const fr_status told = tell(k, version, f, p, &ticks);
  if (told == FR_TRAILING || (told == FR_BAD_FREQUENCY && k->system->frequency != FR_FREQUENCY_LOOSE)) return told;
  const uint64_t gen = number_with(k, f);
  settle(k, gen);
  status = keep(k, f, p);
  if (status != FR_OK) return status;
  note(k, f, gen, told, ticks);
  return f->kind == FR_FRAME_MARK && k->system->rotation == FR_ROTATION_BOTH ? fr_keeper_rotate(k, clock) : FR_OK;
}
