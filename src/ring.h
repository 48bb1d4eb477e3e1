#ifndef FR_RING_H
#define FR_RING_H

/* ring: which bytes belong to which generation, and which generations stay.
 *
 * A trace is a sequence of generations. The ring holds the newest ones: n complete generations, oldest first, and the
 * active one, to which batches are appended. Generation i (0 is the oldest, n the active one) has a label (number,
 * minimum time, and that time as it was measured) and begins where its predecessor ends. Rotation completes the active
 * generation and forgets those that lie wholly beyond the limits; one that crosses a limit stays, so the ring is at
 * most one generation above it.
 *
 * Two measures run side by side. Bytes *stored* are those that a snapshot shows; bytes *accounted* are those that the
 * limit counts. They differ in systems that estimate sizes. Both are kept as positions that only grow, and a size is
 * the difference of two.
 *
 * Limits: the arena and the table of generations belong to the caller; `slots` entries hold slots - 1 complete
 * generations and the active one. When either is full the call says FR_NO_SPACE, changes nothing, and can be repeated
 * after a move to larger memory. Times are nanoseconds of one clock; the ring never asks for the time. */

#include "clock.h"
#include "store.h"

/* The table of generations: five columns of `slots` entries each, in the caller's memory. Entry 0 is the oldest
 * generation. */
typedef struct {
  uint64_t *start;   /* position of its first byte in the store */
  uint64_t *account; /* accounted bytes before it */
  uint64_t *gen;     /* its number */
  int64_t *min_time; /* the least time in it, ns */
  uint64_t *stamp;   /* the same as the recorder measured it; the ring only keeps it */
  uint32_t slots;
} fr_table;

typedef struct {
  fr_store store;
  uint64_t accounted; /* accounted bytes in all */
  fr_table table;
  uint32_t n; /* complete generations; entry n of the table is the active one */
} fr_ring;

/* What fr_ring_generation tells. */
typedef struct {
  uint64_t gen;
  int64_t min_time; /* ns */
  uint64_t stamp;
  uint64_t size;  /* accounted bytes */
  uint64_t start; /* position of the first byte in the store */
  size_t stored;  /* bytes in the store */
} fr_generation;

#include "ring.acsl"

/* How many bytes of arena are always enough for generations of at most max_generation bytes each, where bytes are
 * accounted as they are stored: what the limit lets stay (max_bytes and one generation) and the active one. Rule G-6.
 * FR_NO_SPACE: that does not fit a store; *need is unchanged. */
/*@
  requires need_valid: \valid(need);
  terminates \true;
  exits \false;
  assigns *need;
  behavior ok:
    assumes fits: max_bytes + 2 * max_generation <= FR_STORE_MAX && max_bytes + max_generation > 0;
    ensures status: \result == FR_OK;
    ensures need: *need == max_bytes + 2 * max_generation;
  behavior too_much:
    assumes too_much: max_bytes + 2 * max_generation > FR_STORE_MAX || max_bytes + max_generation == 0;
    ensures status: \result == FR_NO_SPACE;
    ensures same: *need == \old(*need);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_need(uint64_t max_bytes, uint64_t max_generation, size_t *need);

/* Sets up a ring without generations over the caller's arena and table; the active generation is empty and has number 0
 * and minimum time 0. Rule G-1. */
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
  assigns r->store.buf \from buf;
  assigns r->table.start \from *t;
  assigns r->table.account \from *t;
  assigns r->table.gen \from *t;
  assigns r->table.min_time \from *t;
  assigns r->table.stamp \from *t;
  assigns r->store.cap, r->store.tail, r->store.first, r->store.end, r->accounted, r->n, r->table.slots, t->start[0],
    t->account[0], t->gen[0], t->min_time[0], t->stamp[0];
  ensures sound: rg_ok(r) && rg_memory(r);
  ensures arena: r->store.buf == buf && r->store.cap == cap;
  ensures columns: r->table.start == \old(t->start) && r->table.account == \old(t->account) &&
    r->table.gen == \old(t->gen) && r->table.min_time == \old(t->min_time) && r->table.stamp == \old(t->stamp) &&
    r->table.slots == \old(t->slots);
  ensures empty: r->n == 0 && r->store.first == 0 && r->store.end == 0 && r->accounted == 0;
  ensures positions: rg_start(r, 0) == 0 && rg_account(r, 0) == 0;
  ensures label: rg_gen(r, 0) == 0 && rg_min(r, 0) == 0 && rg_stamp(r, 0) == 0;
*/
void fr_ring_init(fr_ring *r, uint8_t *buf, size_t cap, const fr_table *t);

/* Forgets all: the ring is as fr_ring_init leaves it, over the same memory. Rule L-1. */
/*@
  requires memory: rg_memory(r);
  requires cap_range: 0 < r->store.cap <= FR_STORE_MAX;
  requires slots_range: r->table.slots >= 1;
  terminates \true;
  exits \false;
  assigns r->store.tail, r->store.first, r->store.end, r->accounted, r->n, r->table.start[0], r->table.account[0],
    r->table.gen[0], r->table.min_time[0], r->table.stamp[0];
  ensures sound: rg_ok(r);
  ensures memory: rg_memory(r);
  ensures arena: r->store.buf == \old(r->store.buf) && r->store.cap == \old(r->store.cap);
  ensures empty: r->n == 0 && r->store.first == 0 && r->store.end == 0 && r->accounted == 0;
  ensures positions: rg_start(r, 0) == 0 && rg_account(r, 0) == 0;
  ensures label: rg_gen(r, 0) == 0 && rg_min(r, 0) == 0 && rg_stamp(r, 0) == 0;
*/
void fr_ring_clear(fr_ring *r);

/* Gives the active generation its number and minimum time (ns), and that time as it was measured. Rule G-2. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns r->table.gen[r->n], r->table.min_time[r->n], r->table.stamp[r->n];
  ensures sound: rg_ok(r);
  ensures label: rg_gen(r, r->n) == gen && rg_min(r, r->n) == min_time && rg_stamp(r, r->n) == stamp;
  ensures complete_ones: rg_shifted{Pre, Post}(r, 0, r->n - 1);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures same_first: r->store.first == \old(r->store.first);
  ensures same_end: r->store.end == \old(r->store.end) && r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
  ensures same_start: rg_start(r, r->n) == \old(rg_start(r, r->n)) && rg_account(r, r->n) == \old(rg_account(r, r->n));
*/
void fr_ring_label(fr_ring *r, uint64_t gen, int64_t min_time, uint64_t stamp);

/* Appends src[0 .. n - 1] to the active generation and accounts `account` bytes for them. Rules G-2, S-3.
 * FR_NO_SPACE: the arena lacks room for n bytes (or 2^64 were accounted); nothing was changed. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  behavior ok:
    assumes fits: n <= st_room(&r->store) && account <= UINT64_MAX - r->accounted;
    ensures status: \result == FR_OK;
    ensures grown: r->store.end == \old(r->store.end) + n && r->accounted == \old(r->accounted) + account;
    ensures old_bytes: \forall integer pos; r->store.first <= pos < \old(r->store.end) ==>
      rg_byte(r, pos) == \old(rg_byte(r, pos));
    ensures new_bytes: \forall integer pos; \old(r->store.end) <= pos < r->store.end ==>
      rg_byte(r, pos) == \old(src[pos - r->store.end]);
  behavior full:
    assumes full: !(n <= st_room(&r->store) && account <= UINT64_MAX - r->accounted);
    ensures status: \result == FR_NO_SPACE;
    ensures same: rg_same{Pre, Post}(r);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_append(fr_ring *r, const uint8_t *src, size_t n, uint64_t account);

/* Appends head[0 .. head_len - 1] and body[0 .. body_len - 1], accounts `account` bytes for them, or does nothing.
 * Rules G-2, S-3. FR_NO_SPACE: the arena lacks room for both (or 2^64 were accounted); nothing was changed. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
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
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  behavior ok:
    assumes fits: head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted;
    ensures status: \result == FR_OK;
    ensures grown: r->store.end == \old(r->store.end) + head_len + body_len;
    ensures accounted: r->accounted == \old(r->accounted) + account;
    ensures old_bytes: \forall integer pos; r->store.first <= pos < \old(r->store.end) ==>
      rg_byte(r, pos) == \old(rg_byte(r, pos));
    ensures head: \forall integer pos; \old(r->store.end) <= pos < \old(r->store.end) + head_len ==>
      rg_byte(r, pos) == \old(head[pos - r->store.end]);
    ensures body: \forall integer pos; \old(r->store.end) + head_len <= pos < r->store.end ==>
      rg_byte(r, pos) == \old(body[pos - r->store.end - head_len]);
  behavior full:
    assumes full: !(head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted);
    ensures status: \result == FR_NO_SPACE;
    ensures same: rg_same{Pre, Post}(r);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_append_two(fr_ring *r, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len,
                             uint64_t account);

/* Overwrites the n bytes of the active generation that begin at position pos, which are held, by src[0 .. n - 1].
 * Nothing else changes. Rule G-2 (a generation that learns its number late, erratum E4). */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires active: rg_start(r, r->n) <= pos && pos + n <= r->store.end;
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), r) &&
    \separated(src + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures new_bytes: \forall integer at; pos <= at < pos + n ==> rg_byte(r, at) == \old(src[at - pos]);
  ensures bytes_before: \forall integer at; r->store.first <= at < pos ==> rg_byte(r, at) == \old(rg_byte(r, at));
  ensures bytes_behind: \forall integer at; pos + n <= at < r->store.end ==> rg_byte(r, at) == \old(rg_byte(r, at));
*/
void fr_ring_replace(fr_ring *r, uint64_t pos, const uint8_t *src, size_t n);

/* Forgets the bytes of the active generation from position end on; the others and all that is accounted stay.
 * Rule G-2. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires active: rg_start(r, r->n) <= end <= r->store.end;
  terminates \true;
  exits \false;
  assigns r->store.end;
  ensures sound: rg_ok(r);
  ensures end: r->store.end == end;
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
void fr_ring_cut(fr_ring *r, uint64_t end);

/* The oldest generation that would stay if the active one were completed at `now` (ns): an index in 0 .. n. Those from
 * it to the active one stay, whatever the limits the active one; below 0 max_bytes lets no other stay. Rules P-1 to
 * P-4. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures rule: \result == rg_keep(r, now, max_bytes, min_age);
  ensures range: 0 <= \result <= r->n;
  ensures all_within: \forall integer i; \result < i <= r->n ==>
    !rg_stop(rg_since(r, i), rg_min(r, i), now, max_bytes, min_age);
  ensures maximal: \result > 0 ==> rg_stop(rg_since(r, \result), rg_min(r, \result), now, max_bytes, min_age);
*/
uint32_t fr_ring_keep(const fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age);

/* Completes the active generation at `now` (ns): generations before fr_ring_keep are forgotten, the others keep order,
 * labels and bytes, and an empty active one without a label (all 0) begins. Rules G-5, P-1 to P-5.
 * FR_NO_SPACE: the table is too small for those that stay and the new one; nothing was changed. */
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
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures same_end: r->store.end == \old(r->store.end) && r->accounted == \old(r->accounted);
  ensures room: \old(r->n) + 1 < r->table.slots ==> \result == FR_OK;
  behavior ok:
    assumes fits: r->n - rg_keep(r, now, max_bytes, min_age) + 1 < r->table.slots;
    ensures status: \result == FR_OK;
    ensures count: r->n == \old(r->n - rg_keep(r, now, max_bytes, min_age)) + 1;
    ensures count_range: 1 <= r->n <= \old(r->n) + 1;
    ensures all_within: \forall integer i; \old(r->n) + 1 - r->n < i <= \old(r->n) ==>
      !\old(rg_stop(rg_since(r, i), rg_min(r, i), now, max_bytes, min_age));
    ensures maximal: r->n <= \old(r->n) ==> \forall integer i; i == \old(r->n) + 1 - r->n ==>
      \old(rg_stop(rg_since(r, i), rg_min(r, i), now, max_bytes, min_age));
    ensures kept: rg_shifted{Pre, Post}(r, \old(rg_keep(r, now, max_bytes, min_age)), r->n - 1);
    ensures first: r->store.first == \old(rg_start(r, rg_keep(r, now, max_bytes, min_age)));
    ensures bytes: rg_bytes{Pre, Post}(r);
    ensures active: rg_start(r, r->n) == r->store.end && rg_account(r, r->n) == r->accounted;
    ensures label: rg_gen(r, r->n) == 0 && rg_min(r, r->n) == 0 && rg_stamp(r, r->n) == 0;
  behavior full:
    assumes full: r->n - rg_keep(r, now, max_bytes, min_age) + 1 >= r->table.slots;
    ensures status: \result == FR_NO_SPACE;
    ensures same: rg_same{Pre, Post}(r);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age);

/* Tells of generation i, 0 the oldest, r->n the active one. Rule G-2. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires i_range: i <= r->n;
  requires g_valid: \valid(g);
  requires g_apart: \separated(g, r);
  terminates \true;
  exits \false;
  assigns *g;
  ensures label: g->gen == \old(rg_gen(r, i)) && g->min_time == \old(rg_min(r, i)) && g->stamp == \old(rg_stamp(r, i));
  ensures size: g->size == \old(rg_size(r, i));
  ensures bytes: g->start == \old(rg_start(r, i)) && g->stored == \old(rg_stored(r, i));
*/
void fr_ring_generation(const fr_ring *r, uint32_t i, fr_generation *g);

/* Goes on in another arena, buf[0 .. cap - 1], which overlaps nothing of the ring; all that the ring says stays. The old
 * arena is then the caller's again. Rule G-6.
 * FR_NO_SPACE: the new arena is smaller than what is held; nothing was changed. */
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
  ensures sound: rg_ok(r) && rg_memory(r);
  ensures same: rg_same{Pre, Post}(r);
  behavior ok:
    assumes fits: st_used(&r->store) <= cap;
    ensures status: \result == FR_OK;
    ensures arena: r->store.buf == buf && r->store.cap == cap;
  behavior small:
    assumes small: st_used(&r->store) > cap;
    ensures status: \result == FR_NO_SPACE;
    ensures arena: r->store.buf == \old(r->store.buf) && r->store.cap == \old(r->store.cap);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_move_arena(fr_ring *r, uint8_t *buf, size_t cap);

/* Goes on with another table, which overlaps nothing of the ring; all generations stay. The old table is then the
 * caller's again. Rule G-6.
 * FR_NO_SPACE: the new table has no entry for each generation; nothing was changed. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires t_read: \valid_read(t);
  requires t_valid: rg_valid(t);
  requires apart: rg_apart(r, r->store.buf, r->store.cap, t);
  requires t_apart: \separated(t, r, t->start + (0 .. t->slots - 1), t->account + (0 .. t->slots - 1),
    t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1), t->stamp + (0 .. t->slots - 1));
  requires start_apart: \separated(r->table.start + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1));
  requires account_apart: \separated(r->table.account + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
    t->account + (0 .. t->slots - 1));
  requires gen_apart: \separated(r->table.gen + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
    t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1));
  requires min_time_apart: \separated(r->table.min_time + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
    t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1),
    t->stamp + (0 .. t->slots - 1));
  requires stamp_apart: \separated(r->table.stamp + (0 .. r->table.slots - 1), t->start + (0 .. t->slots - 1),
    t->account + (0 .. t->slots - 1), t->gen + (0 .. t->slots - 1), t->min_time + (0 .. t->slots - 1),
    t->stamp + (0 .. t->slots - 1));
  terminates \true;
  exits \false;
  assigns r->table \from *t;
  assigns t->start[0 .. t->slots - 1], t->account[0 .. t->slots - 1], t->gen[0 .. t->slots - 1],
    t->min_time[0 .. t->slots - 1], t->stamp[0 .. t->slots - 1];
  ensures sound: rg_ok(r) && rg_memory(r);
  ensures generations: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures same_store: r->store == \old(r->store) && r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
  behavior ok:
    assumes fits: r->n < t->slots;
    ensures status: \result == FR_OK;
    ensures table: r->table == *t;
  behavior small:
    assumes small: r->n >= t->slots;
    ensures status: \result == FR_NO_SPACE;
    ensures table: r->table == \old(r->table);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_ring_move_table(fr_ring *r, const fr_table *t);

#endif
