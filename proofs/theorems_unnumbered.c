/* What a reader may rely on about generations without a number, each theorem with one sentence. Nothing here is
 * compiled into the program: the functions are calls of the core whose contracts say what always comes of them. */

#include "unnumbered.h"

/*@
  // What the records of the active generation become: where it ends, and the byte that comes to position pos.
  logic integer un_all{L}(fr_ring *r, integer gen) =
    un_end(r, rg_start(r, r->n), r->store.end, rg_start(r, r->n), gen);
  logic integer un_at{L}(fr_ring *r, integer gen, integer pos) =
    un_byte(r, rg_start(r, r->n), r->store.end, rg_start(r, r->n), gen, pos);
*/

/* The byte at position p. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires held: r->store.first <= p < r->store.end;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures byte: \result == rg_byte(r, p);
*/
static uint8_t byte_at(const fr_ring *r, uint64_t p)
{
  uint8_t b[1] = {0};
  fr_store_read(&r->store, p, b, 1);
  return b[0];
}

/* How many bytes the body of the record at position p has. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires held: r->store.first <= p && un_body(p) <= r->store.end;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures size: \result == un_size(r, p);
*/
static uint64_t size_at(const fr_ring *r, uint64_t p)
{
  const uint64_t low = (uint64_t)byte_at(r, p + 1u) + 0x100u * (uint64_t)byte_at(r, p + 2u);
  const uint64_t high = 0x10000u * (uint64_t)byte_at(r, p + 3u) + 0x1000000u * (uint64_t)byte_at(r, p + 4u);
  return low + high;
}

/* Records keep their order: what a record that is appended becomes, type and number if it is a batch and then the body,
 * stands behind what those before it become, which is as it was. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires whole: un_whole(r, rg_start(r, r->n), r->store.end);
  requires n_range: n <= FR_PAYLOAD_MAX;
  requires body_valid: n == 0 || \valid_read(body + (0 .. n - 1));
  requires body_apart: \separated(body + (0 .. n - 1), r) &&
    \separated(body + (0 .. n - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures end: \result == FR_OK ==> un_all(r, gen) == \old(un_all(r, gen)) + (batch ? un_head_size(gen) : 0) + n;
  ensures older: \result == FR_OK ==> \forall integer at; rg_start(r, r->n) <= at < \old(un_all(r, gen)) ==>
    un_at(r, gen, at) == \old(un_at(r, gen, at));
  ensures head: \result == FR_OK ==> batch ==> \forall integer i; 0 <= i < un_head_size(gen) ==>
    un_at(r, gen, \old(un_all(r, gen)) + i) == un_head_byte(gen, i);
  ensures body: \result == FR_OK ==> \forall integer i; 0 <= i < n ==>
    un_at(r, gen, un_all(r, gen) - n + i) == \old(body[i]);
*/
fr_status thm_records_in_order(fr_ring *r, bool batch, const uint8_t *body, size_t n, uint64_t account, uint64_t gen)
{
  const uint64_t start = r->table.start[r->n], end = r->store.end;
  const size_t head_size = 1 + fr_uvarint_size(gen);
  const fr_status status = fr_unnumbered_append(r, batch, body, 0, body, n, account);
  if (status != FR_OK) return status;
  //@ ghost uint64_t end_now = r->store.end;
  uint64_t p = start, q = start;
  /*@
    loop invariant p_range: start <= q <= p <= end;
    loop invariant rest: un_whole{Pre}(r, p, end);
    loop invariant old_end: un_end{Pre}(r, start, end, start, gen) == un_end{Pre}(r, p, end, q, gen);
    loop invariant new_end: un_end(r, start, end_now, start, gen) == un_end(r, p, end_now, q, gen);
    loop invariant old_rest: \forall integer at; q <= at ==>
      un_byte{Pre}(r, start, end, start, gen, at) == un_byte{Pre}(r, p, end, q, gen, at);
    loop invariant new_rest: \forall integer at; q <= at ==>
      un_byte(r, start, end_now, start, gen, at) == un_byte(r, p, end_now, q, gen, at);
    loop invariant same: \forall integer at; start <= at < q ==>
      un_byte(r, start, end_now, start, gen, at) == un_byte{Pre}(r, start, end, start, gen, at);
    loop assigns p, q;
    loop variant end - p;
  */
  while (p < end) {
    //@ assert old_next: un_body(p) <= un_next{Pre}(r, p) <= end && un_whole{Pre}(r, un_next{Pre}(r, p), end);
    //@ assert same_size: un_size(r, p) == un_size{Pre}(r, p);
    //@ assert same_flag: rg_byte(r, p) == rg_byte{Pre}(r, p);
    const uint64_t size = size_at(r, p);
    const uint64_t h = byte_at(r, p) != 0 ? head_size : 0;
    //@ assert head: h == un_head(r, p, gen) && h == un_head{Pre}(r, p, gen);
    const uint64_t p_next = p + FR_RECORD_PREFIX + size, q_next = q + h + size;
    //@ assert next: p_next == un_next(r, p) && p_next == un_next{Pre}(r, p);
    //@ assert behind: q_next == un_behind(r, p, q, gen) && q_next == un_behind{Pre}(r, p, q, gen);
    //@ assert old_end_step: un_end{Pre}(r, p, end, q, gen) == un_end{Pre}(r, p_next, end, q_next, gen);
    //@ assert new_end_step: un_end(r, p, end_now, q, gen) == un_end(r, p_next, end_now, q_next, gen);
    /*@ assert old_step: \forall integer at; q_next <= at ==>
          un_byte{Pre}(r, p, end, q, gen, at) == un_byte{Pre}(r, p_next, end, q_next, gen, at); */
    /*@ assert new_step: \forall integer at; q_next <= at ==>
          un_byte(r, p, end_now, q, gen, at) == un_byte(r, p_next, end_now, q_next, gen, at); */
    /*@ assert same_head: \forall integer at; q <= at < q + h ==>
          un_byte(r, p, end_now, q, gen, at) == un_byte{Pre}(r, p, end, q, gen, at); */
    /*@ assert same_body: \forall integer at; q + h <= at < q_next ==>
          un_byte(r, p, end_now, q, gen, at) == un_byte{Pre}(r, p, end, q, gen, at); */
    //@ assert old_end_next: un_end{Pre}(r, start, end, start, gen) == un_end{Pre}(r, p_next, end, q_next, gen);
    //@ assert new_end_next: un_end(r, start, end_now, start, gen) == un_end(r, p_next, end_now, q_next, gen);
    /*@ assert old_rest_next: \forall integer at; q_next <= at ==>
          un_byte{Pre}(r, start, end, start, gen, at) == un_byte{Pre}(r, p_next, end, q_next, gen, at); */
    /*@ assert new_rest_next: \forall integer at; q_next <= at ==>
          un_byte(r, start, end_now, start, gen, at) == un_byte(r, p_next, end_now, q_next, gen, at); */
    p = p_next;
    q = q_next;
  }
  //@ assert q_end: q == un_end{Pre}(r, start, end, start, gen);
  //@ assert last_next: un_next(r, end) == end_now;
  //@ assert last_head: un_head(r, end, gen) == (batch ? un_head_size(gen) : 0);
  //@ assert last_end: un_end(r, end_now, end_now, un_behind(r, end, q, gen), gen) == un_behind(r, end, q, gen);
  //@ assert all: un_end(r, start, end_now, start, gen) == un_behind(r, end, q, gen);
  //@ assert last_room: end < end_now;
  /*@ assert last_rest: \forall integer at; q <= at ==>
        un_byte(r, start, end_now, start, gen, at) == un_byte(r, end, end_now, q, gen, at); */
  /*@ assert last_head_bytes: \forall integer at; q <= at < q + un_head(r, end, gen) ==>
        un_byte(r, end, end_now, q, gen, at) == un_head_byte(gen, at - q); */
  /*@ assert last_body_bytes: \forall integer at; q + un_head(r, end, gen) <= at < un_behind(r, end, q, gen) ==>
        un_byte(r, end, end_now, q, gen, at) == rg_byte(r, un_body(end) + (at - q - un_head(r, end, gen))); */
  /*@ assert body_bytes: \forall integer i; 0 <= i < n ==>
        rg_byte(r, un_body(end) + i) == \at(body[i], Pre); */
  //@ assert start: start == rg_start(r, r->n) && end_now == r->store.end;
  /*@ assert new_head: \forall integer i; 0 <= i < un_head(r, end, gen) ==>
        un_at(r, gen, q + i) == un_head_byte(gen, i); */
  /*@ assert new_body: \forall integer i; 0 <= i < n ==>
        un_at(r, gen, q + un_head(r, end, gen) + i) == rg_byte(r, un_body(end) + i); */
  //@ assert new_all: un_all(r, gen) == q + un_head(r, end, gen) + n;
  //@ assert old_all: un_all{Pre}(r, gen) == q;
  return status;
}
