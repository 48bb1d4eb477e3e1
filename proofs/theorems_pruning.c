/* What a reader may rely on about pruning and the size of a ring, each theorem with one sentence. Nothing here is
 * compiled into the program: the functions are calls of the core whose contracts say what always comes of them. */

#include "ring.h"

/*@
  // Generation k is the oldest that stays: those after it are within both limits, each with all that follows it, and it
  // reaches a limit itself unless none is older.
  predicate thm_oldest_kept{L}(fr_ring *r, integer k, integer now, integer max_bytes, integer min_age) =
    0 <= k <= r->n &&
    (\forall integer i; k < i <= r->n ==> !rg_stop(rg_since(r, i), rg_min(r, i), now, max_bytes, min_age)) &&
    (k > 0 ==> rg_stop(rg_since(r, k), rg_min(r, k), now, max_bytes, min_age));

  axiomatic thm_pruning {
    // No two generations are the oldest that stays.
    lemma thm_oldest_unique{L}: \forall fr_ring *r, integer k1, k2, now, max_bytes, min_age;
      thm_oldest_kept(r, k1, now, max_bytes, min_age) ==> thm_oldest_kept(r, k2, now, max_bytes, min_age) ==> k1 == k2;

    // Wider limits keep at least as much.
    lemma thm_oldest_monotone{L}: \forall fr_ring *r, integer k1, k2, now, bytes1, bytes2, age1, age2;
      bytes1 <= bytes2 ==> age1 <= age2 ==>
      thm_oldest_kept(r, k1, now, bytes1, age1) ==> thm_oldest_kept(r, k2, now, bytes2, age2) ==> k2 <= k1;
  }
*/

/* Pruning is the rule: the walk from the newest generation to older ones finds the one generation that the rule's
 * description without a walk names, and only that. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures walk: \result == rg_keep(r, now, max_bytes, min_age);
  ensures same_rule: \forall integer k; thm_oldest_kept(r, k, now, max_bytes, min_age) <==> k == \result;
*/
uint32_t thm_pruning_rule(const fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  //@ assert kept: thm_oldest_kept(r, k, now, max_bytes, min_age);
  return k;
}

/* Maximal: if a generation goes, those after it, without a byte of it, are already above max_bytes, or the one that
 * follows it already began more than min_age ago. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures keep: \result == rg_keep(r, now, max_bytes, min_age);
  ensures beyond: \result > 0 ==>
    rg_since(r, \result) > max_bytes || ck_sub(now, rg_min(r, \result)) > min_age;
*/
uint32_t thm_pruning_maximal(const fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  return fr_ring_keep(r, now, max_bytes, min_age);
}

/* Monotone: a higher limit of bytes, of age, or of both, never keeps less. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires wider: bytes1 <= bytes2 && age1 <= age2;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures monotone: rg_keep(r, now, bytes2, age2) <= rg_keep(r, now, bytes1, age1);
  ensures difference: \result == rg_keep(r, now, bytes1, age1) - rg_keep(r, now, bytes2, age2);
*/
uint32_t thm_pruning_monotone(const fr_ring *r, int64_t now, int64_t bytes1, int64_t age1, int64_t bytes2, int64_t age2)
{
  const uint32_t k1 = fr_ring_keep(r, now, bytes1, age1);
  //@ assert kept_1: thm_oldest_kept(r, k1, now, bytes1, age1);
  const uint32_t k2 = fr_ring_keep(r, now, bytes2, age2);
  //@ assert kept_2: thm_oldest_kept(r, k2, now, bytes2, age2);
  return k1 - k2;
}

/* The newest complete generation always stays, whatever the limits: after a rotation it is the one that was active,
 * with its number, times, place and sizes. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures one: \result == FR_OK ==> r->n >= 1;
  ensures label: \result == FR_OK ==>
    rg_gen(r, r->n - 1) == \old(rg_gen(r, r->n)) && rg_min(r, r->n - 1) == \old(rg_min(r, r->n)) &&
    rg_stamp(r, r->n - 1) == \old(rg_stamp(r, r->n));
  ensures place: \result == FR_OK ==> rg_start(r, r->n - 1) == \old(rg_start(r, r->n));
  ensures stored: \result == FR_OK ==> rg_stored(r, r->n - 1) == \old(rg_stored(r, r->n));
  ensures size: \result == FR_OK ==> rg_size(r, r->n - 1) == \old(rg_size(r, r->n));
*/
fr_status thm_newest_kept(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  (void)k;
  //@ assert apart_start: \separated(&r->store.end, r->table.start + (0 .. r->table.slots - 1));
  //@ assert apart_account: \separated(&r->store.end, r->table.account + (0 .. r->table.slots - 1));
  //@ assert apart_gen: \separated(&r->store.end, r->table.gen + (0 .. r->table.slots - 1));
  //@ assert apart_stamp: \separated(&r->store.end, r->table.stamp + (0 .. r->table.slots - 1));
  const fr_status status = fr_ring_rotate(r, now, max_bytes, min_age);
  //@ assert same_end: r->store.end == \at(r->store.end, Pre);
  //@ assert same_accounted: r->accounted == \at(r->accounted, Pre);
  //@ assert count: status == FR_OK ==> r->n - 1 + k == \at(r->n, Pre);
  //@ assert place: status == FR_OK ==> rg_start(r, r->n - 1) == \at(rg_start(r, r->n), Pre);
  //@ assert account: status == FR_OK ==> rg_account(r, r->n - 1) == \at(rg_account(r, r->n), Pre);
  //@ assert label: status == FR_OK ==> rg_gen(r, r->n - 1) == \at(rg_gen(r, r->n), Pre);
  return status;
}

/* The overshoot bound: after a rotation the complete generations without the oldest of them are within max_bytes, so
 * that all of them exceed it (or 0, if it is negative) by no more than the oldest one's size. A negative limit leaves
 * one generation. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures within: \result == FR_OK ==> r->n > 1 ==> rg_account(r, r->n) - rg_account(r, 1) <= max_bytes;
  ensures bound: \result == FR_OK ==> rg_account(r, r->n) - rg_account(r, 0) <= \max(0, max_bytes) + rg_size(r, 0);
  ensures negative: \result == FR_OK ==> max_bytes < 0 ==> r->n == 1;
*/
fr_status thm_overshoot(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  (void)k;
  //@ assert second_within: k < r->n ==> rg_since(r, 1 + k) <= max_bytes;
  const fr_status status = fr_ring_rotate(r, now, max_bytes, min_age);
  //@ assert count: status == FR_OK ==> r->n == \at(r->n, Pre) - k + 1;
  //@ assert accounts: status == FR_OK ==> rg_accounts{Pre, Here}(r, k, r->n - 1);
  //@ assert newest: status == FR_OK ==> rg_account(r, r->n) == \at(r->accounted, Pre);
  //@ assert second: status == FR_OK ==> r->n > 1 ==> rg_account(r, 1) == rg_account{Pre}(r, 1 + k);
  return status;
}

/*@
  // Generations 0 .. n have as many bytes accounted as stored, each with all that follows it.
  predicate thm_as_stored{L}(fr_ring *r, integer n) =
    \forall integer i; 0 <= i <= n ==> r->accounted - rg_account(r, i) == r->store.end - rg_start(r, i);

  // None of them has more than max_generation bytes.
  predicate thm_sizes{L}(fr_ring *r, integer n, integer max_generation) =
    \forall integer i; 0 <= i <= n ==> rg_size(r, i) <= max_generation;

  // The complete generations without the oldest of them are within max_bytes.
  predicate thm_within{L}(fr_ring *r, integer max_bytes) =
    r->n > 1 ==> rg_account(r, r->n) - rg_account(r, 1) <= max_bytes;

  // A ring as a rotation leaves it and appends go on.
  predicate thm_bounded{L}(fr_ring *r, integer max_bytes, integer max_generation) =
    thm_as_stored(r, r->n) && thm_sizes(r, r->n, max_generation) && thm_within(r, max_bytes);

  axiomatic thm_one_more {
    lemma thm_as_stored_extend{L}: \forall fr_ring *r, integer n; thm_as_stored(r, n - 1) ==>
      r->accounted - rg_account(r, n) == r->store.end - rg_start(r, n) ==> thm_as_stored(r, n);
    lemma thm_sizes_extend{L}: \forall fr_ring *r, integer n, max_generation; thm_sizes(r, n - 1, max_generation) ==>
      rg_size(r, n) <= max_generation ==> thm_sizes(r, n, max_generation);
  }
*/

/* Enough memory is enough: where bytes are accounted as stored, an arena of what fr_ring_need asks for has room for
 * every append to a generation that stays within max_generation bytes, until positions end at 2^64 - 1. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires bounded: thm_bounded(r, max_bytes, max_generation);
  requires enough: \max(0, max_bytes) + 2 * max_generation <= r->store.cap;
  requires active: rg_stored(r, r->n) + n <= max_generation;
  requires positions: r->store.end + n <= UINT64_MAX && r->accounted + n <= UINT64_MAX;
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures never_full: \result == FR_OK;
  ensures bounded: thm_bounded(r, max_bytes, max_generation);
*/
fr_status thm_enough(fr_ring *r, int64_t max_bytes, uint64_t max_generation, const uint8_t *src, size_t n)
{
  (void)max_bytes;
  (void)max_generation;
  //@ assert room: n <= st_room(&r->store);
  const fr_status status = fr_ring_append(r, src, n, n);
  //@ assert as_stored: thm_as_stored(r, r->n);
  //@ assert complete_sizes: \forall integer i; 0 <= i < r->n ==> rg_size(r, i) == rg_size{Pre}(r, i);
  //@ assert active_size: rg_size(r, r->n) <= max_generation;
  //@ assert sizes: thm_sizes(r, r->n, max_generation);
  //@ assert within: thm_within(r, max_bytes);
  return status;
}

/* A ring is so bounded from the start. */
/*@
  requires r_valid: \valid(r);
  requires t_read: \valid_read(t);
  requires memory: \valid(buf + (0 .. cap - 1)) && rg_valid(t);
  requires apart: rg_apart(r, buf, cap, t);
  requires t_apart: \separated(t, r);
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  requires slots_range: t->slots >= 1;
  terminates \true;
  exits \false;
  assigns *r, t->start[0], t->account[0], t->gen[0], t->min_time[0], t->stamp[0];
  ensures bounded: \forall integer max_bytes, max_generation; 0 <= max_generation ==>
    thm_bounded(r, max_bytes, max_generation);
*/
void thm_bounded_init(fr_ring *r, uint8_t *buf, size_t cap, const fr_table *t)
{
  fr_ring_init(r, buf, cap, t);
  //@ assert empty: r->n == 0 && r->accounted == 0 && r->store.end == 0;
  //@ assert start: rg_start(r, 0) == 0;
  //@ assert account: rg_account(r, 0) == 0;
  //@ assert as_stored: thm_as_stored(r, r->n);
  //@ assert size: rg_size(r, 0) == 0;
}

/* A rotation leaves it so bounded, whatever max_bytes was before. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires as_stored: thm_as_stored(r, r->n);
  requires sizes: thm_sizes(r, r->n, max_generation);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures bounded: \result == FR_OK ==> thm_bounded(r, max_bytes, max_generation);
*/
fr_status thm_bounded_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age, uint64_t max_generation)
{
  (void)max_generation;
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  (void)k;
  //@ assert second_within: k < r->n ==> rg_since(r, 1 + k) <= max_bytes;
  //@ assert apart_start: \separated(&r->store.end, r->table.start + (0 .. r->table.slots - 1));
  //@ assert apart_account: \separated(&r->store.end, r->table.account + (0 .. r->table.slots - 1));
  //@ assert apart_gen: \separated(&r->store.end, r->table.gen + (0 .. r->table.slots - 1));
  //@ assert apart_stamp: \separated(&r->store.end, r->table.stamp + (0 .. r->table.slots - 1));
  const fr_status status = fr_ring_rotate(r, now, max_bytes, min_age);
  //@ assert same_end: r->store.end == \at(r->store.end, Pre);
  //@ assert same_accounted: r->accounted == \at(r->accounted, Pre);
  //@ assert count: status == FR_OK ==> r->n == \at(r->n, Pre) - k + 1;
  //@ assert accounts: status == FR_OK ==> rg_accounts{Pre, Here}(r, k, r->n - 1);
  //@ assert starts: status == FR_OK ==> rg_starts{Pre, Here}(r, k, r->n - 1);
  //@ assert complete: status == FR_OK ==> thm_as_stored(r, r->n - 1);
  //@ assert active: status == FR_OK ==> r->accounted == rg_account(r, r->n) && r->store.end == rg_start(r, r->n);
  //@ assert as_stored: status == FR_OK ==> thm_as_stored(r, r->n);
  /*@ assert older_same: status == FR_OK ==>
    \forall integer i; 0 <= i < r->n - 1 ==> rg_size(r, i) == rg_size{Pre}(r, i + k); */
  //@ assert older_sizes: status == FR_OK ==> thm_sizes(r, r->n - 2, max_generation);
  //@ assert newest_size: status == FR_OK ==> rg_size(r, r->n - 1) == \at(rg_size(r, r->n), Pre);
  //@ assert complete_sizes: status == FR_OK ==> thm_sizes(r, r->n - 1, max_generation);
  //@ assert active_size: status == FR_OK ==> rg_size(r, r->n) == 0;
  //@ assert sizes: status == FR_OK ==> thm_sizes(r, r->n, max_generation);
  //@ assert within: status == FR_OK ==> thm_within(r, max_bytes);
  return status;
}
