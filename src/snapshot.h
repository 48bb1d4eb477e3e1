#ifndef FR_SNAPSHOT_H
#define FR_SNAPSHOT_H

/* snapshot: the header and every byte of every complete generation, oldest first; nothing of the active one.
 *
 * The bytes lie in the arena as the snapshot shows them, so that it is at most three runs of memory: the header and, as
 * the arena is a circle, one or two pieces of it. Taking it copies nothing and changes nothing.
 *
 * Limits: the runs hold until the next call that changes the ring; who wants to keep the bytes longer copies them. */

#include "header.h"
#include "ring.h"

#include "snapshot.acsl"

/* The length in bytes of a snapshot taken now, header included. Rule S-1. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures size: \result == sn_size(r);
*/
size_t fr_snapshot_size(const fr_ring *r);

/* A snapshot as three runs, seg[0] the header, which stays where it is, seg[1] and seg[2] inside the arena; the last two
 * may be empty. Rules S-1, S-2. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires header_read: \valid_read(header + (0 .. FR_HEADER_SIZE - 1));
  requires seg_valid: \valid(seg + (0 .. 2));
  requires seg_apart: \separated(seg + (0 .. 2), r, r->store.buf + (0 .. r->store.cap - 1),
    r->table.start + (0 .. r->table.slots - 1));
  requires header_apart: \separated(seg + (0 .. 2), header + (0 .. FR_HEADER_SIZE - 1));
  terminates \true;
  exits \false;
  assigns seg[0 .. 2];
  ensures header: seg[0].base == header && seg[0].len == FR_HEADER_SIZE;
  ensures len: seg[1].len + seg[2].len == rg_complete(r);
  ensures inside_1: seg[1].len == 0 || \valid_read(seg[1].base + (0 .. seg[1].len - 1));
  ensures inside_2: seg[2].len == 0 || \valid_read(seg[2].base + (0 .. seg[2].len - 1));
  ensures bytes_1: \forall integer k; 0 <= k < seg[1].len ==> seg[1].base[k] == sn_byte(r, k);
  ensures bytes_2: \forall integer k; seg[1].len <= k < rg_complete(r) ==>
    seg[2].base[k - seg[1].len] == sn_byte(r, k);
*/
void fr_snapshot_segments(const fr_ring *r, const uint8_t *header, fr_segment seg[3]);

/* Copies a snapshot into out[0 .. cap - 1], which overlaps nothing of the ring, and says its length. Rules S-1, S-2.
 * FR_NO_SPACE: cap is less than fr_snapshot_size; nothing was changed. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires header_read: \valid_read(header + (0 .. FR_HEADER_SIZE - 1));
  requires out_valid: cap == 0 || \valid(out + (0 .. cap - 1));
  requires len_valid: \valid(len);
  requires out_apart: \separated(out + (0 .. cap - 1), r, len, r->store.buf + (0 .. r->store.cap - 1));
  requires len_apart: \separated(len, r->table.start + (0 .. r->table.slots - 1));
  requires header_apart: \separated(out + (0 .. cap - 1), header + (0 .. FR_HEADER_SIZE - 1));
  terminates \true;
  exits \false;
  assigns *len, out[0 .. cap - 1];
  behavior ok:
    assumes fits: sn_size(r) <= cap;
    ensures status: \result == FR_OK;
    ensures len: *len == sn_size(r);
    ensures header: \forall integer k; 0 <= k < FR_HEADER_SIZE ==> out[k] == header[k];
    ensures body: \forall integer k; FR_HEADER_SIZE <= k < sn_size(r) ==>
      out[k] == sn_byte(r, k - FR_HEADER_SIZE);
    ensures rest: \forall integer k; sn_size(r) <= k < cap ==> out[k] == \old(out[k]);
  behavior small:
    assumes small: sn_size(r) > cap;
    ensures status: \result == FR_NO_SPACE;
    ensures same_len: *len == \old(*len);
    ensures same_out: \forall integer k; 0 <= k < cap ==> out[k] == \old(out[k]);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_snapshot_copy(const fr_ring *r, const uint8_t *header, uint8_t *out, size_t cap, size_t *len);

#endif
