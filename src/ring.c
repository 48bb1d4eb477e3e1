#include "ring.h"

fr_status fr_ring_need(uint64_t max_bytes, uint64_t max_generation, size_t *need)
{
  if (max_generation > FR_STORE_MAX / 2u || max_bytes > FR_STORE_MAX - 2u * max_generation) return FR_NO_SPACE;
  if (max_bytes == 0 && max_generation == 0) return FR_NO_SPACE;
  *need = (size_t)(max_bytes + 2u * max_generation);
  return FR_OK;
}

/* Makes the active generation the only one, and empty, over a store that is empty. */
/*@
  requires memory: rg_memory(r);
  requires store_ok: st_ok(&r->store);
  requires store_empty: r->store.first == 0 && r->store.end == 0;
  requires slots_range: r->table.slots >= 1;
  terminates \true;
  exits \false;
  assigns r->accounted, r->n, r->table.start[0], r->table.account[0], r->table.gen[0], r->table.min_time[0],
    r->table.stamp[0];
  ensures sound: rg_ok(r);
  ensures memory: rg_memory(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures empty: r->n == 0 && r->store.first == 0 && r->store.end == 0 && r->accounted == 0;
  ensures positions: rg_start(r, 0) == 0 && rg_account(r, 0) == 0;
  ensures label: rg_gen(r, 0) == 0 && rg_min(r, 0) == 0 && rg_stamp(r, 0) == 0;
*/
static void begin(fr_ring *r)
{
  r->accounted = 0;
  r->n = 0;
  r->table.start[0] = 0;
  r->table.account[0] = 0;
  r->table.gen[0] = 0;
  r->table.min_time[0] = 0;
  r->table.stamp[0] = 0;
  //@ assert arena: r->store.cap == \at(r->store.cap, Pre);
  //@ assert tail: r->store.tail < r->store.cap;
  //@ assert first: r->store.first == 0;
  //@ assert end: r->store.end == 0;
  //@ assert accounted: r->accounted == 0;
  //@ assert start: rg_start(r, 0) == 0;
  //@ assert account: rg_account(r, 0) == 0;
  //@ assert ordered: rg_ordered(r, 0);
}

void fr_ring_clear(fr_ring *r)
{
  fr_store_clear(&r->store);
  begin(r);
}

void fr_ring_init(fr_ring *r, uint8_t *buf, size_t cap, const fr_table *t)
{
  fr_store_init(&r->store, buf, cap);
  r->table.start = t->start;
  r->table.account = t->account;
  r->table.gen = t->gen;
  r->table.min_time = t->min_time;
  r->table.stamp = t->stamp;
  r->table.slots = t->slots;
  //@ assert start: r->table.start == \at(t->start, Pre);
  //@ assert account: r->table.account == \at(t->account, Pre);
  //@ assert gen: r->table.gen == \at(t->gen, Pre);
  //@ assert min_time: r->table.min_time == \at(t->min_time, Pre);
  //@ assert stamp: r->table.stamp == \at(t->stamp, Pre);
  //@ assert slots: r->table.slots == \at(t->slots, Pre);
  //@ assert memory: rg_memory(r);
  begin(r);
}

/* Writes the label of entry i. */
/*@
  requires memory: rg_memory(r);
  requires i_range: i < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->table.gen[i], r->table.min_time[i], r->table.stamp[i];
  ensures label: rg_gen(r, i) == gen && rg_min(r, i) == min_time && rg_stamp(r, i) == stamp;
  ensures starts: rg_starts{Pre, Post}(r, 0, i);
  ensures accounts: rg_accounts{Pre, Post}(r, 0, i);
  ensures gens: rg_gens{Pre, Post}(r, 0, i - 1);
  ensures mins: rg_mins{Pre, Post}(r, 0, i - 1);
  ensures stamps: rg_stamps{Pre, Post}(r, 0, i - 1);
  ensures same_arena: r->store.tail == \old(r->store.tail) && r->store.cap == \old(r->store.cap);
  ensures same_store: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures same_accounted: r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void set_label(fr_ring *r, uint32_t i, uint64_t gen, int64_t min_time, uint64_t stamp)
{
  r->table.gen[i] = gen;
  r->table.min_time[i] = min_time;
  r->table.stamp[i] = stamp;
}

void fr_ring_label(fr_ring *r, uint64_t gen, int64_t min_time, uint64_t stamp)
{
  set_label(r, r->n, gen, min_time, stamp);
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
}

fr_status fr_ring_append(fr_ring *r, const uint8_t *src, size_t n, uint64_t account)
{
  if (account > UINT64_MAX - r->accounted) return FR_NO_SPACE;
  const fr_status status = fr_store_append(&r->store, src, n);
  //@ ghost Appended: ;
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert gens: rg_gens{Pre, Here}(r, 0, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
  if (status != FR_OK) {
    //@ assert bytes: rg_bytes{Pre, Here}(r);
    //@ assert same: rg_same{Pre, Here}(r);
    return status;
  }
  r->accounted += account;
  //@ assert starts_2: rg_starts{Appended, Here}(r, 0, r->n);
  //@ assert accounts_2: rg_accounts{Appended, Here}(r, 0, r->n);
  //@ assert gens_2: rg_gens{Appended, Here}(r, 0, r->n);
  //@ assert ordered_2: rg_ordered(r, r->n);
  //@ assert bytes_2: rg_bytes{Appended, Here}(r);
  return FR_OK;
}

fr_status fr_ring_append_two(fr_ring *r, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len,
                             uint64_t account)
{
  const size_t room = fr_store_room(&r->store);
  if (head_len > room || body_len > room - head_len || account > UINT64_MAX - r->accounted) return FR_NO_SPACE;
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

void fr_ring_replace(fr_ring *r, uint64_t pos, const uint8_t *src, size_t n)
{
  fr_store_replace(&r->store, pos, src, n);
}

void fr_ring_cut(fr_ring *r, uint64_t end)
{
  fr_store_cut(&r->store, end);
  //@ assert table: rg_shifted{Pre, Here}(r, 0, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
}

uint32_t fr_ring_keep(const fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  uint32_t i = r->n;
  /*@
    loop invariant i_range: 0 <= i <= r->n;
    loop invariant all_within: \forall integer j; i < j <= r->n ==>
      !rg_stop(rg_since(r, j), rg_min(r, j), now, max_bytes, min_age);
    loop invariant same_answer:
      rg_keep_from(r, i, rg_since(r, i), now, max_bytes, min_age) == rg_keep(r, now, max_bytes, min_age);
    loop assigns i;
    loop variant i;
  */
  while (i > 0) {
    if (max_bytes < 0 || r->accounted - r->table.account[i] > (uint64_t)max_bytes) break;
    if (fr_clock_sub(now, r->table.min_time[i]) > min_age) break;
    i--;
  }
  return i;
}

/* Moves entries k .. n of a column to its front. */
/*@
  requires a_valid: \valid(a + (0 .. n));
  requires k_range: 0 < k <= n;
  terminates \true;
  exits \false;
  assigns a[0 .. n - k];
  ensures moved: \forall integer i; 0 <= i <= n - k ==> a[i] == \old(a[i + k]);
*/
static void words_down(uint64_t *a, uint32_t n, uint32_t k)
{
  /*@
    loop invariant i_range: 0 <= i <= n - k + 1;
    loop invariant moved: \forall integer j; 0 <= j < i ==> a[j] == \at(a[j + k], Pre);
    loop invariant ahead: \forall integer j; i <= j <= n ==> a[j] == \at(a[j], Pre);
    loop assigns i, a[0 .. n - k];
    loop variant n - k + 1 - i;
  */
  for (uint32_t i = 0; i < n - k + 1; i++) a[i] = a[i + k];
}

/* Moves entries k .. n of a column to its front. */
/*@
  requires a_valid: \valid(a + (0 .. n));
  requires k_range: 0 < k <= n;
  terminates \true;
  exits \false;
  assigns a[0 .. n - k];
  ensures moved: \forall integer i; 0 <= i <= n - k ==> a[i] == \old(a[i + k]);
*/
static void times_down(int64_t *a, uint32_t n, uint32_t k)
{
  /*@
    loop invariant i_range: 0 <= i <= n - k + 1;
    loop invariant moved: \forall integer j; 0 <= j < i ==> a[j] == \at(a[j + k], Pre);
    loop invariant ahead: \forall integer j; i <= j <= n ==> a[j] == \at(a[j], Pre);
    loop assigns i, a[0 .. n - k];
    loop variant n - k + 1 - i;
  */
  for (uint32_t i = 0; i < n - k + 1; i++) a[i] = a[i + k];
}

/* Takes the positions of the k oldest generations out of the table. */
/*@
  requires memory: rg_memory(r);
  requires k_range: 0 < k <= r->n < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1];
  ensures starts: rg_starts{Pre, Post}(r, k, r->n - k);
  ensures accounts: rg_accounts{Pre, Post}(r, k, r->n - k);
  ensures same_gens: rg_gens{Pre, Post}(r, 0, r->n);
  ensures same_stamps: rg_stamps{Pre, Post}(r, 0, r->n);
  ensures same_store: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end) &&
    r->store.tail == \old(r->store.tail) && r->store.cap == \old(r->store.cap) && r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void drop_positions(fr_ring *r, uint32_t k)
{
  words_down(r->table.start, r->n, k);
  //@ ghost Start: ;
  //@ assert same_accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert same_labels: rg_gens{Pre, Here}(r, 0, r->n) && rg_stamps{Pre, Here}(r, 0, r->n);
  words_down(r->table.account, r->n, k);
  //@ assert same_starts: rg_starts{Start, Here}(r, 0, r->n);
}

/* Takes the labels of the k oldest generations out of the table. */
/*@
  requires memory: rg_memory(r);
  requires k_range: 0 < k <= r->n < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures gens: rg_gens{Pre, Post}(r, k, r->n - k);
  ensures mins: rg_mins{Pre, Post}(r, k, r->n - k);
  ensures stamps: rg_stamps{Pre, Post}(r, k, r->n - k);
  ensures same_starts: rg_starts{Pre, Post}(r, 0, r->n);
  ensures same_accounts: rg_accounts{Pre, Post}(r, 0, r->n);
  ensures same_store: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end) &&
    r->store.tail == \old(r->store.tail) && r->store.cap == \old(r->store.cap) && r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void drop_labels(fr_ring *r, uint32_t k)
{
  words_down(r->table.gen, r->n, k);
  //@ ghost Gen: ;
  //@ assert gens: rg_gens{Pre, Here}(r, k, r->n - k);
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert stamps: rg_stamps{Pre, Here}(r, 0, r->n);
  times_down(r->table.min_time, r->n, k);
  words_down(r->table.stamp, r->n, k);
  //@ assert gens_step: rg_gens{Gen, Here}(r, 0, r->n - k);
  //@ assert starts_step: rg_starts{Gen, Here}(r, 0, r->n);
  //@ assert accounts_step: rg_accounts{Gen, Here}(r, 0, r->n);
}

/* Forgets the bytes before position first. */
/*@
  requires memory: rg_memory(r);
  requires store_ok: st_ok(&r->store);
  requires first_range: r->store.first <= first <= r->store.end;
  requires n_range: r->n < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->store.tail, r->store.first;
  ensures store_ok: st_ok(&r->store);
  ensures first: r->store.first == first;
  ensures bytes: rg_bytes{Pre, Post}(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
*/
static void drop_bytes(fr_ring *r, uint64_t first)
{
  fr_store_drop(&r->store, first);
}

/* Forgets the k oldest generations, maybe none. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires k_range: 0 <= k <= r->n;
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first, r->table.start[0 .. r->table.slots - 1],
    r->table.account[0 .. r->table.slots - 1], r->table.gen[0 .. r->table.slots - 1],
    r->table.min_time[0 .. r->table.slots - 1], r->table.stamp[0 .. r->table.slots - 1];
  ensures sound: rg_ok(r) && rg_memory(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures count: r->n == \old(r->n) - k;
  ensures starts: rg_starts{Pre, Post}(r, k, r->n);
  ensures accounts: rg_accounts{Pre, Post}(r, k, r->n);
  ensures gens: rg_gens{Pre, Post}(r, k, r->n);
  ensures mins: rg_mins{Pre, Post}(r, k, r->n);
  ensures stamps: rg_stamps{Pre, Post}(r, k, r->n);
  ensures first: r->store.first == \old(rg_start(r, k));
  ensures end: r->store.end == \old(r->store.end);
  ensures same_accounted: r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void forget_oldest(fr_ring *r, uint32_t k)
{
  if (k == 0) return;
  drop_bytes(r, r->table.start[k]);
  //@ assert first: r->store.first == \at(rg_start(r, k), Pre);
  drop_positions(r, k);
  drop_labels(r, k);
  r->n -= k;
  //@ assert n: r->n + k == \at(r->n, Pre);
  //@ assert gens: rg_gens{Pre, Here}(r, k, r->n);
  //@ assert mins: rg_mins{Pre, Here}(r, k, r->n);
  //@ assert stamps: rg_stamps{Pre, Here}(r, k, r->n);
  //@ assert starts: rg_starts{Pre, Here}(r, k, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, k, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
  //@ assert start_0: rg_start(r, 0) == \at(rg_start(r, k), Pre);
  //@ assert start_n: rg_start(r, r->n) == \at(rg_start(r, r->n), Pre);
  //@ assert account_end: rg_account(r, r->n) <= r->accounted;
}

/* Writes the positions of an empty generation to entry i. */
/*@
  requires memory: rg_memory(r);
  requires i_range: 0 < i < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->table.start[i], r->table.account[i];
  ensures positions: rg_start(r, i) == r->store.end && rg_account(r, i) == r->accounted;
  ensures starts: rg_starts{Pre, Post}(r, 0, i - 1);
  ensures accounts: rg_accounts{Pre, Post}(r, 0, i - 1);
  ensures gens: rg_gens{Pre, Post}(r, 0, i - 1);
  ensures mins: rg_mins{Pre, Post}(r, 0, i - 1);
  ensures stamps: rg_stamps{Pre, Post}(r, 0, i - 1);
  ensures same_arena: r->store.tail == \old(r->store.tail) && r->store.cap == \old(r->store.cap);
  ensures same_store: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures same_accounted: r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void set_positions(fr_ring *r, uint32_t i)
{
  r->table.start[i] = r->store.end;
  r->table.account[i] = r->accounted;
}

/* Begins an empty generation behind the active one, which is then complete. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires room: r->n + 1 < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->n, r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures sound: rg_ok(r);
  ensures count: r->n == \old(r->n) + 1;
  ensures starts: rg_starts{Pre, Post}(r, 0, \old(r->n));
  ensures accounts: rg_accounts{Pre, Post}(r, 0, \old(r->n));
  ensures gens: rg_gens{Pre, Post}(r, 0, \old(r->n));
  ensures mins: rg_mins{Pre, Post}(r, 0, \old(r->n));
  ensures stamps: rg_stamps{Pre, Post}(r, 0, \old(r->n));
  ensures active: rg_start(r, r->n) == r->store.end && rg_account(r, r->n) == r->accounted;
  ensures label: rg_gen(r, r->n) == 0 && rg_min(r, r->n) == 0 && rg_stamp(r, r->n) == 0;
  ensures same_arena: r->store.tail == \old(r->store.tail) && r->store.cap == \old(r->store.cap);
  ensures same_store: r->store.first == \old(r->store.first) && r->store.end == \old(r->store.end);
  ensures same_accounted: r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
*/
static void push_active(fr_ring *r)
{
  const uint32_t i = r->n + 1;
  set_positions(r, i);
  set_label(r, i, 0, 0, 0);
  r->n = i;
  //@ assert starts: rg_starts{Pre, Here}(r, 0, i - 1);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, i - 1);
  //@ assert rest_ordered: rg_ordered(r, i - 1);
  //@ assert ordered: rg_ordered(r, r->n);
  //@ assert store_ok: st_ok(&r->store);
  //@ assert start_0: rg_start(r, 0) == r->store.first;
  //@ assert start_n: rg_start(r, r->n) <= r->store.end;
  //@ assert account_n: rg_account(r, r->n) <= r->accounted;
}

/* Forgets the k oldest generations and begins an empty one behind the active one. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires k_range: 0 <= k <= r->n;
  requires room: r->n - k + 1 < r->table.slots;
  terminates \true;
  exits \false;
  assigns r->n, r->store.tail, r->store.first,
    r->table.start[0 .. r->table.slots - 1], r->table.account[0 .. r->table.slots - 1],
    r->table.gen[0 .. r->table.slots - 1], r->table.min_time[0 .. r->table.slots - 1],
    r->table.stamp[0 .. r->table.slots - 1];
  ensures sound: rg_ok(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures count: r->n == \old(r->n) - k + 1;
  ensures starts: rg_starts{Pre, Post}(r, k, \old(r->n) - k);
  ensures accounts: rg_accounts{Pre, Post}(r, k, \old(r->n) - k);
  ensures gens: rg_gens{Pre, Post}(r, k, \old(r->n) - k);
  ensures mins: rg_mins{Pre, Post}(r, k, \old(r->n) - k);
  ensures stamps: rg_stamps{Pre, Post}(r, k, \old(r->n) - k);
  ensures first: r->store.first == \old(rg_start(r, k));
  ensures end: r->store.end == \old(r->store.end);
  ensures same_accounted: r->accounted == \old(r->accounted);
  ensures bytes: rg_bytes{Pre, Post}(r);
  ensures active: rg_start(r, r->n) == r->store.end && rg_account(r, r->n) == r->accounted;
  ensures label: rg_gen(r, r->n) == 0 && rg_min(r, r->n) == 0 && rg_stamp(r, r->n) == 0;
*/
static void complete_active(fr_ring *r, uint32_t k)
{
  forget_oldest(r, k);
  //@ ghost Left: ;
  //@ assert starts_left: rg_starts{Pre, Here}(r, k, \at(r->n, Pre) - k);
  //@ assert accounts_left: rg_accounts{Pre, Here}(r, k, \at(r->n, Pre) - k);
  //@ assert gens_left: rg_gens{Pre, Here}(r, k, \at(r->n, Pre) - k);
  //@ assert mins_left: rg_mins{Pre, Here}(r, k, \at(r->n, Pre) - k);
  //@ assert stamps_left: rg_stamps{Pre, Here}(r, k, \at(r->n, Pre) - k);
  push_active(r);
  //@ assert starts_step: rg_starts{Left, Here}(r, 0, \at(r->n, Pre) - k);
  //@ assert accounts_step: rg_accounts{Left, Here}(r, 0, \at(r->n, Pre) - k);
  //@ assert gens_step: rg_gens{Left, Here}(r, 0, \at(r->n, Pre) - k);
  //@ assert mins_step: rg_mins{Left, Here}(r, 0, \at(r->n, Pre) - k);
  //@ assert stamps_step: rg_stamps{Left, Here}(r, 0, \at(r->n, Pre) - k);
}

fr_status fr_ring_rotate(fr_ring *r, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const uint32_t k = fr_ring_keep(r, now, max_bytes, min_age);
  if (r->n - k + 1 >= r->table.slots) return FR_NO_SPACE;
  //@ assert fits: r->n - rg_keep(r, now, max_bytes, min_age) + 1 < r->table.slots;
  complete_active(r, k);
  //@ assert rule: k == \at(rg_keep(r, now, max_bytes, min_age), Pre);
  //@ assert starts: rg_starts{Pre, Here}(r, k, r->n - 1);
  //@ assert accounts: rg_accounts{Pre, Here}(r, k, r->n - 1);
  //@ assert gens: rg_gens{Pre, Here}(r, k, r->n - 1);
  //@ assert mins: rg_mins{Pre, Here}(r, k, r->n - 1);
  //@ assert stamps: rg_stamps{Pre, Here}(r, k, r->n - 1);
  //@ assert kept: rg_shifted{Pre, Here}(r, k, r->n - 1);
  return FR_OK;
}

void fr_ring_generation(const fr_ring *r, uint32_t i, fr_generation *g)
{
  const uint64_t start = r->table.start[i];
  const uint64_t account = r->table.account[i];
  const uint64_t end = i < r->n ? r->table.start[i + 1] : r->store.end;
  const uint64_t account_end = i < r->n ? r->table.account[i + 1] : r->accounted;
  const uint64_t gen = r->table.gen[i], stamp = r->table.stamp[i];
  const int64_t min_time = r->table.min_time[i];
  //@ assert stored: end - start == rg_stored(r, i) && start <= end && end - start <= SIZE_MAX;
  //@ assert sized: account_end - account == rg_size(r, i) && account <= account_end;
  g->gen = gen;
  g->min_time = min_time;
  g->stamp = stamp;
  g->size = account_end - account;
  g->start = start;
  g->stored = (size_t)(end - start);
}

fr_status fr_ring_move_arena(fr_ring *r, uint8_t *buf, size_t cap)
{
  fr_status status = fr_store_move(&r->store, buf, cap);
  //@ assert table: rg_shifted{Pre, Here}(r, 0, r->n);
  return status;
}

/* Copies entries 0 .. n of a column. */
/*@
  requires dst_valid: \valid(dst + (0 .. n));
  requires src_valid: \valid_read(src + (0 .. n));
  requires apart: \separated(dst + (0 .. n), src + (0 .. n));
  terminates \true;
  exits \false;
  assigns dst[0 .. n];
  ensures copied: \forall integer i; 0 <= i <= n ==> dst[i] == \old(src[i]);
*/
static void words_copy(uint64_t *dst, const uint64_t *src, uint32_t n)
{
  /*@
    loop invariant i_range: 0 <= i <= n + 1;
    loop invariant copied: \forall integer j; 0 <= j < i ==> dst[j] == src[j];
    loop assigns i, dst[0 .. n];
    loop variant n + 1 - i;
  */
  for (uint64_t i = 0; i <= n; i++) dst[i] = src[i];
}

/* Copies entries 0 .. n of a column. */
/*@
  requires dst_valid: \valid(dst + (0 .. n));
  requires src_valid: \valid_read(src + (0 .. n));
  requires apart: \separated(dst + (0 .. n), src + (0 .. n));
  terminates \true;
  exits \false;
  assigns dst[0 .. n];
  ensures copied: \forall integer i; 0 <= i <= n ==> dst[i] == \old(src[i]);
*/
static void times_copy(int64_t *dst, const int64_t *src, uint32_t n)
{
  /*@
    loop invariant i_range: 0 <= i <= n + 1;
    loop invariant copied: \forall integer j; 0 <= j < i ==> dst[j] == src[j];
    loop assigns i, dst[0 .. n];
    loop variant n + 1 - i;
  */
  for (uint64_t i = 0; i <= n; i++) dst[i] = src[i];
}

fr_status fr_ring_move_table(fr_ring *r, const fr_table *t)
{
  if (r->n >= t->slots) return FR_NO_SPACE;
  words_copy(t->start, r->table.start, r->n);
  //@ assert same_store: r->store == \at(r->store, Pre) && r->accounted == \at(r->accounted, Pre);
  //@ assert same_accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert same_labels: rg_gens{Pre, Here}(r, 0, r->n) && rg_stamps{Pre, Here}(r, 0, r->n);
  //@ assert to_start: \forall integer i; 0 <= i <= r->n ==> t->start[i] == rg_start{Pre}(r, i);
  words_copy(t->account, r->table.account, r->n);
  //@ assert same_store_2: r->store == \at(r->store, Pre) && r->accounted == \at(r->accounted, Pre);
  //@ assert same_labels_2: rg_gens{Pre, Here}(r, 0, r->n) && rg_stamps{Pre, Here}(r, 0, r->n);
  //@ assert to_start_2: \forall integer i; 0 <= i <= r->n ==> t->start[i] == rg_start{Pre}(r, i);
  //@ assert to_account: \forall integer i; 0 <= i <= r->n ==> t->account[i] == rg_account{Pre}(r, i);
  words_copy(t->gen, r->table.gen, r->n);
  //@ assert same_store_3: r->store == \at(r->store, Pre) && r->accounted == \at(r->accounted, Pre);
  //@ assert same_stamps: rg_stamps{Pre, Here}(r, 0, r->n);
  //@ assert to_start_3: \forall integer i; 0 <= i <= r->n ==> t->start[i] == rg_start{Pre}(r, i);
  //@ assert to_account_2: \forall integer i; 0 <= i <= r->n ==> t->account[i] == rg_account{Pre}(r, i);
  //@ assert to_gen: \forall integer i; 0 <= i <= r->n ==> t->gen[i] == rg_gen{Pre}(r, i);
  words_copy(t->stamp, r->table.stamp, r->n);
  //@ assert same_store_4: r->store == \at(r->store, Pre) && r->accounted == \at(r->accounted, Pre);
  //@ assert to_start_4: \forall integer i; 0 <= i <= r->n ==> t->start[i] == rg_start{Pre}(r, i);
  //@ assert to_account_3: \forall integer i; 0 <= i <= r->n ==> t->account[i] == rg_account{Pre}(r, i);
  //@ assert to_gen_2: \forall integer i; 0 <= i <= r->n ==> t->gen[i] == rg_gen{Pre}(r, i);
  //@ assert to_stamp: \forall integer i; 0 <= i <= r->n ==> t->stamp[i] == rg_stamp{Pre}(r, i);
  times_copy(t->min_time, r->table.min_time, r->n);
  //@ assert bytes: rg_bytes{Pre, Here}(r);
  r->table = *t;
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert gens: rg_gens{Pre, Here}(r, 0, r->n);
  //@ assert mins: rg_mins{Pre, Here}(r, 0, r->n);
  //@ assert stamps: rg_stamps{Pre, Here}(r, 0, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
  //@ assert memory: rg_memory(r);
  //@ assert start_0: rg_start(r, 0) == \at(rg_start(r, 0), Pre);
  //@ assert start_n: rg_start(r, r->n) == \at(rg_start(r, r->n), Pre);
  //@ assert account_n: rg_account(r, r->n) == \at(rg_account(r, r->n), Pre);
  return FR_OK;
}
