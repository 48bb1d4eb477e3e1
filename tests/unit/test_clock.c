#include "unit.h"
#include "clock.h"
#include <float.h>

static int64_t ns(uint64_t tps, uint64_t ticks)
{
  fr_rate rate = fr_clock_rate(tps);
  return fr_clock_ns(&rate, ticks);
}

#define POW2(k) ((uint64_t)1 << (k))

static const struct {
  uint64_t tps, ticks;
  int64_t ns;
} known[] = {
  /* a tick is 1 ns: the rounding of the ticks alone */
  {1000000000, 0, 0},
  {1000000000, 1, 1},
  {1000000000, POW2(53) - 1, (int64_t)POW2(53) - 1},
  {1000000000, POW2(53) + 1, (int64_t)POW2(53)},
  {1000000000, POW2(53) + 3, (int64_t)POW2(53) + 4},
  {1000000000, POW2(54) + 2, (int64_t)POW2(54)},
  {1000000000, POW2(54) + 3, (int64_t)POW2(54) + 4},
  {1000000000, POW2(54) - 1, (int64_t)POW2(54)},
  {1000000000, POW2(63) - 513, INT64_MAX - 1023},
  {1000000000, POW2(63) - 512, INT64_MIN},
  {1000000000, POW2(63), INT64_MIN},
  {1000000000, UINT64_MAX, INT64_MIN},
  /* 64 ns */
  {15625000, 1, 64},
  {15625000, 0, 0},
  {15625000, POW2(57) - 16, INT64_MAX - 1023},
  {15625000, POW2(57) - 8, INT64_MIN},
  {15625000, POW2(57), INT64_MIN},
  /* rounded rates: 1.0 / 1e-9 is below 10^9 */
  {1, 1, 999999999},
  {1, 10, 9999999999},
  {3, 1, 333333333},
  {3, 3, 1000000000},
  {7, 7, 1000000000},
  {1000000001, 1, 0},
  {999999999, 1, 1},
  {UINT64_MAX, 1, 0},
  {UINT64_MAX, POW2(63), 499999999},
  {UINT64_MAX, UINT64_MAX, 999999999},
  /* no frequency, no time */
  {0, 0, INT64_MIN},
  {0, 1, INT64_MIN},
  {0, UINT64_MAX, INT64_MIN},
};

static void test_known(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(known); i++) {
    if (ns(known[i].tps, known[i].ticks) != known[i].ns) fail_msg("known[%zu]", i);
  }
}

/* The machine's own doubles. */
static int64_t ns_by_double(uint64_t tps, uint64_t ticks)
{
  if (tps == 0) return INT64_MIN; /* infinity, or NaN with no ticks */
  double rate = 1.0 / ((double)tps / 1e9);
  double d = (double)ticks * rate;
  return d < 9223372036854775808.0 ? (int64_t)d : INT64_MIN;
}

static void compare(uint64_t tps, uint64_t ticks)
{
  if (ns(tps, ticks) != ns_by_double(tps, ticks)) {
    fail_msg("%llu ticks at %llu", (unsigned long long)ticks, (unsigned long long)tps);
  }
}

/* Next to each power of two, and what occurs. */
static size_t edges(uint64_t edge[200])
{
  size_t n = 0;
  for (unsigned k = 0; k < 64; k++) {
    edge[n++] = POW2(k) - 1;
    edge[n++] = POW2(k);
    edge[n++] = POW2(k) + 1;
  }
  edge[n++] = UINT64_MAX;
  edge[n++] = UINT64_MAX - 1024;
  edge[n++] = 15625000;
  edge[n++] = 1000000000;
  edge[n++] = 999999999;
  edge[n++] = 1000000001;
  return n;
}

static void test_edges(void **state)
{
  (void)state;
  uint64_t edge[200];
  if (FLT_EVAL_METHOD != 0) skip(); /* no binary64 arithmetic to compare with */
  size_t n = edges(edge);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) compare(edge[i], edge[j]);
  }
}

static uint64_t next(uint64_t *random) /* xorshift64* */
{
  *random ^= *random >> 12;
  *random ^= *random << 25;
  *random ^= *random >> 27;
  return *random * 2685821657736338717u;
}

/* Of every length, three million pairs. */
static void test_random(void **state)
{
  (void)state;
  uint64_t random = 88172645463325252u;
  if (FLT_EVAL_METHOD != 0) skip();
  for (unsigned i = 0; i < 3000000; i++) {
    uint64_t tps = next(&random) >> i % 64;
    uint64_t ticks = next(&random) >> i / 64 % 64;
    compare(tps, ticks);
  }
}

/* Halfway between two results of a rounding: ticks that lose 1 to 11 bits, and all but the first of them 0. */
static void test_ties(void **state)
{
  (void)state;
  uint64_t random = 1;
  if (FLT_EVAL_METHOD != 0) skip();
  for (unsigned i = 0; i < 300000; i++) {
    unsigned lost = 1 + i % 11;
    uint64_t even = (next(&random) >> 11 | POW2(52)) << lost;
    uint64_t tie = even + POW2(lost - 1);
    compare(1000000000, tie);
    compare(tie, tie);
    compare(tie, tie - 1);
    compare(tie + 1, tie);
  }
}

static void test_difference(void **state)
{
  (void)state;
  static const int64_t values[] = {INT64_MIN, INT64_MIN + 1, -2, -1, 0, 1, 2, INT64_MAX - 1, INT64_MAX};
  uint64_t random = 7;
  assert_true(fr_clock_sub(5, 7) == -2);
  assert_true(fr_clock_sub(INT64_MIN, 1) == INT64_MAX);
  assert_true(fr_clock_sub(INT64_MAX, -1) == INT64_MIN);
  assert_true(fr_clock_sub(0, INT64_MIN) == INT64_MIN);
  for (size_t i = 0; i < COUNT(values); i++) {
    for (size_t j = 0; j < COUNT(values); j++) {
      assert_true((uint64_t)fr_clock_sub(values[i], values[j]) == (uint64_t)values[i] - (uint64_t)values[j]);
    }
  }
  for (unsigned i = 0; i < 1000000; i++) {
    int64_t a = (int64_t)next(&random), b = (int64_t)next(&random);
    if ((uint64_t)fr_clock_sub(a, b) != (uint64_t)a - (uint64_t)b) fail_msg("pair %u", i);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_known), cmocka_unit_test(test_edges),      cmocka_unit_test(test_random),
    cmocka_unit_test(test_ties),  cmocka_unit_test(test_difference),
  };
  return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
