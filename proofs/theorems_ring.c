/* What a reader may rely on about the bytes of a ring, each theorem with one sentence. Nothing here is compiled into
 * the program: the functions are calls of the core whose contracts say what always comes of them. */

#include "ring.h"

/* What stays after a rotation is a suffix: from some generation on all of them, in their order, with number, times
 * and bytes as they were, and nothing else; the former active one is the last. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures suffix: \result == FR_OK ==> \exists integer k; 0 <= k <= \old(r->n) && r->n == \old(r->n) - k + 1 &&
    rg_shifted{Pre, Post}(r, k, r->n - 1) && r->store.first == \old(rg_start(r, k));
  ensures bytes: rg_bytes{Pre, Post}(r);
  ensures newest: r->store.end == \old(r->store.end);
*/
fr_status thm_suffix(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  (void)k;
  //@ assert apart_start: \separated(&r->store.end, r->table.start + (0 .. r->table.slots - 1));
  //@ assert apart_account: \separated(&r->store.end, r->table.account + (0 .. r->table.slots - 1));
  //@ assert apart_gen: \separated(&r->store.end, r->table.gen + (0 .. r->table.slots - 1));
  //@ assert apart_stamp: \separated(&r->store.end, r->table.stamp + (0 .. r->table.slots - 1));
  const fr_status status = fr_ring_rotate(r, now, max_bytes, min_age);
  //@ assert newest: r->store.end == \at(r->store.end, Pre);
  //@ assert count: status == FR_OK ==> r->n == \at(r->n, Pre) - k + 1;
  //@ assert kept: status == FR_OK ==> rg_shifted{Pre, Here}(r, k, r->n - 1);
  //@ assert first: status == FR_OK ==> r->store.first == rg_start{Pre}(r, k);
  return status;
}

/* Older bytes never change (1): append leaves each byte that is held at its position with its value. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures held: r->store.first == \old(r->store.first) && r->store.end >= \old(r->store.end);
  ensures bytes: \forall integer pos; r->store.first <= pos < \old(r->store.end) ==>
    rg_byte(r, pos) == \old(rg_byte(r, pos));
*/
fr_status thm_older_append(fr_ring *r, const uint8_t *src, size_t n, uint64_t account)
{
  return fr_ring_append(r, src, n, account);
}

/* Older bytes never change (2): nor does label touch one. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->table.gen[r->n], r->table.min_time[r->n], r->table.stamp[r->n];
  ensures held: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
void thm_older_label(fr_ring *r, uint64_t gen, int64_t min_time, uint64_t stamp)
{
  fr_ring_label(r, gen, min_time, stamp);
}

/* Older bytes never change (3): rotate forgets bytes, and those still held are as they were. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures held: r->store.first >= \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
fr_status thm_older_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  (void)k;
  //@ assert apart_start: \separated(&r->store.end, r->table.start + (0 .. r->table.slots - 1));
  //@ assert apart_account: \separated(&r->store.end, r->table.account + (0 .. r->table.slots - 1));
  //@ assert apart_gen: \separated(&r->store.end, r->table.gen + (0 .. r->table.slots - 1));
  //@ assert apart_stamp: \separated(&r->store.end, r->table.stamp + (0 .. r->table.slots - 1));
  //@ assert behind: rg_start(r, k) >= r->store.first;
  const fr_status status = fr_ring_rotate(r, now, max_bytes, min_age);
  //@ assert end: r->store.end == \at(r->store.end, Pre);
  //@ assert first: r->store.first >= \at(r->store.first, Pre);
  return status;
}

/* Older bytes never change (4): in another arena they are the same. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires apart: rg_apart(r, buf, cap, &r->table);
  requires buf_apart: \separated(buf + (0 .. cap - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  terminates \true;
  exits \false;
  assigns r->store.buf \from buf;
  assigns r->store.cap, r->store.tail, buf[0 .. cap - 1];
  ensures held: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
fr_status thm_older_move_arena(fr_ring *r, uint8_t *buf, size_t cap)
{
  return fr_ring_move_arena(r, buf, cap);
}

/*@
  // What fr_ring_move_table asks of another table.
  predicate thm_other_table{L}(fr_ring *r, fr_table *t) =
    rg_valid(t) && rg_apart(r, r->store.buf, r->store.cap, t) &&
    \separated(t, r, t->start + (0 .. t->slots - 1), t->account + (0 .. t->slots - 1),
      t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1), t->stamp + (0 .. t->slots - 1)) &&
    \separated(r->table.start + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1)) &&
    \separated(r->table.account + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
      t->account + (0 .. t->slots - 1)) &&
    \separated(r->table.gen + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
      t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1)) &&
    \separated(r->table.min_time + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
      t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1),
      t->stamp + (0 .. t->slots - 1)) &&
    \separated(r->table.stamp + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
      t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1),
      t->stamp + (0 .. t->slots - 1));
*/

/* Older bytes never change (5): nor does another table touch one. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires t_read: \valid_read(t);
  requires other: thm_other_table(r, t);
  terminates \true;
  exits \false;
  assigns r->table \from *t;
  assigns t->start[0 .. t->slots - 1], t->account[0 .. t->slots - 1], t->gen[0 .. t->slots - 1],
    t->min_time[0 .. t->slots - 1], t->stamp[0 .. t->slots - 1];
  ensures held: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
fr_status thm_older_move_table(fr_ring *r, const fr_table *t)
{
  const fr_status status = fr_ring_move_table(r, t);
  //@ assert first: r->store.first == \at(r->store.first, Pre);
  //@ assert end: r->store.end == \at(r->store.end, Pre);
  //@ assert arena: r->store.buf == \at(r->store.buf, Pre);
  //@ assert cap: r->store.cap == \at(r->store.cap, Pre);
  //@ assert tail: r->store.tail == \at(r->store.tail, Pre);
  return status;
}

/*@
  // hist is all that was ever appended: the ring holds of it the bytes from first to end.
  predicate thm_history{L}(fr_ring *r, uint8_t *hist) =
    \forall integer pos; r->store.first <= pos < r->store.end ==> rg_byte(r, pos) == hist[pos];
*/

/* The history (1): let hist[0 .. total - 1] be any bytes. A ring that holds what hist has at the same positions, and to
 * which the next bytes of hist are appended, goes on doing so. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires hist_read: \valid_read(hist + (0 .. total - 1));
  requires hist_apart: \separated(hist + (0 .. total - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires hist_range: r->store.end + n <= total;
  requires history: thm_history(r, hist);
  requires next: \forall integer k; 0 <= k < n ==> src[k] == hist[r->store.end + k];
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures history: thm_history(r, hist);
  ensures same_hist: \forall integer pos; 0 <= pos < total ==> hist[pos] == \old(hist[pos]);
*/
fr_status thm_history_append(fr_ring *r, const uint8_t *src, size_t n, uint64_t account, const uint8_t *hist,
                             uint64_t total)
{
  (void)hist;
  (void)total;
  const fr_status status = fr_ring_append(r, src, n, account);
  //@ assert same_hist: \forall integer pos; 0 <= pos < total ==> hist[pos] == \at(hist[pos], Pre);
  /*@ assert old_part: \forall integer pos; r->store.first <= pos < \at(r->store.end, Pre) ==>
    rg_byte(r, pos) == hist[pos]; */
  return status;
}

/* The history (2): and so it does after a rotation. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires history: thm_history(r, hist);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures history: thm_history(r, hist);
*/
fr_status thm_history_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age, const uint8_t *hist)
{
  (void)hist;
  return thm_older_rotate(r, now, max_bytes, min_age);
}

/* The history (3): and in another arena. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires apart: rg_apart(r, buf, cap, &r->table);
  requires buf_apart: \separated(buf + (0 .. cap - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  requires hist_read: \valid_read(hist + (0 .. total - 1));
  requires hist_apart: \separated(hist + (0 .. total - 1), buf + (0 .. cap - 1));
  requires hist_range: r->store.end <= total;
  requires history: thm_history(r, hist);
  terminates \true;
  exits \false;
  assigns r->store.buf \from buf;
  assigns r->store.cap, r->store.tail, buf[0 .. cap - 1];
  ensures history: thm_history(r, hist);
*/
fr_status thm_history_move_arena(fr_ring *r, uint8_t *buf, size_t cap, const uint8_t *hist, uint64_t total)
{
  (void)hist;
  (void)total;
  const fr_status status = fr_ring_move_arena(r, buf, cap);
  //@ assert same_hist: \forall integer pos; 0 <= pos < total ==> hist[pos] == \at(hist[pos], Pre);
  return status;
}

/* The history (4): and with another table. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires t_read: \valid_read(t);
  requires other: thm_other_table(r, t);
  requires history: thm_history(r, hist);
  terminates \true;
  exits \false;
  assigns r->table \from *t;
  assigns t->start[0 .. t->slots - 1], t->account[0 .. t->slots - 1], t->gen[0 .. t->slots - 1],
    t->min_time[0 .. t->slots - 1], t->stamp[0 .. t->slots - 1];
  ensures history: thm_history(r, hist);
*/
fr_status thm_history_move_table(fr_ring *r, const fr_table *t, const uint8_t *hist)
{
  (void)hist;
  return thm_older_move_table(r, t);
}

/* The history (5): and whatever number and times the active generation is given. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires history: thm_history(r, hist);
  terminates \true;
  exits \false;
  assigns r->table.gen[r->n], r->table.min_time[r->n], r->table.stamp[r->n];
  ensures history: thm_history(r, hist);
*/
void thm_history_label(fr_ring *r, uint64_t gen, int64_t min_time, uint64_t stamp, const uint8_t *hist)
{
  (void)hist;
  thm_older_label(r, gen, min_time, stamp);
}

/* No room leaves all unchanged (1): an append that says so has changed nothing that the ring tells. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures same: \result == FR_NO_SPACE ==> rg_same{Pre, Post}(r);
*/
fr_status thm_no_space_append(fr_ring *r, const uint8_t *src, size_t n, uint64_t account)
{
  return fr_ring_append(r, src, n, account);
}

/* No room leaves all unchanged (2): nor has a rotation. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures same: \result == FR_NO_SPACE ==> rg_same{Pre, Post}(r);
*/
fr_status thm_no_space_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  return fr_ring_rotate(r, now, max_bytes, min_age);
}

/* No room leaves all unchanged (3): nor has a move to another arena, and the ring stays in the old one. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires apart: rg_apart(r, buf, cap, &r->table);
  requires buf_apart: \separated(buf + (0 .. cap - 1), r->store.buf + (0 .. r->store.cap - 1));
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  terminates \true;
  exits \false;
  assigns r->store.buf \from buf;
  assigns r->store.cap, r->store.tail, buf[0 .. cap - 1];
  ensures same: \result == FR_NO_SPACE ==> rg_same{Pre, Post}(r);
  ensures arena: \result == FR_NO_SPACE ==> r->store.buf == \old(r->store.buf) && r->store.cap == \old(r->store.cap);
*/
fr_status thm_no_space_move_arena(fr_ring *r, uint8_t *buf, size_t cap)
{
  return fr_ring_move_arena(r, buf, cap);
}

/* No room leaves all unchanged (4): nor has a move to another table, and the ring keeps the old one. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires t_read: \valid_read(t);
  requires other: thm_other_table(r, t);
  terminates \true;
  exits \false;
  assigns r->table \from *t;
  assigns t->start[0 .. t->slots - 1], t->account[0 .. t->slots - 1], t->gen[0 .. t->slots - 1],
    t->min_time[0 .. t->slots - 1], t->stamp[0 .. t->slots - 1];
  ensures same: \result == FR_NO_SPACE ==> rg_same{Pre, Post}(r);
  ensures table: \result == FR_NO_SPACE ==> r->table == \old(r->table);
*/
fr_status thm_no_space_move_table(fr_ring *r, const fr_table *t)
{
  const fr_status status = fr_ring_move_table(r, t);
  //@ assert first: r->store.first == \at(r->store.first, Pre);
  //@ assert end: r->store.end == \at(r->store.end, Pre);
  //@ assert accounted: r->accounted == \at(r->accounted, Pre);
  //@ assert arena: r->store.buf == \at(r->store.buf, Pre);
  //@ assert cap: r->store.cap == \at(r->store.cap, Pre);
  //@ assert tail: r->store.tail == \at(r->store.tail, Pre);
  //@ assert bytes: rg_bytes{Pre, Here}(r);
  return status;
}
