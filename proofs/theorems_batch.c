/* What a reader may rely on about uvarints and batches, each theorem with one sentence. Nothing here is compiled into
 * the program: the functions are calls of the core whose contracts say what always comes of them. */

#include "batch.h"

/*@
  axiomatic thm_uvarints {
    // n digits make a number below 128^n.
    lemma thm_value_range{L}: \forall uint8_t *p, integer n; 0 <= n ==> n <= 10 ==>
      0 <= uv_value(p, n) < uv_pow128(n);

    // Every uvarint has a value of 64 bits.
    lemma thm_value_fits{L}: \forall uint8_t *p, integer n; uv_wf(p, n) ==>
      0 <= uv_value(p, n) <= 0xffffffffffffffff;

    // No uvarint is shorter than what fr_uvarint_put writes for its value.
    lemma thm_shortest{L}: \forall uint8_t *p, integer n; uv_wf(p, n) ==> uv_size(uv_value(p, n)) <= n;

    // Bytes begin with at most one uvarint.
    lemma thm_unique{L}: \forall uint8_t *p, integer n1, n2; uv_wf(p, n1) ==> uv_wf(p, n2) ==> n1 == n2;

    // Bytes are accepted if and only if they begin with a uvarint; they are truncated if and only if they are fewer
    // than ten and all go on; they overflow if and only if the first nine go on and the tenth is above 1.
    lemma thm_accepted{L}: \forall uint8_t *p, integer len; 0 <= len ==>
      (uv_parse(p, len) > 0 <==> (\exists integer n; n <= len && uv_wf(p, n))) &&
      (uv_parse(p, len) == 0 <==> len < 10 && uv_cont(p, len)) &&
      (uv_parse(p, len) == -1 <==> len >= 10 && uv_cont(p, 9) && p[9] > 1);

    // E1: the estimate is one too many exactly if the bit length is 7, 14, ..., 63, else right, and never too small.
    lemma thm_estimate: \forall integer x; 0 <= x <= 0xffffffffffffffff ==>
      (uv_sevens(x) <==> uv_bitlen(x) == 7 || uv_bitlen(x) == 14 || uv_bitlen(x) == 21 || uv_bitlen(x) == 28 ||
        uv_bitlen(x) == 35 || uv_bitlen(x) == 42 || uv_bitlen(x) == 49 || uv_bitlen(x) == 56 || uv_bitlen(x) == 63) &&
      (uv_sevens(x) ==> uv_estimate(x) == uv_size(x) + 1) &&
      (!uv_sevens(x) ==> uv_estimate(x) == uv_size(x));
  }
*/

/* What was written is read back, whatever follows it: the same value, from as many bytes as were written. */
/*@
  requires room: uv_size(x) <= len;
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires out_valid: \valid(value) && \valid(used);
  requires apart: \separated(value, used) && \separated(value, buf + (0 .. len - 1)) &&
    \separated(used, buf + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1], *value, *used;
  ensures status: \result == FR_OK;
  ensures value: *value == x;
  ensures used: *used == uv_size(x);
*/
fr_status thm_uvarint_round_trip(uint8_t *buf, size_t len, uint64_t x, uint64_t *value, size_t *used)
{
  fr_uvarint_put(buf, x);
  return fr_uvarint_get(buf, len, value, used);
}

/* E1 in code: the estimate exceeds the true length by 1 at the multiples of seven and by 0 else. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures over: uv_sevens(x) ==> \result == 1;
  ensures exact: !uv_sevens(x) ==> \result == 0;
*/
size_t thm_estimate_excess(uint64_t x)
{
  return fr_uvarint_estimate(x) - fr_uvarint_size(x);
}

/*@
  // Four uvarints stand one behind the other from offset o on, and the payload behind them is small enough and there.
  predicate thm_complete{L}(uint8_t *p, integer len, integer o) =
    uv_parse(p + o, len - o) > 0 &&
    uv_parse(p + bt_m_off(p, len, o), len - bt_m_off(p, len, o)) > 0 &&
    uv_parse(p + bt_time_off(p, len, o), len - bt_time_off(p, len, o)) > 0 &&
    uv_parse(p + bt_size_off(p, len, o), len - bt_size_off(p, len, o)) > 0 &&
    bt_number(p, len, bt_size_off(p, len, o)) <= FR_PAYLOAD_MAX &&
    bt_data_off(p, len, o) + bt_number(p, len, bt_size_off(p, len, o)) <= len;

  axiomatic thm_batches {
    // A batch is accepted if and only if it is an end mark, or a complete event batch, or an experiment byte and the
    // rest of one behind the type of an experimental batch.
    lemma thm_batch_accepted{L}: \forall uint8_t *p, integer len;
      bt_status(p, len) == FR_OK <==>
        len >= 1 && (p[0] == FR_END_OF_GENERATION ||
                     (p[0] == FR_EVENT_BATCH && thm_complete(p, len, 1)) ||
                     (p[0] == FR_EXPERIMENTAL_BATCH && thm_complete(p, len, 2)));

    // Every other outcome is one of four errors.
    lemma thm_batch_errors{L}: \forall uint8_t *p, integer len;
      bt_status(p, len) == FR_OK || bt_status(p, len) == FR_TRUNCATED || bt_status(p, len) == FR_OVERFLOW ||
      bt_status(p, len) == FR_BAD_TYPE || bt_status(p, len) == FR_BAD_SIZE;

    // A header stays where its bytes stay.
    lemma thm_header_frame{L1, L2}: \forall uint8_t *p, fr_batch *b;
      uv_same{L1, L2}(p, bt_header_size{L1}(b)) ==>
      \at(b->type, L1) == \at(b->type, L2) ==> \at(b->experiment, L1) == \at(b->experiment, L2) ==>
      \at(b->gen, L1) == \at(b->gen, L2) ==> \at(b->m, L1) == \at(b->m, L2) ==>
      \at(b->time, L1) == \at(b->time, L2) ==> \at(b->size, L1) == \at(b->size, L2) ==>
      bt_enc{L1}(p, b) ==> bt_enc{L2}(p, b);
  }
*/

/* A batch of any of the three types that was written is read back, whatever its payload and whatever follows it. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  requires room: bt_header_size(b) + b->size <= len;
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires out_valid: \valid(got) && \valid(data);
  requires b_apart: \separated(b, buf + (0 .. len - 1));
  requires got_apart: \separated(got, buf + (0 .. len - 1)) && \separated(got, b);
  requires data_apart: \separated(data, buf + (0 .. len - 1)) && \separated(data, b) && \separated(data, got);
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1], *got, *data;
  ensures status: \result == FR_OK;
  ensures type: got->type == \old(b->type);
  ensures experiment: got->experiment == \old(b->experiment);
  ensures gen: got->gen == \old(b->gen);
  ensures m: got->m == \old(b->m);
  ensures time: got->time == \old(b->time);
  ensures size: got->size == \old(b->size);
  ensures data: *data == \old(bt_header_size(b));
*/
fr_status thm_batch_round_trip(uint8_t *buf, size_t len, const fr_batch *b, fr_batch *got, size_t *data)
{
  fr_batch_put(buf, b);
  return fr_batch_get(buf, len, got, data);
}

/*@
  // How long the batch *b is with its payload.
  logic integer thm_length{L}(fr_batch *b) = bt_header_size(b) + b->size;

  axiomatic thm_lengths {
    lemma thm_header_range{L}: \forall fr_batch *b; 1 <= bt_header_size(b) <= 42;
    lemma thm_length_positive{L}: \forall fr_batch *b; bt_header_size(b) <= thm_length(b);
  }

  // The i-th batch ends at the next offset, within len bytes.
  predicate thm_place{L}(fr_batch *b, size_t *off, integer i, integer len) =
    off[i] + thm_length(b + i) == off[i + 1] <= len;

  // off[0 .. n] are the offsets of n batches, one behind the other, that fill len bytes.
  predicate thm_offsets{L}(fr_batch *b, size_t *off, integer n, integer len) =
    off[0] == 0 && off[n] == len && \forall integer i; 0 <= i < n ==> thm_place(b, off, i, len);

  // Each of the first n batches has its header at its offset.
  predicate thm_headers{L}(uint8_t *buf, fr_batch *b, size_t *off, integer n) =
    \forall integer i; 0 <= i < n ==> bt_enc(buf + off[i], b + i);
*/

/* Writes the headers of n batches, each at its offset; the payloads between them are whatever the buffer holds. */
/*@
  requires b_read: \valid_read(b + (0 .. n - 1));
  requires off_read: \valid_read(off + (0 .. n));
  requires sound: \forall integer i; 0 <= i < n ==> bt_ok(b + i);
  requires offsets: thm_offsets(b, off, n, len);
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires b_apart: \separated(buf + (0 .. len - 1), b + (0 .. n - 1));
  requires off_apart: \separated(buf + (0 .. len - 1), off + (0 .. n));
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1];
  ensures written: thm_headers(buf, b, off, n);
*/
void thm_stream_write(uint8_t *buf, size_t len, const fr_batch *b, const size_t *off, size_t n)
{
  (void)len;
  /*@
    loop invariant i_range: 0 <= i <= n;
    loop invariant behind: \forall integer j; 0 <= j < i ==> 0 <= off[j] && off[j] + bt_header_size(b + j) <= off[i];
    loop invariant written: thm_headers(buf, b, off, i);
    loop assigns i, buf[0 .. len - 1];
    loop variant n - i;
  */
  for (size_t i = 0; i < n; i++) {
    //@ ghost size_t next = i + 1;
    //@ assert next_index: next == i + 1;
    //@ assert place: thm_place(b, off, i, len);
    //@ assert place_next: off[i] + thm_length(b + i) == off[next] <= len;
    //@ assert header: off[i] < off[i] + bt_header_size(b + i) <= off[next];
    fr_batch_put(buf + off[i], b + i);
    //@ assert below: uv_same{LoopCurrent, Here}(buf, off[i]);
    /*@ assert parts: \forall integer o, k; 0 <= o ==> o + k <= off[i] ==>
      uv_same{LoopCurrent, Here}(buf + o, k); */
    /*@ assert untouched: \forall integer j; 0 <= j < i ==>
      uv_same{LoopCurrent, Here}(buf + off[j], bt_header_size(b + j)); */
    //@ assert kept: thm_headers(buf, b, off, i);
    //@ assert put: bt_enc(buf + off[i], b + i);
    //@ assert written_next: thm_headers(buf, b, off, next);
    /*@ assert behind_next: \forall integer j; 0 <= j < next ==>
      0 <= off[j] && off[j] + bt_header_size(b + j) <= off[next]; */
  }
}

/* One step of a loop that reads a stream: how far the next batch is. What is read is *b, which the code does not
 * know. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires encoded: bt_enc(p, b);
  requires complete: thm_length(b) <= len;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures length: \result == \old(thm_length(b));
*/
size_t thm_step(const uint8_t *p, size_t len, const fr_batch *b)
{
  (void)b;
  fr_batch got = {0};
  size_t data = 0;
  fr_batch_get(p, len, &got, &data);
  return data + (size_t)got.size;
}

/* A stream of written batches reads back as the same list (1): a loop that reads from offset 0 to the end of the bytes
 * finds as many batches as were written. */
/*@
  requires b_read: \valid_read(b + (0 .. n - 1));
  requires off_read: \valid_read(off + (0 .. n));
  requires sound: \forall integer i; 0 <= i < n ==> bt_ok(b + i);
  requires offsets: thm_offsets(b, off, n, len);
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires b_apart: \separated(buf + (0 .. len - 1), b + (0 .. n - 1));
  requires off_apart: \separated(buf + (0 .. len - 1), off + (0 .. n));
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1];
  ensures count: \result == n;
*/
size_t thm_stream_count(uint8_t *buf, size_t len, const fr_batch *b, const size_t *off, size_t n)
{
  thm_stream_write(buf, len, b, off, n);
  size_t pos = 0;
  size_t i = 0;
  //@ assert first_place: 0 < n ==> thm_place(b, off, 0, len);
  /*@
    loop invariant i_range: 0 <= i <= n;
    loop invariant pos: pos == off[i];
    loop invariant more: i < n <==> pos < len;
    loop assigns i, pos;
    loop variant n - i;
  */
  while (pos < len) {
    //@ assert not_last: i < n;
    //@ assert place: thm_place(b, off, i, len);
    //@ ghost size_t next = i + 1;
    //@ assert next_index: next == i + 1;
    //@ assert place_next: off[i] + thm_length(b + i) == off[next] <= len;
    pos += thm_step(buf + pos, len - pos, b + i);
    //@ assert next: pos == off[next] <= len;
    //@ assert next_place: next < n ==> thm_place(b, off, next, len);
    i++;
  }
  return i;
}

/* A stream of written batches reads back as the same list (2): the k-th batch that such a loop finds is the k-th that
 * was written, field by field, and it lies at its offset. */
/*@
  requires b_read: \valid_read(b + (0 .. n - 1));
  requires off_read: \valid_read(off + (0 .. n));
  requires sound: \forall integer i; 0 <= i < n ==> bt_ok(b + i);
  requires offsets: thm_offsets(b, off, n, len);
  requires k_range: k < n;
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires b_apart: \separated(buf + (0 .. len - 1), b + (0 .. n - 1));
  requires off_apart: \separated(buf + (0 .. len - 1), off + (0 .. n));
  requires got_valid: \valid(got);
  requires got_apart: \separated(got, buf + (0 .. len - 1)) && \separated(got, b + (0 .. n - 1)) &&
    \separated(got, off + (0 .. n));
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1], *got;
  ensures type: got->type == \old(b[k].type);
  ensures experiment: got->experiment == \old(b[k].experiment);
  ensures gen: got->gen == \old(b[k].gen);
  ensures m: got->m == \old(b[k].m);
  ensures time: got->time == \old(b[k].time);
  ensures size: got->size == \old(b[k].size);
  ensures place: \result == \old(off[k]);
*/
size_t thm_stream_nth(uint8_t *buf, size_t len, const fr_batch *b, const size_t *off, size_t n, size_t k, fr_batch *got)
{
  thm_stream_write(buf, len, b, off, n);
  size_t pos = 0;
  size_t data = 0;
  /*@
    loop invariant i_range: 0 <= i <= k;
    loop invariant pos: pos == off[i] <= len;
    loop assigns i, pos;
    loop variant k - i;
  */
  for (size_t i = 0; i < k; i++) {
    //@ ghost size_t next = i + 1;
    //@ assert next_index: next == i + 1;
    //@ assert place: thm_place(b, off, i, len);
    //@ assert place_next: off[i] + thm_length(b + i) == off[next] <= len;
    pos += thm_step(buf + pos, len - pos, b + i);
    //@ assert next: pos == off[next] <= len;
  }
  //@ assert place_k: thm_place(b, off, k, len);
  size_t rest = len - pos;
  //@ assert rest_k: thm_length(b + k) <= rest;
  //@ assert encoded_k: bt_enc(buf + pos, b + k);
  //@ assert readable_k: bt_status(buf + pos, rest) == FR_OK;
  //@ assert type_k: *(buf + pos) == b[k].type && bt_experiment(buf + pos) == b[k].experiment;
  //@ assert gen_k: bt_gen(buf + pos, rest) == b[k].gen;
  //@ assert m_k: bt_m(buf + pos, rest) == b[k].m;
  //@ assert time_k: bt_time(buf + pos, rest) == b[k].time;
  //@ assert size_k: bt_size(buf + pos, rest) == b[k].size;
  fr_batch_get(buf + pos, rest, got, &data);
  //@ assert got_type: got->type == \at(b[k].type, Pre) && got->experiment == \at(b[k].experiment, Pre);
  //@ assert got_gen: got->gen == \at(b[k].gen, Pre);
  //@ assert got_m: got->m == \at(b[k].m, Pre);
  //@ assert got_time: got->time == \at(b[k].time, Pre);
  //@ assert got_size: got->size == \at(b[k].size, Pre);
  return pos;
}
