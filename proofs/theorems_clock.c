/* What a reader may rely on about the clock, each theorem with one sentence. Nothing here is compiled into the program:
 * the functions are calls of the core whose contracts say what always comes of them. */

#include "clock.h"

/*@
  axiomatic thm_rounding {
    // The rounding takes one of the two integers around n / d, not the farther one.
    lemma thm_choice: \forall integer n, d; 0 <= n && 0 < d ==> 0 <= n % d < d &&
      (fl_half_even(n, d) == n / d && 2 * (n % d) <= d || fl_half_even(n, d) == n / d + 1 && 2 * (n % d) >= d);
    lemma thm_floor: \forall integer n, d; 0 <= n && 0 < d ==> fl_join(n / d, d, 0) == n - n % d;
    lemma thm_ceiling: \forall integer n, d; 0 <= n && 0 < d ==> fl_join(n / d + 1, d, 0) == n - n % d + d;
    lemma thm_near: \forall integer n, d; 0 <= n && 0 < d ==>
      -d <= 2 * (n - fl_join(fl_half_even(n, d), d, 0)) <= d;

    // What it gives is at most one half away from n / d.
    lemma thm_nearest: \forall integer n, d; 0 <= n && 0 < d ==> -d <= 2 * (n - fl_half_even(n, d) * d) <= d;

    // Halfway between two integers it gives the even one.
    lemma thm_even: \forall integer n, d; 0 <= n && 0 < d && 2 * (n % d) == d ==> fl_half_even(n, d) % 2 == 0;
  }
*/

/* Both steps together give, for every frequency and every number of ticks, what the five roundings give; it is negative
 * only as INT64_MIN. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures rule: \result == ck_ns(tps, ticks);
  ensures sign: \result >= 0 || \result == INT64_MIN;
*/
int64_t thm_ticks_to_ns(uint64_t tps, uint64_t ticks)
{
  fr_rate rate = fr_clock_rate(tps);
  return fr_clock_ns(&rate, ticks);
}

/* The difference of two times is their distance modulo 2^64: adding it again, modulo 2^64, gives the first time. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures modulo: ck_sub(a, b) + b == a || ck_sub(a, b) + b == a + 0x10000000000000000 ||
    ck_sub(a, b) + b == a - 0x10000000000000000;
  ensures value: \result == ck_sub(a, b);
  ensures exact: INT64_MIN <= a - b <= INT64_MAX ==> \result == a - b;
*/
int64_t thm_difference(int64_t a, int64_t b)
{
  return fr_clock_sub(a, b);
}
