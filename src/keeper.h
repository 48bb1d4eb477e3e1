#ifndef FR_KEEPER_H
#define FR_KEEPER_H

/* keeper: takes one frame after another into the ring, and sees where a generation ends.
 *
 * The active generation is entry n of the ring's table: its number is the label's gen, and the least time in it the
 * label's stamp, in the unit that the system measures; 0 means in both that it is not known. Its minimum time in
 * nanoseconds is written when it is completed, with the rate of the clock that is known then.
 *
 * A rotation that fails for want of a slot changes nothing of this, and can be repeated.
 *
 * The contracts below are the aim: `make prove` does not try them yet (spec/SOUNDNESS.md).
 *
 * Limits: it takes whole frames, which frame.h has read; the stream, its header and its errors are the recorder's. All
 * memory is the caller's, as ring.h says. */

#include "frame.h"
#include "ring.h"
#include "unnumbered.h"

/* What is kept when a generation is completed (rules P-1 to P-4). */
typedef struct {
  int64_t max_bytes;
  int64_t min_age; /* ns */
} fr_limits;

typedef struct {
  const fr_system *system;
  fr_ring ring;
  fr_limits limits;
  fr_rate rate;       /* of the clock of the active generation, if has_frequency */
  bool has_frequency; /* it is known */
  bool locked;        /* the ring's lock was left locked (E2) */
} fr_keeper;

#include "keeper.acsl"

/* Sets up a keeper with an empty ring over the caller's arena and table, without limits. Rule G-1. */
/*@
  requires k_valid: \valid(k);
  requires s_read: \valid_read(system);
  requires s_ok: sy_ok(system);
  requires t_read: \valid_read(t) && \separated(t, k);
  requires memory: \valid(arena + (0 .. cap - 1)) && rg_valid(t);
  requires apart: rg_apart(&k->ring, arena, cap, t);
  requires k_apart: kp_apart(k, system, arena, cap, t);
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  requires slots_range: t->slots >= 1;
  terminates \true;
  exits \false;
  assigns k->system \from system;
  assigns k->ring.store.buf \from arena;
  assigns k->ring.table.start \from *t;
  assigns k->ring.table.account \from *t;
  assigns k->ring.table.gen \from *t;
  assigns k->ring.table.min_time \from *t;
  assigns k->ring.table.stamp \from *t;
  assigns k->ring.store.cap, k->ring.store.tail, k->ring.store.first, k->ring.store.end, k->ring.accounted, k->ring.n,
    k->ring.table.slots, k->limits.max_bytes, k->limits.min_age, k->rate.sig, k->rate.exp, k->has_frequency, k->locked,
    t->start[0], t->account[0], t->gen[0], t->min_time[0], t->stamp[0];
  ensures memory: kp_memory(k);
  ensures sound: kp_ok(k);
  ensures system: k->system == system;
  ensures arena: k->ring.store.buf == arena && k->ring.store.cap == cap;
  ensures columns: k->ring.table.start == \old(t->start) && k->ring.table.account == \old(t->account) &&
    k->ring.table.gen == \old(t->gen) && k->ring.table.min_time == \old(t->min_time) &&
    k->ring.table.stamp == \old(t->stamp) && k->ring.table.slots == \old(t->slots);
  ensures empty: k->ring.n == 0 && k->ring.store.first == 0 && k->ring.store.end == 0 && k->ring.accounted == 0;
  ensures begun: kp_begun(k);
  ensures no_frequency: k->has_frequency == false;
  ensures free: k->locked == false;
*/
void fr_keeper_init(fr_keeper *k, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t);

/* The clock of the active generation has so many ticks a second. Rules G-4, C-1. */
/*@
  requires memory: kp_memory(k);
  requires sound: kp_ok(k);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->rate.sig, k->rate.exp;
  ensures memory: kp_memory(k);
  ensures sound: kp_ok(k);
  ensures known: k->has_frequency == true;
  ensures finite: ticks_per_second > 0 ==> k->rate.sig == ck_rate_sig(ticks_per_second) &&
    k->rate.exp == ck_rate_exp(ticks_per_second);
  ensures infinite: ticks_per_second == 0 ==> k->rate.sig == 0;
  ensures same: rg_same{Pre, Post}(&k->ring);
*/
void fr_keeper_set_frequency(fr_keeper *k, uint64_t ticks_per_second);

/* Forgets all generations, and the frequency unless it was given. Rule L-1. */
/*@
  requires memory: kp_memory(k);
  requires sound: kp_ok(k);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->rate.sig, k->rate.exp, k->ring.store.tail, k->ring.store.first, k->ring.store.end,
    k->ring.accounted, k->ring.n, k->ring.table.start[0], k->ring.table.account[0], k->ring.table.gen[0],
    k->ring.table.min_time[0], k->ring.table.stamp[0];
  ensures memory: kp_memory(k);
  ensures sound: kp_ok(k);
  ensures empty: k->ring.n == 0 && k->ring.store.first == 0 && k->ring.store.end == 0 && k->ring.accounted == 0;
  ensures begun: kp_begun(k);
  ensures forgotten: kp_forgotten{Pre, Post}(k);
*/
void fr_keeper_clear(fr_keeper *k);

/* Completes the active generation at time `clock`, in ticks. Rules G-5, P-1 to P-5.
 * FR_NO_SPACE: the table is too small; nothing was changed. */
/*@
  requires memory: kp_memory(k);
  requires sound: kp_ok(k);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->rate.sig, k->rate.exp, k->ring.n, k->ring.store.tail, k->ring.store.first,
    k->ring.table.start[0 .. k->ring.table.slots - 1], k->ring.table.account[0 .. k->ring.table.slots - 1],
    k->ring.table.gen[0 .. k->ring.table.slots - 1], k->ring.table.min_time[0 .. k->ring.table.slots - 1],
    k->ring.table.stamp[0 .. k->ring.table.slots - 1];
  ensures memory: kp_memory(k);
  ensures sound: kp_ok(k);
  ensures status: \result == FR_OK || \result == FR_NO_SPACE;
  ensures room: \old(k->ring.n) + 1 < k->ring.table.slots ==> \result == FR_OK;
  ensures same: \result != FR_OK ==> kp_same{Pre, Post}(k);
  ensures rotated: \result == FR_OK ==> kp_rotated{Pre, Post}(k, clock);
*/
fr_status fr_keeper_rotate(fr_keeper *k, uint64_t clock);

/* Takes the frame f that stands at p in a trace of Go 1.`version`, at time `clock`, into the active generation, which
 * may have to end before it or with it. Rules G-2 to G-8.
 * FR_BAD_GENERATION, FR_BAD_END_MARK: out of sequence (G-3, G-2). FR_NO_FREQUENCY: the active generation would have to
 * end, and has none (G-4). FR_BAD_FREQUENCY, FR_TRAILING: of a frequency batch (B-10). FR_DEADLOCK (E2). FR_NO_SPACE:
 * the arena or the table is full (G-6).
 * After any of them the frame is not kept; the active generation may have been completed, if the frame begins another.
 * No other generation has gone. */
/*@
  requires memory: kp_memory(k);
  requires s_ok: sy_ok(k->system);
  requires sound: kp_ok(k);
  requires frame: kp_frame(k, f, p);
  terminates \true;
  exits \false;
  assigns k->has_frequency, k->locked, k->rate.sig, k->rate.exp, k->ring.n, k->ring.accounted, k->ring.store.tail,
    k->ring.store.first, k->ring.store.end, k->ring.store.buf[0 .. k->ring.store.cap - 1],
    k->ring.table.start[0 .. k->ring.table.slots - 1], k->ring.table.account[0 .. k->ring.table.slots - 1],
    k->ring.table.gen[0 .. k->ring.table.slots - 1], k->ring.table.min_time[0 .. k->ring.table.slots - 1],
    k->ring.table.stamp[0 .. k->ring.table.slots - 1];
  ensures memory: kp_memory(k);
  ensures sound: kp_ok(k);
  ensures status: \result == FR_OK || \result == FR_BAD_GENERATION || \result == FR_BAD_END_MARK ||
    \result == FR_NO_FREQUENCY || \result == FR_BAD_FREQUENCY || \result == FR_TRAILING || \result == FR_DEADLOCK ||
    \result == FR_NO_SPACE;
  ensures survive: kp_survive{Pre, Post}(k);
  ensures refused: \result != FR_OK ==> k->system->verbatim ==> !\old(kp_turns(k, version, f)) ==>
    kp_same{Pre, Post}(k);
  ensures grown: \result == FR_OK ==> k->system->verbatim ==> k->ring.store.end == \old(k->ring.store.end + f->used);
  ensures appended: \result == FR_OK ==> k->system->verbatim ==>
    \forall integer pos; \old(k->ring.store.end) <= pos < k->ring.store.end ==>
    rg_byte(&k->ring, pos) == \old(p[pos - k->ring.store.end]);
  ensures accounted: \result == FR_OK ==> k->ring.accounted == \old(k->ring.accounted + fm_account(k->system, f));
  ensures lock: k->locked == \old(k->locked) || (k->system->rotation == FR_ROTATION_NEXT && \result == FR_NO_FREQUENCY);
*/
fr_status fr_keeper_take(fr_keeper *k, uint32_t version, const fr_frame *f, const uint8_t *p, uint64_t clock);

#endif
