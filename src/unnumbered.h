#ifndef FR_UNNUMBERED_H
#define FR_UNNUMBERED_H

/* unnumbered: the bytes of an active generation whose number is not known yet.
 *
 * The x/exp recorders take generation 0 for one without a number: its batches get the number of the first batch that
 * has another one (erratum E4), and only then is it known how long their headers are. Until then each batch is a record
 * in the arena, which begins with FR_RECORD_PREFIX bytes: whether a header is to be written, how many bytes follow, and
 * room. When the number comes, all records are turned into what the snapshot shows, in place, from the oldest on: what
 * is written is never longer than what was read.
 *
 * Limits: only for the active generation; a complete one always has its number. */

#include "batch.h"
#include "ring.h"
#include <stdbool.h>

#define FR_RECORD_PREFIX 11u /* type and a generation number of any length fit */

#include "unnumbered.acsl"

/* Appends a record: the n bytes of its body are head[0 .. head_len - 1], at most FR_BATCH_HEADER_MAX, and what is at
 * body[0 .. body_len - 1], at most FR_PAYLOAD_MAX; the system accounts them as `account`. `batch`: type and generation
 * number are to be written before the body. Rule G-8. FR_NO_SPACE: nothing was changed. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires whole: un_whole(r, rg_start(r, r->n), r->store.end);
  requires lengths: head_len <= FR_BATCH_HEADER_MAX && body_len <= FR_PAYLOAD_MAX;
  requires head_read: head_len == 0 || \valid_read(head + (0 .. head_len - 1));
  requires body_read: body_len == 0 || \valid_read(body + (0 .. body_len - 1));
  requires body_apart: \separated(body + (0 .. body_len - 1), r) &&
    \separated(body + (0 .. body_len - 1), r->store.buf + (0 .. r->store.cap - 1));
  terminates \true;
  exits \false;
  assigns r->accounted, r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures whole: un_whole(r, rg_start(r, r->n), r->store.end);
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
fr_status fr_unnumbered_append(fr_ring *r, bool batch, const uint8_t *head, size_t head_len, const uint8_t *body,
                               size_t body_len, uint64_t account);

/* Turns the records of the active generation, which consists of nothing else, into batches of generation gen: its bytes
 * are then, for each record, type and shortest number if it is a batch, and the body. Labels, accounted sizes and
 * complete generations stay. Rule G-8. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  requires whole: un_whole(r, rg_start(r, r->n), r->store.end);
  terminates \true;
  exits \false;
  assigns r->store.end, r->store.buf[0 .. r->store.cap - 1];
  ensures sound: rg_ok(r);
  ensures arena: r->store.cap == \old(r->store.cap);
  ensures table: rg_shifted{Pre, Post}(r, 0, r->n);
  ensures complete_ones: \forall integer at; r->store.first <= at < rg_start(r, r->n) ==>
    rg_byte(r, at) == \old(rg_byte(r, at));
  ensures shorter: rg_start(r, r->n) <= r->store.end <= \old(r->store.end);
  ensures end: r->store.end == \old(un_end(r, rg_start(r, r->n), r->store.end, rg_start(r, r->n), gen));
  ensures settled: \forall integer at; rg_start(r, r->n) <= at < r->store.end ==>
    rg_byte(r, at) == \old(un_byte(r, rg_start(r, r->n), r->store.end, rg_start(r, r->n), gen, at));
*/
void fr_unnumbered_settle(fr_ring *r, uint64_t gen);

#endif
