/* What a reader may rely on about uvarints and batches, each theorem with one sentence. Nothing here is compiled into
 * the program: the functions are calls of the core whose contracts say what always comes of them. */

#include "batch.h"
#include <stdbool.h>

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
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1];
  ensures read_back: \result == true;
*/
bool thm_uvarint_round_trip(uint8_t *buf, size_t len, uint64_t x)
{
  uint64_t value = 0;
  size_t used = 0;
  size_t n = fr_uvarint_put(buf, x);
  fr_status status = fr_uvarint_get(buf, len, &value, &used);
  return status == FR_OK && value == x && used == n && n == fr_uvarint_size(x);
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

/* Bytes that begin with the shortest header of *b, and are long enough for its payload, read as *b. The result is the
 * length of the batch, or 0 if anything differed. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires encoded: bt_enc(p, b);
  requires complete: bt_header_size(b) + b->size <= len;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures read_back: \result == \old(bt_header_size(b) + b->size);
  ensures not_0: \result > 0;
*/
size_t thm_batch_reads_back(const uint8_t *p, size_t len, const fr_batch *b)
{
  const uint32_t type = b->type, experiment = b->experiment;
  const uint64_t gen = b->gen, m = b->m, time = b->time, size = b->size;
  const size_t header = fr_batch_header_size(b);
  fr_batch got = {0};
  size_t data = 0;
  fr_status status = fr_batch_get(p, len, &got, &data);
  bool same = got.type == type && got.experiment == experiment && got.gen == gen && got.m == m && got.time == time &&
    got.size == size;
  return status == FR_OK && same && data == header ? data + (size_t)got.size : 0;
}

/* A batch of any of the three types that was written is read back, whatever its payload and whatever follows it. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  requires room: bt_header_size(b) + b->size <= len;
  requires buf_valid: \valid(buf + (0 .. len - 1));
  requires apart: \separated(b, buf + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns buf[0 .. len - 1];
  ensures read_back: \result == true;
*/
bool thm_batch_round_trip(uint8_t *buf, size_t len, const fr_batch *b)
{
  size_t n = fr_batch_put(buf, b);
  return thm_batch_reads_back(buf, len, b) == n + b->size;
}

/*@
  // off[0 .. n] are the offsets of n batches, one behind the other, that fill len bytes.
  predicate thm_offsets{L}(fr_batch *b, size_t *off, integer n, integer len) =
    off[0] == 0 && off[n] == len &&
    \forall integer i; 0 <= i < n ==> off[i] + bt_header_size(b + i) + b[i].size == off[i + 1] <= len;

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
    loop invariant behind: \forall integer j; 0 <= j < i ==> off[j] + bt_header_size(b + j) <= off[i];
    loop invariant written: thm_headers(buf, b, off, i);
    loop assigns i, buf[0 .. len - 1];
    loop variant n - i;
  */
  for (size_t i = 0; i < n; i++) {
    //@ assert place: off[i] + bt_header_size(b + i) + b[i].size == off[i + 1] <= len;
    fr_batch_put(buf + off[i], b + i);
    //@ assert below: uv_same{LoopCurrent, Here}(buf, off[i]);
    /*@ assert parts: \forall integer o, k; 0 <= o ==> o + k <= off[i] ==>
      uv_same{LoopCurrent, Here}(buf + o, k); */
    //@ assert inside: \forall integer j; 0 <= j < i ==> 0 <= off[j] && off[j] + bt_header_size(b + j) <= off[i];
    /*@ assert untouched: \forall integer j; 0 <= j < i ==>
      uv_same{LoopCurrent, Here}(buf + off[j], bt_header_size(b + j)); */
    //@ assert kept: thm_headers(buf, b, off, i);
    //@ assert put: bt_enc(buf + off[i], b + i);
    //@ ghost size_t next = i + 1;
    //@ assert after: off[i] <= off[i] + bt_header_size(b + i) <= off[next];
    //@ assert behind_next: \forall integer j; 0 <= j < next ==> off[j] + bt_header_size(b + j) <= off[next];
  }
}

/* A stream of written batches reads back as the same list: a loop that reads from offset 0 finds each batch at its
 * offset, in order, as it was written, and ends where the last one does. */
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
  ensures same_list: \result == true;
*/
bool thm_stream_reads_back(uint8_t *buf, size_t len, const fr_batch *b, const size_t *off, size_t n)
{
  thm_stream_write(buf, len, b, off, n);
  size_t at = 0;
  size_t i = 0;
  /*@
    loop invariant i_range: 0 <= i <= n;
    loop invariant at_offset: at == off[i] <= len;
    loop assigns i, at;
    loop variant n - i;
  */
  while (at < len) {
    //@ assert not_last: i < n;
    //@ assert place: off[i] + bt_header_size(b + i) + b[i].size == off[i + 1] <= len;
    if (at != off[i]) return false;
    size_t length = thm_batch_reads_back(buf + at, len - at, b + i);
    if (length == 0) return false;
    at += length;
    i++;
  }
  return i == n && at == off[n];
}
