/* What a reader may rely on about snapshots, each theorem with one sentence. Nothing here is compiled into the program:
 * the functions are calls of the core whose contracts say what always comes of them. */

#include "snapshot.h"

/*@
  // hist is all that was ever appended: the ring holds of it the bytes from first to end (thm_history of
  // theorems_ring.c, which says that this always stays so).
  predicate thm_holds{L}(fr_ring *r, uint8_t *hist) =
    \forall integer pos; r->store.first <= pos < r->store.end ==> rg_byte(r, pos) == hist[pos];
*/

/* A snapshot is the header and then what was appended, from the first byte of the oldest generation held to the last
 * byte of the newest complete one; so each generation lies at the offset that its start tells. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires header_read: \valid_read(header + (0 .. FR_HEADER_SIZE - 1));
  requires out_valid: cap == 0 || \valid(out + (0 .. cap - 1));
  requires len_valid: \valid(len);
  requires out_apart: \separated(out + (0 .. cap - 1), r, len, r->store.buf + (0 .. r->store.cap - 1));
  requires header_apart: \separated(out + (0 .. cap - 1), header + (0 .. FR_HEADER_SIZE - 1));
  requires len_apart: \separated(len, r) && \separated(len, r->table.start + (0 .. r->table.slots - 1));
  requires hist_read: \valid_read(hist + (0 .. total - 1));
  requires hist_apart: \separated(hist + (0 .. total - 1), out + (0 .. cap - 1));
  requires hist_range: r->store.end <= total;
  requires history: thm_holds(r, hist);
  terminates \true;
  exits \false;
  assigns *len, out[0 .. cap - 1];
  ensures len: \result == FR_OK ==> *len == FR_HEADER_SIZE + (rg_start(r, r->n) - r->store.first);
  ensures header: \result == FR_OK ==> \forall integer k; 0 <= k < FR_HEADER_SIZE ==> out[k] == \old(header[k]);
  ensures body: \result == FR_OK ==> \forall integer k; FR_HEADER_SIZE <= k < sn_size(r) ==>
    out[k] == hist[r->store.first + (k - FR_HEADER_SIZE)];
  ensures generations: \result == FR_OK ==> \forall integer i, k; 0 <= i < r->n ==> 0 <= k < rg_stored(r, i) ==>
    out[FR_HEADER_SIZE + (rg_start(r, i) - r->store.first) + k] == hist[rg_start(r, i) + k];
*/
fr_status thm_snapshot_history(const fr_ring *r, const uint8_t *header, uint8_t *out, size_t cap, size_t *len,
                               const uint8_t *hist, uint64_t total)
{
  (void)hist;
  (void)total;
  const fr_status status = fr_snapshot_copy(r, header, out, cap, len);
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  /*@ assert inside: \forall integer i; 0 <= i < r->n ==>
    r->store.first <= rg_start(r, i) && rg_start(r, i) + rg_stored(r, i) <= rg_start(r, r->n); */
  //@ assert same_hist: \forall integer pos; 0 <= pos < total ==> hist[pos] == \at(hist[pos], Pre);
  //@ assert first: r->store.first == \at(r->store.first, Pre) && r->store.end == \at(r->store.end, Pre);
  //@ assert same_bytes: rg_bytes{Pre, Here}(r);
  //@ assert history: thm_holds(r, hist);
  return status;
}

/* The three runs and the copy are the same snapshot: end to end, they have its length and its bytes. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires header_read: \valid_read(header + (0 .. FR_HEADER_SIZE - 1));
  requires out_valid: cap == 0 || \valid(out + (0 .. cap - 1));
  requires len_valid: \valid(len);
  requires out_apart: \separated(out + (0 .. cap - 1), r, len, r->store.buf + (0 .. r->store.cap - 1));
  requires header_apart: \separated(out + (0 .. cap - 1), header + (0 .. FR_HEADER_SIZE - 1));
  requires len_start_apart: \separated(len, r->table.start + (0 .. r->table.slots - 1));
  requires len_account_apart: \separated(len, r->table.account + (0 .. r->table.slots - 1));
  requires seg_valid: \valid(seg + (0 .. 2));
  requires seg_apart: \separated(seg + (0 .. 2), r, r->store.buf + (0 .. r->store.cap - 1),
    r->table.start + (0 .. r->table.slots - 1));
  requires seg_header_apart: \separated(seg + (0 .. 2), header + (0 .. FR_HEADER_SIZE - 1));
  requires seg_out_apart: \separated(seg + (0 .. 2), out + (0 .. cap - 1)) && \separated(seg + (0 .. 2), len);
  terminates \true;
  exits \false;
  assigns *len, out[0 .. cap - 1], seg[0 .. 2];
  ensures length: \result == FR_OK ==> *len == seg[0].len + seg[1].len + seg[2].len;
  ensures run_0: \result == FR_OK ==> \forall integer k; 0 <= k < seg[0].len ==> out[k] == seg[0].base[k];
  ensures run_1: \result == FR_OK ==> \forall integer k; 0 <= k < seg[1].len ==>
    out[seg[0].len + k] == seg[1].base[k];
  ensures run_2: \result == FR_OK ==> \forall integer k; 0 <= k < seg[2].len ==>
    out[seg[0].len + seg[1].len + k] == seg[2].base[k];
*/
fr_status thm_snapshot_runs(const fr_ring *r, const uint8_t *header, uint8_t *out, size_t cap, size_t *len,
                            fr_segment seg[3])
{
  const fr_status status = fr_snapshot_copy(r, header, out, cap, len);
  //@ ghost Copied: ;
  //@ assert starts: rg_starts{Pre, Here}(r, 0, r->n);
  //@ assert accounts: rg_accounts{Pre, Here}(r, 0, r->n);
  //@ assert ordered: rg_ordered(r, r->n);
  //@ assert sound: rg_ok(r);
  fr_snapshot_segments(r, header, seg);
  //@ assert complete: rg_complete(r) == rg_complete{Copied}(r);
  //@ assert length: status == FR_OK ==> *len == FR_HEADER_SIZE + rg_complete(r);
  //@ assert header: status == FR_OK ==> \forall integer k; 0 <= k < FR_HEADER_SIZE ==> out[k] == header[k];
  //@ assert first: r->store.first == \at(r->store.first, Copied) && r->store.end == \at(r->store.end, Copied);
  //@ assert arena: r->store.buf == \at(r->store.buf, Copied);
  //@ assert circle: r->store.cap == \at(r->store.cap, Copied) && r->store.tail == \at(r->store.tail, Copied);
  //@ assert same_bytes: rg_bytes{Copied, Here}(r);
  /*@ assert body: status == FR_OK ==> \forall integer k; FR_HEADER_SIZE <= k < sn_size(r) ==>
    out[k] == sn_byte(r, k - FR_HEADER_SIZE); */
  return status;
}
