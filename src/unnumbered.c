#include "unnumbered.h"
#include "bytes.h"

#define CHUNK 256u

/* Writes the prefix of a record whose body is n bytes long, n < 2^32, to prefix. `batch`: type and generation number
 * are to be written before the body. */
/*@
  requires prefix_valid: \valid(prefix + (0 .. FR_RECORD_PREFIX - 1));
  requires n_range: n <= 0xffffffff;
  terminates \true;
  exits \false;
  assigns prefix[0 .. FR_RECORD_PREFIX - 1];
  ensures batch: prefix[0] == (batch ? 1 : 0);
  ensures length: prefix[1] == n % 0x100 && prefix[2] == n / 0x100 % 0x100 && prefix[3] == n / 0x10000 % 0x100 &&
    prefix[4] == n / 0x1000000;
  ensures size: prefix[1] + 0x100 * prefix[2] + 0x10000 * prefix[3] + 0x1000000 * prefix[4] == n;
  ensures room: \forall integer i; 5 <= i < FR_RECORD_PREFIX ==> prefix[i] == 0;
*/
static void put_prefix(uint8_t *prefix, bool batch, size_t n)
{
  prefix[0] = batch ? 1 : 0;
  prefix[1] = (uint8_t)(n % 0x100u);
  prefix[2] = (uint8_t)(n / 0x100u % 0x100u);
  prefix[3] = (uint8_t)(n / 0x10000u % 0x100u);
  prefix[4] = (uint8_t)(n / 0x1000000u);
  //@ assert low: n == n % 0x100 + 0x100 * (n / 0x100);
  //@ assert middle: n / 0x100 == n / 0x100 % 0x100 + 0x100 * (n / 0x10000);
  //@ assert high: n / 0x10000 == n / 0x10000 % 0x100 + 0x100 * (n / 0x1000000);
  //@ assert size: prefix[1] + 0x100 * prefix[2] + 0x10000 * prefix[3] + 0x1000000 * prefix[4] == n;
  /*@
    loop invariant i_range: 5 <= i <= FR_RECORD_PREFIX;
    loop invariant room: \forall integer j; 5 <= j < i ==> prefix[j] == 0;
    loop assigns i, prefix[5 .. FR_RECORD_PREFIX - 1];
    loop variant FR_RECORD_PREFIX - i;
  */
  for (uint32_t i = 5; i < FR_RECORD_PREFIX; i++) prefix[i] = 0;
}

/* Writes the begin of a record whose body has n bytes: the prefix, and head. */
/*@
  requires start_valid: \valid(start + (0 .. FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX - 1));
  requires n_range: n <= 0xffffffff;
  requires head_range: head_len <= FR_BATCH_HEADER_MAX;
  requires head_read: head_len == 0 || \valid_read(head + (0 .. head_len - 1));
  requires apart: \separated(start + (0 .. FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX - 1), head + (0 .. head_len - 1));
  terminates \true;
  exits \false;
  assigns start[0 .. FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX - 1];
  ensures batch: start[0] == (batch ? 1 : 0);
  ensures size: start[1] + 0x100 * start[2] + 0x10000 * start[3] + 0x1000000 * start[4] == n;
  ensures head: \forall integer i; FR_RECORD_PREFIX <= i < FR_RECORD_PREFIX + head_len ==>
    start[i] == \old(head[i - FR_RECORD_PREFIX]);
*/
static void put_start(uint8_t *start, bool batch, size_t n, const uint8_t *head, size_t head_len)
{
  put_prefix(start, batch, n);
  //@ ghost Prefix: ;
  fr_copy(start + FR_RECORD_PREFIX, head, head_len);
  //@ assert prefix: \forall integer i; 0 <= i < 5 ==> start[i] == \at(start[i], Prefix);
  //@ assert copied: \forall integer i; 0 <= i < head_len ==> (start + FR_RECORD_PREFIX)[i] == \at(head[i], Pre);
}

/* Appends a record, wherever it may lie. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires lengths: head_len <= FR_BATCH_HEADER_MAX && body_len <= FR_PAYLOAD_MAX;
  requires head_read: head_len == 0 || \valid_read(head + (0 .. head_len - 1));
  requires body_read: body_len == 0 || \valid_read(body + (0 .. body_len - 1));
  requires body_apart: \separated(body + (0 .. body_len - 1), r) &&
    \separated(body + (0 .. body_len - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures old_bytes: \forall integer pos; r->store.first <= pos < \old(r->store.end) ==>
    rg_byte(r, pos) == \old(rg_byte(r, pos));
  behavior ok:
    assumes fits: FR_RECORD_PREFIX + head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted;
    ensures status: \result == FR_OK;
    ensures grown: r->store.end == \old(r->store.end) + FR_RECORD_PREFIX + head_len + body_len;
    ensures accounted: r->accounted == \old(r->accounted) + account;
    ensures batch: rg_byte(r, \old(r->store.end)) == (batch ? 1 : 0);
    ensures size: un_size(r, \old(r->store.end)) == head_len + body_len;
    ensures head: \forall integer i; 0 <= i < head_len ==>
      rg_byte(r, un_body(\old(r->store.end)) + i) == \old(head[i]);
    ensures body: \forall integer i; 0 <= i < body_len ==>
      rg_byte(r, un_body(\old(r->store.end)) + head_len + i) == \old(body[i]);
  behavior full:
    assumes full:
      !(FR_RECORD_PREFIX + head_len + body_len <= st_room(&r->store) && account <= UINT64_MAX - r->accounted);
    ensures status: \result == FR_NO_SPACE;
    ensures same: rg_same{Pre, Post}(r);
  complete behaviors;
  disjoint behaviors;
*/
static fr_status append_record(fr_ring *r, bool batch, const uint8_t *head, size_t head_len, const uint8_t *body,
                               size_t body_len, uint64_t account)
{
  uint8_t start[FR_RECORD_PREFIX + FR_BATCH_HEADER_MAX];
  //@ ghost uint64_t end = r->store.end;
  put_start(start, batch, head_len + body_len, head, head_len);
  //@ ghost Start: ;
  const fr_status status = fr_ring_append_two(r, start, FR_RECORD_PREFIX + head_len, body, body_len, account);
  /*@ assert head_bytes: status == FR_OK ==> \forall integer i; 0 <= i < FR_RECORD_PREFIX + head_len ==>
        rg_byte(r, end + i) == \at(start[i], Start); */
  /*@ assert body_bytes: status == FR_OK ==> \forall integer i; 0 <= i < body_len ==>
        rg_byte(r, end + FR_RECORD_PREFIX + head_len + i) == \at(body[i], Pre); */
  return status;
}

/* The byte at position p, and the length of the body of the record there. */
/*@ ghost
  /@
    requires memory: \valid_read(r) && \valid_read(r->store.buf + (0 .. r->store.cap - 1));
    requires store: st_ok(&r->store);
    requires held: r->store.first <= p < r->store.end;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures byte: \result == rg_byte(r, p);
  @/
  static uint64_t byte_at(const fr_ring *r, uint64_t p)
  {
    const uint64_t k = p - r->store.first, rest = r->store.cap - r->store.tail;
    return r->store.buf[k < rest ? r->store.tail + k : k - rest];
  }

  /@
    requires memory: \valid_read(r) && \valid_read(r->store.buf + (0 .. r->store.cap - 1));
    requires store: st_ok(&r->store);
    requires held: r->store.first <= p && un_body(p) <= r->store.end;
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures size: \result == un_size(r, p);
  @/
  static uint64_t size_at(const fr_ring *r, uint64_t p)
  {
    return byte_at(r, p + 1) + 0x100 * byte_at(r, p + 2) + 0x10000 * byte_at(r, p + 3) + 0x1000000 * byte_at(r, p + 4);
  }
*/

fr_status fr_unnumbered_append(fr_ring *r, bool batch, const uint8_t *head, size_t head_len, const uint8_t *body,
                               size_t body_len, uint64_t account)
{
  //@ ghost uint64_t start = r->table.start[r->n], end = r->store.end;
  const fr_status status = append_record(r, batch, head, head_len, body, body_len, account);
  //@ ghost uint64_t end_now = r->store.end, p = start;
  //@ assert next: end_now != end ==> un_next(r, end) == end_now;
  //@ assert nothing: un_whole(r, end_now, end_now);
  //@ assert one: end_now != end ==> un_whole(r, un_next(r, end), end_now);
  //@ assert last: un_whole(r, end, end_now);
  /*@ ghost
    /@
      loop invariant p_range: start <= p <= end;
      loop invariant rest: un_whole{Pre}(r, p, end);
      loop invariant so_far: un_whole(r, p, end_now) ==> un_whole(r, start, end_now);
      loop assigns p;
      loop variant end - p;
    @/
    while (p < end) {
      /@ assert old_next: un_body(p) <= un_next{Pre}(r, p) <= end && un_whole{Pre}(r, un_next{Pre}(r, p), end); @/
      /@ assert same_size: un_size(r, p) == un_size{Pre}(r, p); @/
      /@ assert same_next: un_next(r, p) == un_next{Pre}(r, p); @/
      /@ assert step: un_whole(r, un_next(r, p), end_now) ==> un_whole(r, p, end_now); @/
      p += FR_RECORD_PREFIX + size_at(r, p);
    }
  */
  return status;
}

/* Whether type and number are to be written before the body of the record at position p. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires held: r->store.first <= p < r->store.end;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures batch: \result == (rg_byte(r, p) != 0);
*/
static bool is_batch(const fr_ring *r, uint64_t p)
{
  uint8_t flag[1] = {0};
  fr_store_read(&r->store, p, flag, 1);
  return flag[0] != 0;
}

/* The length of the body of the record at position p. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires held: r->store.first <= p && un_body(p) <= r->store.end;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures size: \result == un_size(r, p);
*/
static size_t body_size(const fr_ring *r, uint64_t p)
{
  uint8_t b[4] = {0};
  fr_store_read(&r->store, p + 1u, b, 4);
  //@ assert b_0: b[0] == rg_byte{Pre}(r, p + 1);
  //@ assert b_1: b[1] == rg_byte{Pre}(r, p + 2);
  //@ assert b_2: b[2] == rg_byte{Pre}(r, p + 3);
  //@ assert b_3: b[3] == rg_byte{Pre}(r, p + 4);
  return (size_t)b[0] + (size_t)0x100u * b[1] + (size_t)0x10000u * b[2] + (size_t)0x1000000u * b[3];
}

/* The bytes of an encoding, which its predicate tells as a sum, one by one. */
/*@ ghost
  /@
    requires p_read: \valid_read(p + (0 .. n - 1));
    requires encoded: uv_enc(p, x) && n == uv_size(x);
    terminates \true;
    exits \false;
    assigns \nothing;
    ensures digits: \forall integer i; 0 <= i < n ==> p[i] == un_digit(x, i);
  @/
  static void digits(const uint8_t *p, size_t n, uint64_t x)
  {
    size_t i = n;
    /@
      loop invariant i_down: 0 <= i <= n;
      loop invariant sum: uv_value(p, i) + uv_digit(un_value(p, i, n), i) == x;
      loop assigns i;
      loop variant i;
    @/
    while (i > 0) {
      i--;
      /@ assert top: un_value(p, i, n) == uv_low7(p[i]) + 128 * un_value(p, i + 1, n); @/
      /@ assert part: uv_value(p, i + 1) == uv_value(p, i) + uv_digit(uv_low7(p[i]), i); @/
      /@ assert weight: uv_digit(un_value(p, i, n), i) ==
           uv_digit(uv_low7(p[i]), i) + uv_digit(un_value(p, i + 1, n), i + 1); @/
    }
    /@ assert all: un_value(p, 0, n) == x; @/
    /@
      loop invariant i_up: 0 <= i < n;
      loop invariant positive: 0 <= un_rest(x, i);
      loop invariant rest: un_rest(x, i) == un_value(p, i, n);
      loop invariant so_far: \forall integer j; 0 <= j < i ==> p[j] == un_digit(x, j);
      loop assigns i;
      loop variant n - i;
    @/
    while (i + 1 < n) {
      /@ assert low: un_value(p, i, n) == uv_low7(p[i]) + 128 * un_value(p, i + 1, n); @/
      /@ assert byte: 128 <= p[i] < 256; @/
      /@ assert low7: 0 <= uv_low7(p[i]) < 128; @/
      /@ assert rest_high: un_rest(x, i) / 128 == un_value(p, i + 1, n); @/
      /@ assert rest_low: un_rest(x, i) % 128 == uv_low7(p[i]); @/
      /@ assert digit: p[i] == un_digit(x, i); @/
      i++;
    }
    /@ assert last: un_value(p, i, n) == uv_low7(p[i]); @/
  }
*/

/* Writes type and number to head and says how many bytes that is. */
/*@
  requires head_valid: \valid(head + (0 .. FR_RECORD_PREFIX - 1));
  terminates \true;
  exits \false;
  assigns head[0 .. FR_RECORD_PREFIX - 1];
  ensures size: \result == un_head_size(gen);
  ensures range: 2 <= \result <= FR_RECORD_PREFIX;
  ensures bytes: \forall integer i; 0 <= i < \result ==> head[i] == un_head_byte(gen, i);
*/
static size_t put_head(uint8_t *head, uint64_t gen)
{
  head[0] = FR_EVENT_BATCH;
  const size_t n = fr_uvarint_put(head + 1, gen);
  //@ ghost digits(head + 1, n, gen);
  //@ assert digits: \forall integer i; 0 <= i < n ==> (head + 1)[i] == un_digit(gen, i);
  //@ assert shifted: \forall integer i; 1 <= i < n + 1 ==> head[i] == un_digit(gen, i - 1);
  return 1 + n;
}

/* Moves k bytes of the active generation from position `from` down to position `to`. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires active: rg_start(r, r->n) <= to <= from && from + k <= r->store.end;
  requires k_range: k <= CHUNK;
  terminates \true;
  exits \false;
  assigns r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures moved: \forall integer at; to <= at < to + k ==> rg_byte(r, at) == \old(rg_byte(r, at + (from - to)));
  ensures bytes_before: \forall integer at; r->store.first <= at < to ==> rg_byte(r, at) == \old(rg_byte(r, at));
  ensures bytes_behind: \forall integer at; to + k <= at < r->store.end ==> rg_byte(r, at) == \old(rg_byte(r, at));
*/
static void move_chunk(fr_ring *r, uint64_t to, uint64_t from, size_t k)
{
  uint8_t chunk[CHUNK];
  fr_store_read(&r->store, from, chunk, k);
  //@ assert read: \forall integer at; to <= at < to + k ==> chunk[at - to] == rg_byte{Pre}(r, at + (from - to));
  fr_ring_replace(r, to, chunk, k);
}

/* Moves n bytes of the active generation from position `from` down to position `to`. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires active: rg_start(r, r->n) <= to <= from && from + n <= r->store.end;
  terminates \true;
  exits \false;
  assigns r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures moved: \forall integer at; to <= at < to + n ==> rg_byte(r, at) == \old(rg_byte(r, at + (from - to)));
  ensures bytes_before: \forall integer at; r->store.first <= at < to ==> rg_byte(r, at) == \old(rg_byte(r, at));
  ensures bytes_behind: \forall integer at; to + n <= at < r->store.end ==> rg_byte(r, at) == \old(rg_byte(r, at));
*/
static void move_down(fr_ring *r, uint64_t to, uint64_t from, size_t n)
{
  size_t done = 0;
  /*@
    loop invariant sound: rg_ok(r);
    loop invariant table: rg_shifted{Pre, Here}(r, 0, r->n);
    loop invariant done_range: done <= n;
    loop invariant moved: \forall integer at; to <= at < to + done ==>
      rg_byte(r, at) == \at(rg_byte(r, at + (from - to)), Pre);
    loop invariant bytes_before: \forall integer at; r->store.first <= at < to ==>
      rg_byte(r, at) == \at(rg_byte(r, at), Pre);
    loop invariant bytes_behind: \forall integer at; to + done <= at < r->store.end ==>
      rg_byte(r, at) == \at(rg_byte(r, at), Pre);
    loop assigns done, r->store.buf[0 .. r->store.cap - 1];
    loop variant n - done;
  */
  while (done < n) {
    const size_t k = n - done < CHUNK ? n - done : CHUNK;
    move_chunk(r, to + done, from + done, k);
    /*@ assert chunk: \forall integer at; to + done <= at < to + done + k ==>
          rg_byte(r, at) == rg_byte{LoopCurrent}(r, at + (from - to)); */
    /*@ assert chunk_old: \forall integer at; to + done <= at < to + done + k ==>
          rg_byte(r, at) == rg_byte{Pre}(r, at + (from - to)); */
    done += k;
  }
}

/* Writes head, and behind it the n bytes from position `from` on, to position `to`. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires active: rg_start(r, r->n) <= to && to + head_len <= from && from + n <= r->store.end;
  requires head_read: head_len == 0 || \valid_read(head + (0 .. head_len - 1));
  requires head_apart: \separated(head + (0 .. head_len - 1), r) &&
    \separated(head + (0 .. head_len - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures head: \forall integer at; to <= at < to + head_len ==> rg_byte(r, at) == \old(head[at - to]);
  ensures body: \forall integer at; to + head_len <= at < to + head_len + n ==>
    rg_byte(r, at) == \old(rg_byte(r, from + (at - to - head_len)));
  ensures bytes_before: \forall integer at; r->store.first <= at < to ==> rg_byte(r, at) == \old(rg_byte(r, at));
  ensures bytes_behind: \forall integer at; from + n <= at < r->store.end ==> rg_byte(r, at) == \old(rg_byte(r, at));
*/
static void move_record(fr_ring *r, uint64_t to, const uint8_t *head, size_t head_len, uint64_t from, size_t n)
{
  fr_ring_replace(r, to, head, head_len);
  //@ ghost Head: ;
  //@ assert source: \forall integer at; from <= at < from + n ==> rg_byte(r, at) == rg_byte{Pre}(r, at);
  move_down(r, to + head_len, from, n);
  /*@ assert moved: \forall integer at; to + head_len <= at < to + head_len + n ==>
        rg_byte(r, at) == rg_byte{Head}(r, from + (at - to - head_len)); */
}

void fr_unnumbered_settle(fr_ring *r, uint64_t gen)
{
  uint8_t head[FR_RECORD_PREFIX];
  const size_t head_len = put_head(head, gen);
  const uint64_t start = r->table.start[r->n], end = r->store.end;
  uint64_t from = start, to = start;
  /*@
    loop invariant sound: rg_ok(r);
    loop invariant table: rg_shifted{Pre, Here}(r, 0, r->n);
    loop invariant positions: start <= to <= from <= end;
    loop invariant whole: un_whole{Pre}(r, from, end);
    loop invariant head: \forall integer i; 0 <= i < head_len ==> head[i] == un_head_byte(gen, i);
    loop invariant bytes_before: \forall integer at; r->store.first <= at < start ==>
      rg_byte(r, at) == \at(rg_byte(r, at), Pre);
    loop invariant bytes_behind: \forall integer at; from <= at < end ==> rg_byte(r, at) == \at(rg_byte(r, at), Pre);
    loop invariant settled: \forall integer at; start <= at < to ==>
      rg_byte(r, at) == un_byte{Pre}(r, start, end, start, gen, at);
    loop invariant rest: \forall integer at; to <= at ==>
      un_byte{Pre}(r, start, end, start, gen, at) == un_byte{Pre}(r, from, end, to, gen, at);
    loop invariant rest_end: un_end{Pre}(r, start, end, start, gen) == un_end{Pre}(r, from, end, to, gen);
    loop assigns from, to, r->store.buf[0 .. r->store.cap - 1];
    loop variant end - from;
  */
  while (from < end) {
    //@ assert room: un_body(from) <= un_next{Pre}(r, from) <= end;
    //@ assert next_whole: un_whole{Pre}(r, un_next{Pre}(r, from), end);
    /*@ assert next_end: un_end{Pre}(r, from, end, to, gen) ==
          un_end{Pre}(r, un_next{Pre}(r, from), end, un_behind{Pre}(r, from, to, gen), gen); */
    /*@ assert next_bytes: \forall integer at; un_behind{Pre}(r, from, to, gen) <= at ==>
          un_byte{Pre}(r, from, end, to, gen, at) ==
          un_byte{Pre}(r, un_next{Pre}(r, from), end, un_behind{Pre}(r, from, to, gen), gen, at); */
    const size_t n = body_size(r, from);
    const size_t h = is_batch(r, from) ? head_len : 0;
    //@ assert size: n == un_size{Pre}(r, from);
    //@ assert head_size: h == un_head{Pre}(r, from, gen);
    //@ ghost uint64_t to_next = to + h + n, from_next = from + FR_RECORD_PREFIX + n;
    //@ assert behind: to_next == un_behind{Pre}(r, from, to, gen);
    //@ assert next: from_next == un_next{Pre}(r, from);
    //@ assert end_next: un_end{Pre}(r, start, end, start, gen) == un_end{Pre}(r, from_next, end, to_next, gen);
    //@ assert whole_next: un_whole{Pre}(r, from_next, end);
    /*@ assert bytes_next: \forall integer at; to_next <= at ==>
          un_byte{Pre}(r, from, end, to, gen, at) == un_byte{Pre}(r, from_next, end, to_next, gen, at); */
    move_record(r, to, head, h, from + FR_RECORD_PREFIX, n);
    /*@ assert new_head: \forall integer at; to <= at < to + h ==>
          rg_byte(r, at) == un_byte{Pre}(r, from, end, to, gen, at); */
    /*@ assert new_body: \forall integer at; to + h <= at < to_next ==>
          rg_byte(r, at) == un_byte{Pre}(r, from, end, to, gen, at); */
    to += h + n;
    from += FR_RECORD_PREFIX + n;
  }
  fr_ring_cut(r, to);
}
