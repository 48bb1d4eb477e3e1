#include "unit.h"
#include "batch.h"
#include <stdbool.h>

#define MAX "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"      /* 2^64 - 1 */
#define PADDED_1 "\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00" /* 1 in ten bytes */
#define OVER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"     /* above 2^64 - 1 */
#define OPEN "\x80\x80\x80"                                 /* goes on */

/* Headers that are read, and what they say; `shortest` ones are also what put writes for it. */
static const struct {
  const uint8_t *bytes;
  size_t n;
  bool shortest;
  fr_batch batch;
} good[] = {
  {BYTES("\x34"), true, {52, 0, 0, 0, 0, 0}},
  {BYTES("\x01\x00\x00\x00\x00"), true, {1, 0, 0, 0, 0, 0}},
  {BYTES("\x01\x07\x05\x03\x02"), true, {1, 0, 7, 5, 3, 2}},
  {BYTES("\x01\x7f\x80\x01\xff\x7f\x80\x01"), true, {1, 0, 127, 128, 16383, 128}},
  {BYTES("\x01\x01" MAX "\x80\x80\x01\x05"), true, {1, 0, 1, UINT64_MAX, 16384, 5}},
  {BYTES("\x01" MAX MAX MAX "\xff\xff\x03"), true, {1, 0, UINT64_MAX, UINT64_MAX, UINT64_MAX, 65535}},
  {BYTES("\x01\x02\x00\x00\xff\xff\x03"), true, {1, 0, 2, 0, 0, 65535}},
  {BYTES("\x01\x02\x00\x00\x80\x80\x04"), true, {1, 0, 2, 0, 0, 65536}},
  {BYTES("\x31\x00\x07\x05\x03\x02"), true, {49, 0, 7, 5, 3, 2}},
  {BYTES("\x31\xff\x07\x05\x03\x00"), true, {49, 255, 7, 5, 3, 0}},
  {BYTES("\x31\x80" MAX MAX MAX "\x80\x80\x04"), true, {49, 128, UINT64_MAX, UINT64_MAX, UINT64_MAX, 65536}},
  {BYTES("\x01\x01\x02\x03" PADDED_1), false, {1, 0, 1, 2, 3, 1}},
  {BYTES("\x01" PADDED_1 "\x82\x00\x83\x80\x00\x84\x00"), false, {1, 0, 1, 2, 3, 4}},
  {BYTES("\x31\x09" PADDED_1 PADDED_1 PADDED_1 PADDED_1), false, {49, 9, 1, 1, 1, 1}},
};

/* What cannot be read; the first fault wins. Truncation is tested on the good ones. */
static const struct {
  const uint8_t *bytes;
  size_t n;
  fr_status status;
} bad[] = {
  {BYTES(""), FR_TRUNCATED},
  {BYTES("\x00"), FR_BAD_TYPE},
  {BYTES("\x02\x01\x01\x01\x00"), FR_BAD_TYPE},
  {BYTES("\x30"), FR_BAD_TYPE},
  {BYTES("\x32\x01\x01\x01\x00"), FR_BAD_TYPE},
  {BYTES("\x33"), FR_BAD_TYPE},
  {BYTES("\x35"), FR_BAD_TYPE},
  {BYTES("\x81\x00\x01\x01\x01\x00"), FR_BAD_TYPE},
  {BYTES("\xff" OVER), FR_BAD_TYPE},
  {BYTES("\x01" OVER OVER OVER OVER), FR_OVERFLOW},
  {BYTES("\x01\x01" OVER), FR_OVERFLOW},
  {BYTES("\x01\x01\x01" OVER), FR_OVERFLOW},
  {BYTES("\x01\x01\x01\x01" OVER), FR_OVERFLOW},
  {BYTES("\x31\x01" OVER), FR_OVERFLOW},
  {BYTES("\x31\x01\x01\x01\x01" OVER), FR_OVERFLOW},
  {BYTES("\x01" OPEN), FR_TRUNCATED},
  {BYTES("\x01\x01" OPEN), FR_TRUNCATED},
  {BYTES("\x01\x01\x01" OPEN), FR_TRUNCATED},
  {BYTES("\x01\x01\x01\x01" OPEN), FR_TRUNCATED},
  {BYTES("\x31"), FR_TRUNCATED},
  {BYTES("\x31\x01"), FR_TRUNCATED},
  {BYTES("\x01\x01\x01\x01\x01"), FR_TRUNCATED},
  {BYTES("\x01\x01\x01\x01\x80\x80\x04"), FR_TRUNCATED},
  {BYTES("\x01\x01\x01\x01\x81\x80\x04"), FR_BAD_SIZE},
  {BYTES("\x01\x01\x01\x01\x81\x80\x04\x00\x00"), FR_BAD_SIZE},
  {BYTES("\x31\x01\x01\x01\x01\x81\x80\x04"), FR_BAD_SIZE},
  {BYTES("\x01\x01\x01\x01\x81\x80\x84\x80\x00"), FR_BAD_SIZE},
  {BYTES("\x01\x01\x01\x01" MAX), FR_BAD_SIZE},
};

enum { PAYLOAD = 0xa5, DATA_UNSET = 0x5a5a };

static const fr_batch unset = {901, 902, 903, 904, 905, 906};

static void assert_same(const fr_batch *got, const fr_batch *want)
{
  assert_int_equal(got->type, want->type);
  assert_int_equal(got->experiment, want->experiment);
  assert_int_equal(got->gen, want->gen);
  assert_int_equal(got->m, want->m);
  assert_int_equal(got->time, want->time);
  assert_int_equal(got->size, want->size);
}

/* Reads the first n bytes of p, in a block of their own. On an error, nothing is written. */
static void expect_get(const uint8_t *p, size_t n, fr_status status, const fr_batch *want, size_t want_data)
{
  uint8_t *copy = exact(p, n);
  fr_batch got = unset;
  size_t data = DATA_UNSET;
  assert_int_equal(fr_batch_get(copy, n, &got, &data), status);
  assert_same(&got, status == FR_OK ? want : &unset);
  assert_int_equal(data, status == FR_OK ? want_data : DATA_UNSET);
  free(copy);
}

/* The i-th good header with its payload and one more byte; free it. */
static uint8_t *whole(size_t i, size_t *n)
{
  *n = good[i].n + (size_t)good[i].batch.size;
  uint8_t *p = malloc(*n + 1);
  assert_non_null(p);
  memset(p, PAYLOAD, *n + 1);
  memcpy(p, good[i].bytes, good[i].n);
  return p;
}

static void test_good(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(good); i++) {
    size_t n = 0;
    uint8_t *p = whole(i, &n);
    expect_get(p, n, FR_OK, &good[i].batch, good[i].n);
    expect_get(p, n + 1, FR_OK, &good[i].batch, good[i].n);
    free(p);
  }
}

/* A batch that ends within its header, or one byte before its end, is truncated. */
static void test_truncated(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(good); i++) {
    size_t n = 0;
    uint8_t *p = whole(i, &n);
    for (size_t cut = 0; cut < good[i].n; cut++) expect_get(p, cut, FR_TRUNCATED, &unset, 0);
    expect_get(p, n - 1, FR_TRUNCATED, &unset, 0);
    free(p);
  }
}

static void test_bad(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(bad); i++) expect_get(bad[i].bytes, bad[i].n, bad[i].status, &unset, 0);
}

/* Of the 256 type bytes, 1 and 49 want more, 52 stands alone, and the others are refused. */
static void test_every_type(void **state)
{
  (void)state;
  const fr_batch end_mark = {52, 0, 0, 0, 0, 0};
  for (unsigned type = 0; type < 256; type++) {
    const uint8_t byte = (uint8_t)type;
    fr_status status = type == 52 ? FR_OK : type == 1 || type == 49 ? FR_TRUNCATED : FR_BAD_TYPE;
    expect_get(&byte, 1, status, &end_mark, 1);
  }
}

static void test_put(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(good); i++) {
    size_t n = fr_batch_header_size(&good[i].batch);
    uint8_t *p = malloc(n + (size_t)good[i].batch.size);
    assert_non_null(p);
    memset(p, PAYLOAD, n + (size_t)good[i].batch.size);
    assert_int_equal(fr_batch_put(p, &good[i].batch), n);
    expect_get(p, n + (size_t)good[i].batch.size, FR_OK, &good[i].batch, n);
    if (good[i].shortest) {
      assert_int_equal(n, good[i].n);
      assert_memory_equal(p, good[i].bytes, n);
    } else {
      assert_true(n < good[i].n);
    }
    free(p);
  }
}

/* The fields from other offsets; type and experiment are the caller's. */
static const struct {
  const uint8_t *bytes;
  size_t n;
  size_t off;
  fr_status status;
  fr_batch batch;
  size_t data;
} fields[] = {
  {BYTES("\x01\x02\x03\x00"), 0, FR_OK, {901, 902, 1, 2, 3, 0}, 4},
  {BYTES("\x31\x09\x07\x05\x02\x01\x01"), 2, FR_OK, {901, 902, 7, 5, 2, 1}, 6},
  {BYTES("\x31\x09\x07\x05\x02\x01\x01"), 1, FR_OK, {901, 902, 9, 7, 5, 2}, 5}, /* E16: experiment as generation */
  {BYTES("\x31\x09\x07\x05\x03\x01\x01"), 1, FR_TRUNCATED, {0}, 0},
  {BYTES("\x01\x02\x03\x00"), 4, FR_TRUNCATED, {0}, 0},
  {BYTES(""), 0, FR_TRUNCATED, {0}, 0},
  {BYTES("\x00\x00" OVER), 2, FR_OVERFLOW, {0}, 0},
  {BYTES("\x00\x01\x01\x01\x81\x80\x04"), 1, FR_BAD_SIZE, {0}, 0},
};

static void test_fields(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(fields); i++) {
    uint8_t *p = exact(fields[i].bytes, fields[i].n);
    fr_batch got = unset;
    size_t data = DATA_UNSET;
    assert_int_equal(fr_batch_fields(p, fields[i].n, fields[i].off, &got, &data), fields[i].status);
    assert_same(&got, fields[i].status == FR_OK ? &fields[i].batch : &unset);
    assert_int_equal(data, fields[i].status == FR_OK ? fields[i].data : DATA_UNSET);
    free(p);
  }
}

/* All good batches in one stream read back in order. */
static void test_stream(void **state)
{
  (void)state;
  size_t len = 0, at = 0, i = 0;
  for (size_t k = 0; k < COUNT(good); k++) len += good[k].n + (size_t)good[k].batch.size;
  uint8_t *p = malloc(len);
  assert_non_null(p);
  memset(p, PAYLOAD, len);
  for (size_t k = 0; k < COUNT(good); k++) {
    memcpy(p + at, good[k].bytes, good[k].n);
    at += good[k].n + (size_t)good[k].batch.size;
  }
  at = 0;
  for (i = 0; at < len; i++) {
    fr_batch got = unset;
    size_t data = DATA_UNSET;
    assert_true(i < COUNT(good));
    assert_int_equal(fr_batch_get(p + at, len - at, &got, &data), FR_OK);
    assert_same(&got, &good[i].batch);
    at += data + (size_t)got.size;
  }
  assert_int_equal(i, COUNT(good));
  assert_int_equal(at, len);
  free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_good),       cmocka_unit_test(test_truncated), cmocka_unit_test(test_bad),
    cmocka_unit_test(test_every_type), cmocka_unit_test(test_put),       cmocka_unit_test(test_fields),
    cmocka_unit_test(test_stream),
  };
  return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
