#include "unit.h"
#include "uvarint.h"

/* Both directions: the shortest encoding of a value. */
static const struct {
  uint64_t value;
  const uint8_t *bytes;
  size_t n;
} shortest[] = {
  {0, BYTES("\x00")},
  {1, BYTES("\x01")},
  {127, BYTES("\x7f")},
  {128, BYTES("\x80\x01")},
  {129, BYTES("\x81\x01")},
  {300, BYTES("\xac\x02")},
  {16383, BYTES("\xff\x7f")},
  {16384, BYTES("\x80\x80\x01")},
  {65536, BYTES("\x80\x80\x04")},
  {2097151, BYTES("\xff\xff\x7f")},
  {2097152, BYTES("\x80\x80\x80\x01")},
  {15625000, BYTES("\xa8\xd6\xb9\x07")},
  {268435455, BYTES("\xff\xff\xff\x7f")},
  {268435456, BYTES("\x80\x80\x80\x80\x01")},
  {4294967295, BYTES("\xff\xff\xff\xff\x0f")},
  {4294967296, BYTES("\x80\x80\x80\x80\x10")},
  {34359738367, BYTES("\xff\xff\xff\xff\x7f")},
  {34359738368, BYTES("\x80\x80\x80\x80\x80\x01")},
  {4398046511103, BYTES("\xff\xff\xff\xff\xff\x7f")},
  {4398046511104, BYTES("\x80\x80\x80\x80\x80\x80\x01")},
  {562949953421311, BYTES("\xff\xff\xff\xff\xff\xff\x7f")},
  {562949953421312, BYTES("\x80\x80\x80\x80\x80\x80\x80\x01")},
  {72057594037927935, BYTES("\xff\xff\xff\xff\xff\xff\xff\x7f")},
  {72057594037927936, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
  {9223372036854775807, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\x7f")},
  {9223372036854775808u, BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
  {9223372036854775809u, BYTES("\x81\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
  {18446744073709551614u, BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
  {18446744073709551615u, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
};

/* Reading only: longer encodings, what follows a uvarint, and the two errors. */
static const struct {
  const uint8_t *bytes;
  size_t n;
  fr_status status;
  uint64_t value;
  size_t used;
} read[] = {
  {BYTES("\x80\x00"), FR_OK, 0, 2},
  {BYTES("\x81\x00"), FR_OK, 1, 2},
  {BYTES("\xff\x80\x00"), FR_OK, 127, 3},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"), FR_OK, 0, 10},
  {BYTES("\xa3\x8a\x80\x80\x80\x80\x80\x80\x80\x00"), FR_OK, 1315, 10},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00"), FR_OK, 9223372036854775807, 10},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), FR_OK, 18446744073709551615u, 10},
  {BYTES("\x05\xff"), FR_OK, 5, 1},
  {BYTES("\x80\x01\x80"), FR_OK, 128, 2},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xff"), FR_OK, 18446744073709551615u, 10},
  {BYTES(""), FR_TRUNCATED, 0, 0},
  {BYTES("\x80"), FR_TRUNCATED, 0, 0},
  {BYTES("\xff\xff"), FR_TRUNCATED, 0, 0},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80"), FR_TRUNCATED, 0, 0},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), FR_TRUNCATED, 0, 0},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), FR_OVERFLOW, 0, 0},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), FR_OVERFLOW, 0, 0},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"), FR_OVERFLOW, 0, 0},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), FR_OVERFLOW, 0, 0},
  {BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81\x00"), FR_OVERFLOW, 0, 0},
  {BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), FR_OVERFLOW, 0, 0},
};

enum { UNSET = 0x5a5a };

/* Reads n bytes and expects this outcome; outputs are left alone unless it is FR_OK. */
static void expect_get(const uint8_t *bytes, size_t n, fr_status status, uint64_t value, size_t used)
{
  uint8_t *p = exact(bytes, n);
  uint64_t got = UNSET;
  size_t got_used = UNSET;
  assert_int_equal(fr_uvarint_get(p, n, &got, &got_used), status);
  assert_int_equal(got, status == FR_OK ? value : UNSET);
  assert_int_equal(got_used, status == FR_OK ? used : UNSET);
  free(p);
}

static void test_shortest(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(shortest); i++) {
    uint8_t *buf = exact(shortest[i].bytes, shortest[i].n);
    memset(buf, 0xee, shortest[i].n);
    assert_int_equal(fr_uvarint_size(shortest[i].value), shortest[i].n);
    assert_int_equal(fr_uvarint_put(buf, shortest[i].value), shortest[i].n);
    assert_memory_equal(buf, shortest[i].bytes, shortest[i].n);
    expect_get(buf, shortest[i].n, FR_OK, shortest[i].value, shortest[i].n);
    for (size_t n = 0; n < shortest[i].n; n++) expect_get(buf, n, FR_TRUNCATED, 0, 0);
    free(buf);
  }
}

static void test_read(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(read); i++) {
    expect_get(read[i].bytes, read[i].n, read[i].status, read[i].value, read[i].used);
  }
}

/* Rule V-6 at the ends of every bit length: E1 is one too many at 7, 14, ..., 63. */
static void test_estimate(void **state)
{
  (void)state;
  assert_int_equal(fr_uvarint_estimate(0), 1);
  for (unsigned bits = 1; bits <= 64; bits++) {
    uint64_t low = (uint64_t)1 << (bits - 1), high = low + (low - 1);
    size_t digits = (bits + 6) / 7;
    assert_int_equal(fr_uvarint_size(low), digits);
    assert_int_equal(fr_uvarint_size(high), digits);
    assert_int_equal(fr_uvarint_estimate(low), bits % 7 == 0 ? digits + 1 : digits);
    assert_int_equal(fr_uvarint_estimate(high), bits % 7 == 0 ? digits + 1 : digits);
  }
}

/* Values of every length, in the middle of other bytes. */
static void test_round_trip(void **state)
{
  (void)state;
  uint64_t random = 88172645463325252u; /* xorshift64 */
  for (unsigned i = 0; i < 100000; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    uint64_t x = random >> (i % 64), value = UNSET;
    uint8_t buf[FR_UVARINT_MAX + 1];
    size_t used = UNSET;
    memset(buf, 0xff, sizeof buf);
    size_t n = fr_uvarint_put(buf, x);
    assert_int_equal(buf[n], 0xff);
    assert_int_equal(fr_uvarint_get(buf, sizeof buf, &value, &used), FR_OK);
    assert_true(value == x && used == n);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shortest),
    cmocka_unit_test(test_read),
    cmocka_unit_test(test_estimate),
    cmocka_unit_test(test_round_trip),
  };
  return cmocka_run_group_tests_name("uvarint", tests, NULL, NULL);
}
