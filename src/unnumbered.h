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

/* Writes the prefix of a record whose body is n bytes long, n < 2^32, to prefix. `batch`: type and generation number
 * are to be written before the body. Rule G-8. */
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
void fr_unnumbered_prefix(uint8_t prefix[FR_RECORD_PREFIX], bool batch, size_t n);

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
