#include "unit.h"
#include "frequency.h"

#define CLOCKS "\x33\x5f\xa4\x80\x01\xd5\xf8\x00\x05" /* 51 and four uvarints of 1, 3, 3 and 1 bytes */
#define TICKS "\xa8\xd6\xb9\x07"                      /* 15625000 */
#define LONGEST "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
#define TOO_LONG "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"

static const struct {
  const uint8_t *bytes;
  size_t n;
  uint32_t version;
  fr_status status;
  uint64_t ticks;
  size_t used;
} payloads[] = {
  /* a frequency batch of its own, below 1.25 */
  {BYTES("\x08\x01"), 11, FR_OK, 1, 2},
  {BYTES("\x08" TICKS), 22, FR_OK, 15625000, 5},
  {BYTES("\x08" TICKS), 23, FR_OK, 15625000, 5},
  {BYTES("\x08" TICKS), 24, FR_OK, 15625000, 5},
  {BYTES("\x08" LONGEST), 22, FR_OK, UINT64_MAX, 11},
  {BYTES("\x08\x81\x00"), 22, FR_OK, 1, 3},
  {BYTES("\x08\x05\x08\xff"), 22, FR_OK, 5, 2},
  {BYTES(""), 22, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x00"), 22, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x07\x05"), 22, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x09\x05"), 22, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x32\x08" TICKS CLOCKS), 22, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x08"), 22, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x08\x80"), 22, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x08" TOO_LONG), 22, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x08\x00"), 22, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x08\x80\x00"), 22, FR_BAD_FREQUENCY, 0, 0},
  /* inside a sync batch, from 1.25 on */
  {BYTES("\x32\x08" TICKS CLOCKS), 25, FR_OK, 15625000, 15},
  {BYTES("\x32\x08" TICKS CLOCKS), 26, FR_OK, 15625000, 15},
  {BYTES("\x32\x08\x01\x33\x00\x00\x00\x00"), 26, FR_OK, 1, 8},
  {BYTES("\x32\x08\x01\x33" LONGEST LONGEST LONGEST LONGEST), 26, FR_OK, 1, 44},
  {BYTES("\x32\x08" TICKS CLOCKS "\x33"), 26, FR_OK, 15625000, 15},
  {BYTES(""), 25, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x08" TICKS), 25, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x31\x08" TICKS CLOCKS), 26, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x33\x08" TICKS CLOCKS), 26, FR_NO_FREQUENCY, 0, 0},
  {BYTES("\x32\x09" TICKS CLOCKS), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x32\x08" TICKS CLOCKS), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08\x00" CLOCKS), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08" TOO_LONG CLOCKS), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08" TICKS "\x34\x00\x00\x00\x00"), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08" TICKS "\x33" TOO_LONG "\x00\x00\x00"), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08" TICKS "\x33\x00\x00\x00" TOO_LONG), 26, FR_BAD_FREQUENCY, 0, 0},
  {BYTES("\x32\x08\x01\x33\x00\x00\x00"), 26, FR_BAD_FREQUENCY, 0, 0},
};

enum { UNSET = 0x5a5a };

static void expect_get(uint32_t version, const uint8_t *bytes, size_t n, fr_status status, uint64_t ticks, size_t used)
{
  uint8_t *p = exact(bytes, n);
  uint64_t got = UNSET;
  size_t got_used = UNSET;
  assert_int_equal(fr_frequency_get(p, n, version, &got, &got_used), status);
  assert_int_equal(got, status == FR_OK ? ticks : UNSET);
  assert_int_equal(got_used, status == FR_OK ? used : UNSET);
  free(p);
}

static void test_payloads(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(payloads); i++) {
    expect_get(payloads[i].version, payloads[i].bytes, payloads[i].n, payloads[i].status, payloads[i].ticks,
               payloads[i].used);
  }
}

/* A frequency batch that ends before its last byte cannot be read; without its first, it is none. */
static void test_truncated(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(payloads); i++) {
    if (payloads[i].status != FR_OK) continue;
    expect_get(payloads[i].version, payloads[i].bytes, 0, FR_NO_FREQUENCY, 0, 0);
    for (size_t n = 1; n < payloads[i].used; n++) {
      expect_get(payloads[i].version, payloads[i].bytes, n, FR_BAD_FREQUENCY, 0, 0);
    }
  }
}

/* What the x/exp recorders find (B-11): they stop at the ticks, take 0, and take clock readings before the ticks. */
static const struct {
  const uint8_t *bytes;
  size_t n;
  uint32_t version;
  fr_status status;
  uint64_t ticks;
} searches[] = {
  {BYTES("\x08" TICKS), 22, FR_OK, 15625000},
  {BYTES("\x08" TICKS "\x08\xff"), 0, FR_OK, 15625000},
  {BYTES("\x08" LONGEST), 24, FR_OK, UINT64_MAX},
  {BYTES("\x08\x00"), 22, FR_OK, 0},
  {BYTES("\x08\x80\x00"), 22, FR_OK, 0},
  {BYTES("\x07\x05"), 22, FR_NO_FREQUENCY, 0},
  {BYTES(""), 22, FR_NO_FREQUENCY, 0},
  {BYTES("\x32\x08\x05"), 24, FR_NO_FREQUENCY, 0},
  {BYTES("\x08"), 22, FR_BAD_FREQUENCY, 0},
  {BYTES("\x08\x80"), 22, FR_BAD_FREQUENCY, 0},
  {BYTES("\x08" TOO_LONG), 22, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x08" TICKS CLOCKS), 25, FR_OK, 15625000},
  {BYTES("\x32\x08" TICKS), 25, FR_OK, 15625000},
  {BYTES("\x32\x08" TICKS "\x33\x80"), 26, FR_OK, 15625000},
  {BYTES("\x32\x08\x00"), 26, FR_OK, 0},
  {BYTES("\x32" CLOCKS "\x08" TICKS), 26, FR_OK, 15625000},
  {BYTES("\x32" CLOCKS "\x08\x00"), 26, FR_OK, 0},
  {BYTES(""), 25, FR_NO_FREQUENCY, 0},
  {BYTES("\x08" TICKS), 25, FR_NO_FREQUENCY, 0},
  {BYTES(CLOCKS), 26, FR_NO_FREQUENCY, 0},
  {BYTES("\x32"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x08"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x08\x80"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x07\x05"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32" CLOCKS), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32" CLOCKS "\x08"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32" CLOCKS "\x07" TICKS), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32" CLOCKS CLOCKS "\x08" TICKS), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x33\x00\x00\x00"), 26, FR_BAD_FREQUENCY, 0},
  {BYTES("\x32\x33\x00\x00" TOO_LONG "\x00\x08\x05"), 26, FR_BAD_FREQUENCY, 0},
};

static void test_find(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(searches); i++) {
    uint8_t *p = exact(searches[i].bytes, searches[i].n);
    uint64_t got = UNSET;
    assert_int_equal(fr_frequency_find(p, searches[i].n, searches[i].version, &got), searches[i].status);
    assert_int_equal(got, searches[i].status == FR_OK ? searches[i].ticks : UNSET);
    free(p);
  }
}

/* Whatever fr_frequency_get takes is found as well. */
static void test_find_what_is_good(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(payloads); i++) {
    uint64_t got = UNSET;
    if (payloads[i].status != FR_OK) continue;
    assert_int_equal(fr_frequency_find(payloads[i].bytes, payloads[i].n, payloads[i].version, &got), FR_OK);
    assert_int_equal(got, payloads[i].ticks);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_payloads),
    cmocka_unit_test(test_truncated),
    cmocka_unit_test(test_find),
    cmocka_unit_test(test_find_what_is_good),
  };
  return cmocka_run_group_tests_name("frequency", tests, NULL, NULL);
}
