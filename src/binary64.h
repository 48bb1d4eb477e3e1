#ifndef FR_BINARY64_H
#define FR_BINARY64_H

/* binary64: the arithmetic of IEEE-754 double precision, round to nearest even, in integers.
 *
 * A positive binary64 is a significand of 53 bits times a power of two, and each operation is exact integer arithmetic
 * followed by one rounding of a quotient. So the bits are the same on every machine, with and without a floating-point
 * unit and in whatever mode it is, and the proofs speak of integers alone.
 *
 * Only what src/clock.c needs: conversion from and to integers, product and quotient, for numbers that are positive
 * and far from the largest and the smallest binary64. Zero, infinities, NaN and subnormals do not occur.
 * `sig` may be 2^53, where rounding carried into a 54th bit: the same value as 2^52 with the next exponent. */

#include <stdint.h>

/* sig * 2^exp, 2^52 <= sig <= 2^53. */
typedef struct {
  uint64_t sig;
  int32_t exp;
} fr_binary64;

#define FR_TWO_27 UINT64_C(0x8000000)
#define FR_TWO_51 UINT64_C(0x8000000000000)
#define FR_TWO_52 UINT64_C(0x10000000000000)
#define FR_TWO_53 UINT64_C(0x20000000000000)

#include "binary64.acsl"

/* The integer nearest to q + r / d, ties to even. */
/*@
  requires q_range: q < FR_TWO_53;
  requires d_range: 0 < d <= FR_TWO_53;
  requires remainder: r < d;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures nearest: \result == fl_half_even(fl_join(q, d, r), d);
  ensures range: q <= \result <= q + 1;
  ensures exact: r == 0 ==> \result == q;
*/
static inline uint64_t half_even(uint64_t q, uint64_t r, uint64_t d)
{
  if (2 * r < d) return q;
  if (2 * r > d) return q + 1;
  return q + q % 2;
}

/* A division by d under way: quotient and remainder. */
typedef struct {
  uint64_t q;
  uint64_t r;
} fr_division;

/* Doubles the dividend: one more bit of the quotient. */
/*@
  requires d_range: 0 < d <= FR_TWO_53;
  requires q_range: x.q < FR_TWO_52;
  requires remainder: x.r < d;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures doubled: fl_join(\result.q, d, \result.r) == 2 * fl_join(x.q, d, x.r);
  ensures remainder: \result.r < d;
  ensures range: \result.q < FR_TWO_53;
*/
static inline fr_division next_bit(fr_division x, uint64_t d)
{
  fr_division y = {2 * x.q, 2 * x.r};
  //@ assert double: fl_double(y.q, x.q);
  //@ assert twice: fl_times(y.q, d) == 2 * fl_times(x.q, d);
  if (y.r >= d) {
    y.q = y.q + 1;
    y.r = y.r - d;
    //@ assert next: fl_times(y.q, d) == 2 * fl_times(x.q, d) + d;
  }
  return y;
}

/* The binary64 nearest to n / d: long division, one bit of the quotient a turn, until it has 53 bits. */
/*@
  requires n_range: 0 < n <= FR_TWO_53;
  requires d_range: 0 < d <= FR_TWO_53;
  requires below: n < FR_TWO_53 * d;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sig: \result.sig == fl_sig(n, d);
  ensures exp: \result.exp == fl_exp(n, d);
  ensures sig_range: FR_TWO_52 <= \result.sig <= FR_TWO_53;
  ensures exp_range: -105 <= \result.exp <= 0;
  ensures reciprocal: n == 1 && d >= FR_TWO_52 ==> \result.sig < FR_TWO_53;
*/
static inline fr_binary64 fr_binary64_divide(uint64_t n, uint64_t d)
{
  fr_division x = {n / d, n % d};
  int32_t k = 0;
  //@ assert start: fl_join(x.q, d, x.r) == n;
  /*@
    loop invariant k_range: 0 <= k <= 105;
    loop invariant r_range: 0 <= x.r < d;
    loop invariant q_range: 0 <= x.q < FR_TWO_53;
    loop invariant growth: fl_join(x.q, d, x.r) >= fl_pow2(k) > 0;
    loop invariant unit: n == 1 ==> fl_join(x.q, d, x.r) == fl_pow2(k);
    loop invariant same_sig: fl_sig(fl_join(x.q, d, x.r), d) == fl_sig(n, d);
    loop invariant same_exp: fl_exp(fl_join(x.q, d, x.r), d) - k == fl_exp(n, d);
    loop assigns x, k;
    loop variant 105 - k;
  */
  while (x.q < FR_TWO_52) {
    //@ assert short: 0 < fl_join(x.q, d, x.r) < FR_TWO_52 * d;
    x = next_bit(x, d);
    k++;
  }
  //@ assert enough: x.q >= FR_TWO_52;
  //@ ghost if (k < 105) powers_grow(k, 104);
  //@ assert unit_bound: n == 1 ==> fl_join(x.q, d, x.r) <= 0x200000000000000000000000000;
  //@ assert unit_of_least: n == 1 && d == FR_TWO_52 ==> x.q <= FR_TWO_52;
  //@ assert unit_of_more: n == 1 && d > FR_TWO_52 ==> x.q < FR_TWO_53 - 1;
  return (fr_binary64){half_even(x.q, x.r, d), -k};
}

/* The binary64 nearest to the integer n below 2^53: n itself. */
/*@
  requires n_range: 0 < n < FR_TWO_53;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sig: \result.sig == fl_sig(n, 1);
  ensures exp: \result.exp == fl_exp(n, 1);
  ensures sig_range: FR_TWO_52 <= \result.sig < FR_TWO_53;
  ensures exp_range: -63 <= \result.exp <= 0;
*/
static inline fr_binary64 from_small(uint64_t n)
{
  uint64_t m = n;
  int32_t exp = 0;
  if (m < 0x200000u) {
    m = m * 0x100000000u;
    exp -= 32;
  }
  //@ assert up_32: fl_scale(m, exp, n) && 0x200000 <= m < FR_TWO_53;
  if (m < 0x2000000000u) {
    m = m * 0x10000u;
    exp -= 16;
  }
  //@ assert up_16: fl_scale(m, exp, n) && 0x2000000000 <= m < FR_TWO_53;
  if (m < 0x200000000000u) {
    m = m * 0x100u;
    exp -= 8;
  }
  //@ assert up_8: fl_scale(m, exp, n) && 0x200000000000 <= m < FR_TWO_53;
  if (m < 0x2000000000000u) {
    m = m * 0x10u;
    exp -= 4;
  }
  //@ assert up_4: fl_scale(m, exp, n) && 0x2000000000000 <= m < FR_TWO_53;
  if (m < 0x8000000000000u) {
    m = m * 4u;
    exp -= 2;
  }
  //@ assert up_2: fl_scale(m, exp, n) && 0x8000000000000 <= m < FR_TWO_53;
  if (m < FR_TWO_52) {
    m = m * 2u;
    exp -= 1;
  }
  //@ assert up_1: fl_scale(m, exp, n) && FR_TWO_52 <= m < FR_TWO_53;
  return (fr_binary64){m, exp};
}

/* Doubles the divisor: the last bit of the quotient goes to the remainder. */
/*@
  requires d_range: 0 < d <= FR_TWO_52;
  requires remainder: x.r < d;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures same: fl_join(\result.q, 2 * d, \result.r) == fl_join(x.q, d, x.r);
  ensures remainder: \result.r < 2 * d;
  ensures quotient: \result.q == x.q / 2;
*/
static inline fr_division drop_bit(fr_division x, uint64_t d)
{
  fr_division y = {x.q / 2, x.r};
  //@ assert double: fl_double(x.q - x.q % 2, y.q) && fl_double(2 * d, d);
  //@ assert shift: fl_times(y.q, 2 * d) == fl_times(x.q - x.q % 2, d);
  if (x.q % 2 != 0) {
    y.r = y.r + d;
    //@ assert next: fl_times(x.q, d) == fl_times(x.q - 1, d) + d;
    //@ assert odd: fl_times(y.q, 2 * d) == fl_times(x.q, d) - d;
  }
  //@ assert moved: fl_times(y.q, 2 * d) + y.r == fl_times(x.q, d) + x.r;
  return y;
}

/* The binary64 nearest to the integer n from 2^53 on: at most eleven bits go. */
/*@
  requires n_range: n >= FR_TWO_53;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sig: \result.sig == fl_sig(n, 1);
  ensures exp: \result.exp == fl_exp(n, 1);
  ensures sig_range: FR_TWO_52 <= \result.sig <= FR_TWO_53;
  ensures exp_range: 0 <= \result.exp <= 0x1000;
*/
static inline fr_binary64 from_large(uint64_t n)
{
  fr_division x = {n, 0};
  uint64_t d = 1;
  int32_t exp = 0;
  /*@
    loop invariant d_range: 1 <= d <= 0x1000;
    loop invariant r_range: 0 <= x.r < d;
    loop invariant q_range: FR_TWO_52 <= x.q <= n;
    loop invariant value: fl_join(x.q, d, x.r) == n;
    loop invariant same_sig: fl_sig(n, d) == fl_sig(n, 1);
    loop invariant same_exp: fl_exp(n, d) + exp == fl_exp(n, 1);
    loop invariant exp_range: 0 <= exp < d;
    loop assigns x, d, exp;
    loop variant x.q;
  */
  while (x.q >= FR_TWO_53) {
    //@ assert above: n >= FR_TWO_53 * d;
    //@ assert one_less: fl_sig(n, d) == fl_sig(n, 2 * d) && fl_exp(n, d) == fl_exp(n, 2 * d) + 1;
    x = drop_bit(x, d);
    d = 2 * d;
    exp++;
  }
  return (fr_binary64){half_even(x.q, x.r, d), exp};
}

/* The binary64 nearest to n. */
/*@
  requires n_range: n > 0;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sig: \result.sig == fl_sig(n, 1);
  ensures exp: \result.exp == fl_exp(n, 1);
  ensures sig_range: FR_TWO_52 <= \result.sig <= FR_TWO_53;
  ensures exp_range: -63 <= \result.exp <= 0x1000;
*/
static inline fr_binary64 fr_binary64_from_integer(uint64_t n)
{
  return n < FR_TWO_53 ? from_small(n) : from_large(n);
}

/* A number of up to 106 bits, hi * 2^54 + lo. */
typedef struct {
  uint64_t hi;
  uint64_t lo;
} fr_wide;

/* The product of two parts of 27 bits. */
/*@
  requires a_range: a <= FR_TWO_27;
  requires b_range: b <= FR_TWO_27;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures product: \result == fl_times(a, b);
  ensures range: \result <= 2 * FR_TWO_53;
*/
static inline uint64_t multiply_parts(uint64_t a, uint64_t b)
{
  //@ assert small: fl_within(0, fl_times(a, b), 2 * FR_TWO_53);
  return a * b;
}

/* a * b, by parts of 27 bits. */
/*@
  requires a_range: FR_TWO_52 <= a <= FR_TWO_53;
  requires b_range: FR_TWO_52 <= b < FR_TWO_53;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures product: 2 * FR_TWO_53 * \result.hi + \result.lo == fl_times(a, b);
  ensures hi_range: FR_TWO_51 / 2 <= \result.hi < FR_TWO_52;
  ensures lo_range: \result.lo < 2 * FR_TWO_53;
*/
static inline fr_wide multiply_wide(uint64_t a, uint64_t b)
{
  uint64_t a1 = a / FR_TWO_27;
  uint64_t a0 = a % FR_TWO_27;
  uint64_t b1 = b / FR_TWO_27;
  uint64_t b0 = b % FR_TWO_27;
  uint64_t top = multiply_parts(a1, b1);
  uint64_t mid = multiply_parts(a1, b0) + multiply_parts(a0, b1);
  uint64_t low = multiply_parts(a0, b0);
  //@ assert split: fl_split(a, a1, a0) && fl_split(b, b1, b0);
  //@ assert sums: a == FR_TWO_27 * a1 + a0 && b == FR_TWO_27 * b1 + b0;
  //@ assert parts: fl_times(a, b) == 2 * FR_TWO_53 * top + FR_TWO_27 * mid + low;
  //@ assert bounds: fl_within(FR_TWO_52 * FR_TWO_52, fl_times(a, b), 2 * FR_TWO_53 * FR_TWO_52 - 1);
  uint64_t sum = mid + low / FR_TWO_27;
  fr_wide x = {top + sum / FR_TWO_27, sum % FR_TWO_27 * FR_TWO_27 + low % FR_TWO_27};
  return x;
}

/* The binary64 nearest to a number of 105 or 106 bits. */
/*@
  requires hi_range: FR_TWO_51 / 2 <= x.hi < FR_TWO_52;
  requires lo_range: x.lo < 2 * FR_TWO_53;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures nearest: fl_nearest(\result.sig, \result.exp, 2 * FR_TWO_53 * x.hi + x.lo);
  ensures sig_range: FR_TWO_52 <= \result.sig <= FR_TWO_53;
  ensures exp_range: 52 <= \result.exp <= 53;
*/
static inline fr_binary64 from_wide(fr_wide x)
{
  if (x.hi >= FR_TWO_51) {
    uint64_t q = 2 * x.hi + x.lo / FR_TWO_53;
    //@ assert long: fl_join(q, FR_TWO_53, x.lo % FR_TWO_53) == 2 * FR_TWO_53 * x.hi + x.lo && q < FR_TWO_53;
    fr_binary64 y = {half_even(q, x.lo % FR_TWO_53, FR_TWO_53), 53};
    //@ assert long_rounded: y.sig == fl_half_even(2 * FR_TWO_53 * x.hi + x.lo, FR_TWO_53);
    return y;
  }
  uint64_t q = 4 * x.hi + x.lo / FR_TWO_52;
  //@ assert short: fl_join(q, FR_TWO_52, x.lo % FR_TWO_52) == 2 * FR_TWO_53 * x.hi + x.lo && q < FR_TWO_53;
  fr_binary64 y = {half_even(q, x.lo % FR_TWO_52, FR_TWO_52), 52};
  //@ assert short_rounded: y.sig == fl_half_even(2 * FR_TWO_53 * x.hi + x.lo, FR_TWO_52);
  return y;
}

/* The binary64 nearest to a * b. */
/*@
  requires a_range: FR_TWO_52 <= a <= FR_TWO_53;
  requires b_range: FR_TWO_52 <= b < FR_TWO_53;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures sig: \result.sig == fl_sig(a * b, 1);
  ensures exp: \result.exp == fl_exp(a * b, 1);
  ensures sig_range: FR_TWO_52 <= \result.sig <= FR_TWO_53;
  ensures exp_range: 52 <= \result.exp <= 53;
*/
static inline fr_binary64 fr_binary64_multiply(uint64_t a, uint64_t b)
{
  fr_wide product = multiply_wide(a, b);
  //@ assert product: 2 * FR_TWO_53 * product.hi + product.lo == a * b;
  fr_binary64 x = from_wide(product);
  //@ assert nearest: fl_nearest(x.sig, x.exp, a * b);
  return x;
}

/* The integer part of sig / 2^k. */
/*@
  requires sig_range: sig <= FR_TWO_53;
  requires k_range: 0 <= k <= 20000;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures quotient: \result == sig / fl_pow2(k);
  ensures range: \result <= sig;
*/
static inline uint64_t shift_down(uint64_t sig, int32_t k)
{
  //@ ghost powers_grow(0, k);
  if (k > 53) {
    //@ ghost powers_grow(54, k);
    return 0;
  }
  //@ ghost shift_divides(sig, k);
  return sig >> k;
}

/* The integer part of sig * 2^exp as an int64_t, INT64_MIN if it is not one. */
/*@
  requires sig_range: FR_TWO_52 <= sig <= FR_TWO_53;
  requires exp_range: -20000 <= exp <= 20000;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures value: \result == fl_int64(fl_floor(sig, exp));
  ensures sign: \result >= 0 || \result == INT64_MIN;
*/
static inline int64_t fr_binary64_to_int64(uint64_t sig, int32_t exp)
{
  if (exp <= 0) {
    uint64_t x = shift_down(sig, -exp);
    //@ assert down: fl_floor(sig, exp) == x;
    return (int64_t)x;
  }
  if (exp > 10) {
    //@ ghost powers_grow(11, exp);
    //@ assert far: fl_within(0x8000000000000000, fl_times(sig, fl_pow2(exp)), fl_times(sig, fl_pow2(exp)));
    //@ assert up_far: fl_floor(sig, exp) == fl_times(sig, fl_pow2(exp));
    return INT64_MIN;
  }
  //@ ghost powers_grow(exp, 10);
  //@ ghost shift_multiplies(sig, exp);
  //@ assert near: fl_within(0, fl_times(sig, fl_pow2(exp)), 0x8000000000000000);
  uint64_t x = sig << exp;
  //@ assert up: fl_floor(sig, exp) == x;
  return x <= INT64_MAX ? (int64_t)x : INT64_MIN;
}

#endif
