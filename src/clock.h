#ifndef FR_CLOCK_H
#define FR_CLOCK_H

/* clock: ticks of the trace clock to nanoseconds, and differences of times.
 *
 * The recorders compute in IEEE-754 binary64 and round to nearest even:
 *   rate = 1.0 / ((double)ticks_per_second / 1e9);  ns = (int64)((double)ticks * rate)
 * Here the same bits come out of integers alone: a positive binary64 is a significand of 53 bits times a power of two,
 * and each of the five roundings is a division with remainder. So the result depends neither on a floating-point unit
 * nor on its modes, and the proof speaks of integers only. The rate takes three of the roundings and two long
 * divisions; it is computed once a frequency, and one conversion is then a product and a shift.
 *
 * Limits: none; every frequency and every number of ticks has its result. What does not fit an int64_t, and everything
 * at frequency 0 (an infinite rate), gives INT64_MIN, as the conversion on amd64 does (erratum E9). */

#include <stdint.h>

/* Nanoseconds per tick, sig * 2^exp; to be had from fr_clock_rate alone. sig is 0 for the infinite rate of frequency
 * 0. */
typedef struct {
  int64_t sig; /* below 2^53; of another type than positions, which a prover then need not tell apart from it */
  int32_t exp;
} fr_rate;

#include "clock.acsl"

/* a - b modulo 2^64, as Go subtracts int64 values. Rule C-2. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures difference: \result == ck_sub(a, b);
*/
int64_t fr_clock_sub(int64_t a, int64_t b);

/* The rate of a clock with tps ticks per second, for fr_clock_ns. Rule C-1. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sound: ck_rate_ok(\result);
  behavior finite:
    assumes ticking: tps > 0;
    ensures sig: \result.sig == ck_rate_sig(tps);
    ensures exp: \result.exp == ck_rate_exp(tps);
  behavior infinite:
    assumes no_frequency: tps == 0;
    ensures sig: \result.sig == 0;
  complete behaviors;
  disjoint behaviors;
*/
fr_rate fr_clock_rate(uint64_t tps);

/* Ticks in nanoseconds, rounded as above. It is negative only as INT64_MIN: not representable, or frequency 0.
 * Rule C-1. */
/*@
  requires rate_read: \valid_read(rate);
  requires sound: ck_rate_ok(*rate);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures nanoseconds: \result == ck_rate_ns(rate->sig, rate->exp, ticks);
  ensures sign: \result >= 0 || \result == INT64_MIN;
*/
int64_t fr_clock_ns(const fr_rate *rate, uint64_t ticks);

#endif
