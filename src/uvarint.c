#include "uvarint.h"

size_t fr_uvarint_size(uint64_t x)
{
  size_t n = 1;
  /*@
    loop invariant n_range: 1 <= n <= 10;
    loop invariant rest: n - 1 + uv_size(x) == uv_size(\at(x, Pre));
    loop assigns n, x;
    loop variant x;
  */
  while (x >= 128u) {
    x /= 128u;
    n++;
  }
  return n;
}

/* 1 + bitlen(x) / 7: each further digit adds 7 bits and so 1 to the quotient, and the top digit adds 1 if it has all of
 * its 7 bits. */
size_t fr_uvarint_estimate(uint64_t x)
{
  size_t n = 1;
  /*@
    loop invariant n_range: 1 <= n <= 10;
    loop invariant n_size: n - 1 + uv_size(x) == uv_size(\at(x, Pre));
    loop invariant rest: n - 1 + uv_estimate(x) == uv_estimate(\at(x, Pre));
    loop assigns n, x;
    loop variant x;
  */
  while (x >= 128u) {
    x /= 128u;
    n++;
  }
  return x < 64u ? n : n + 1;
}

size_t fr_uvarint_put(uint8_t *buf, uint64_t x)
{
  size_t n = 0;
  /*@
    loop invariant n_range: 0 <= n <= 9;
    loop invariant n_size: n + uv_size(x) == uv_size(\at(x, Pre));
    loop invariant value: \at(x, Pre) == uv_value(buf, n) + uv_digit(x, n);
    loop invariant continued: uv_cont(buf, n);
    loop invariant x_left: n > 0 ==> x > 0;
    loop invariant value_range: 0 <= uv_value(buf, n);
    loop invariant last: n == 9 ==> x <= 1;
    loop assigns n, x, buf[0 .. uv_size(\at(x, Pre)) - 2];
    loop variant x;
  */
  while (x >= 128u) {
    buf[n] = (uint8_t)(x % 128u + 128u);
    //@ assert same: uv_same{LoopCurrent, Here}(buf, n);
    //@ assert low7: uv_low7(buf[n]) == x % 128;
    //@ assert same_value: uv_value(buf, n) == uv_value{LoopCurrent}(buf, n);
    //@ assert next_value: uv_value(buf, n + 1) == uv_value{LoopCurrent}(buf, n) + uv_digit(x % 128, n);
    //@ assert split: uv_digit(x, n) == uv_digit(x % 128, n) + uv_digit(x / 128, n + 1);
    //@ assert digit_range: 0 <= uv_digit(x % 128, n);
    //@ assert next_sum: \at(x, Pre) == uv_value(buf, n + 1) + uv_digit(x / 128, n + 1);
    //@ ghost size_t next = n + 1;
    //@ assert next_index: next == n + 1;
    x /= 128u;
    //@ assert rest: \at(x, Pre) == uv_value(buf, next) + uv_digit(x, next);
    n++;
  }
  //@ ghost Last: ;
  buf[n] = (uint8_t)x;
  //@ assert last_same: uv_same{Last, Here}(buf, n);
  //@ assert last_value: uv_value(buf, n + 1) == uv_value{Last}(buf, n) + uv_digit(x, n);
  return n + 1;
}

fr_status fr_uvarint_get(const uint8_t *p, size_t len, uint64_t *value, size_t *used)
{
  uint64_t sum = 0;
  uint64_t weight = 1; /* 128^i; after the tenth digit it is not needed any more */
  size_t i = 0;
  /*@
    loop invariant i_range: 0 <= i <= 9;
    loop invariant i_len: i <= len;
    loop invariant continued: uv_cont(p, i);
    loop invariant weight: weight == uv_pow128(i);
    loop invariant sum: sum == uv_value(p, i);
    loop invariant sum_range: sum < weight;
    loop assigns i, sum, weight;
    loop variant 10 - i;
  */
  while (i < len) {
    uint8_t b = p[i];
    if (i == FR_UVARINT_MAX - 1 && b > 1) return FR_OVERFLOW;
    if (b < 128u) {
      //@ assert last_digit: b * weight == uv_digit(b, i);
      //@ assert last_value: uv_value(p, i + 1) == sum + b * weight;
      //@ assert last_weight: i < 9 ==> uv_pow128(i + 1) == 128 * weight <= 0x8000000000000000;
      //@ assert well_formed: uv_wf(p, i + 1);
      *value = sum + b * weight;
      *used = i + 1;
      return FR_OK;
    }
    uint64_t digit = b - 128u;
    //@ assert low7: digit == uv_low7(b) && 0 <= digit < 128;
    //@ assert product: digit * weight == uv_digit(digit, i);
    //@ assert next_weight: uv_pow128(i + 1) == 128 * weight <= 0x8000000000000000;
    //@ assert product_max: 0 <= digit * weight <= 127 * weight;
    sum += digit * weight;
    //@ assert next_sum: sum == uv_value(p, i) + uv_digit(digit, i);
    weight *= 128u;
    i++;
  }
  return FR_TRUNCATED;
}
