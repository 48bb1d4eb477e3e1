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
void fr_keeper_init(fr_keeper *k, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t);

/* The clock of the active generation has so many ticks a second. Rules G-4, C-1. */
void fr_keeper_set_frequency(fr_keeper *k, uint64_t ticks_per_second);

/* Forgets all generations, and the frequency unless it was given. Rule L-1. */
void fr_keeper_clear(fr_keeper *k);

/* Completes the active generation at time `clock`, in ticks. Rules G-5, P-1 to P-5.
 * FR_NO_SPACE: the table is too small; nothing was changed. */
fr_status fr_keeper_rotate(fr_keeper *k, uint64_t clock);

/* Takes the frame f that stands at p in a trace of Go 1.`version`, at time `clock`, into the active generation, which
 * may have to end before it or with it. Rules G-2 to G-8.
 * FR_BAD_GENERATION, FR_BAD_END_MARK: out of sequence (G-3, G-2). FR_NO_FREQUENCY: the active generation would have to
 * end, and has none (G-4). FR_BAD_FREQUENCY, FR_TRAILING: of a frequency batch (B-10). FR_DEADLOCK (E2). FR_NO_SPACE:
 * the arena or the table is full (G-6).
 * After any of them the frame is not kept; the active generation may have been completed, if the frame begins another.
 * No other generation has gone. */
fr_status fr_keeper_take(fr_keeper *k, uint32_t version, const fr_frame *f, const uint8_t *p, uint64_t clock);

#endif
