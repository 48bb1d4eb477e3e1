#include "unit.h"
#include "frame.h"
#include <stdbool.h>

#define OVER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"    /* above 2^64 - 1, and ended by its tenth byte */
#define ENDLESS "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x80" /* ten bytes that all ask for more */
#define PADDED_2 "\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00"
#define HUGE_SIZE "\x80\x80\x04" /* 65536 */
#define BAD_SIZE "\x81\x80\x04"  /* 65537 */

enum { PIPE = 1 << FR_EXP_PIPE, WRITE = 1 << FR_EXP_WRITE, EOG = 1 << FR_EXP_EOG };
enum { RUNTIME = 1 << FR_RUNTIME, STRICT = 1 << FR_STRICT };
enum { STREAMS = PIPE | STRICT, FIRST = WRITE | EOG, LENIENT = STREAMS | FIRST, ALL = LENIENT | RUNTIME };

/* What is read without an error in traces of Go 1.26. */
static const struct {
  int systems;
  fr_frame_kind kind;
  const uint8_t *bytes;
  size_t n;
  fr_batch b;
  size_t data, used;
} good[] = {
  {ALL, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x00"), {1, 0, 7, 5, 3, 0}, 5, 5},
  {ALL, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x02\xaa\xbb"), {1, 0, 7, 5, 3, 2}, 5, 7},
  {ALL, FR_FRAME_BATCH, BYTES("\x01\x80\x01\x80\x80\x01\x7f" PADDED_2 "\xaa\xbb"), {1, 0, 128, 16384, 127, 2}, 17, 19},
  /* what follows a batch */
  {LENIENT, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x01\xaa\x01"), {1, 0, 7, 5, 3, 1}, 5, 6},
  {LENIENT, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x00\x63"), {1, 0, 7, 5, 3, 0}, 5, 5},
  /* nothing */
  {ALL, FR_FRAME_NOTHING, BYTES(""), {0, 0, 0, 0, 0, 0}, 0, 0},
  {EOG, FR_FRAME_NOTHING, BYTES("\x31"), {0, 0, 0, 0, 0, 0}, 0, 1},
  /* experimental batches; where the experiment is a field (E16), everything shifts */
  {EOG | STRICT, FR_FRAME_BATCH, BYTES("\x31\x09\x07\x05\x03\x01\xaa"), {49, 9, 7, 5, 3, 1}, 6, 7},
  {EOG | STRICT, FR_FRAME_BATCH, BYTES("\x31\xff\x07\x05\x03\x01\x34"), {49, 255, 7, 5, 3, 1}, 6, 7},
  {RUNTIME, FR_FRAME_BATCH, BYTES("\x31\x09\x07\x05\x02\xaa\xbb"), {49, 0, 9, 7, 5, 2}, 5, 7},
  {RUNTIME, FR_FRAME_BATCH, BYTES("\x31\x09\x07\x05\x01\x34"), {49, 0, 9, 7, 5, 1}, 5, 6},
  /* end marks */
  {EOG | RUNTIME | STRICT, FR_FRAME_MARK, BYTES("\x34"), {52, 0, 0, 0, 0, 1}, 0, 1},
  {EOG | STRICT, FR_FRAME_MARK, BYTES("\x34\x01\x07"), {52, 0, 0, 0, 0, 1}, 0, 1},
  /* a payload that begins with 52 (E7) */
  {EOG, FR_FRAME_MARK, BYTES("\x01\x07\x05\x03\x02\x34\xbb"), {1, 0, 7, 5, 3, 2}, 5, 7},
  {ALL & ~EOG, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x02\x34\xbb"), {1, 0, 7, 5, 3, 2}, 5, 7},
  {EOG, FR_FRAME_MARK, BYTES("\x31\x00\x07\x05\x03\x01\x34"), {49, 0, 7, 5, 3, 1}, 6, 7},
  {STRICT, FR_FRAME_BATCH, BYTES("\x31\x00\x07\x05\x03\x01\x34"), {49, 0, 7, 5, 3, 1}, 6, 7},
  {EOG, FR_FRAME_BATCH, BYTES("\x01\x07\x05\x03\x00\x34"), {1, 0, 7, 5, 3, 0}, 5, 5},
};

/* What is not, how far the reader got, and after FR_TRUNCATED how many bytes are needed. */
static const struct {
  int systems;
  fr_status status;
  const uint8_t *bytes;
  size_t n;
  size_t used, need;
} bad[] = {
  {ALL, FR_BAD_TYPE, BYTES("\x00"), 1, 0},
  {ALL, FR_BAD_TYPE, BYTES("\x02\x07\x05\x03\x00"), 1, 0},
  {ALL, FR_BAD_TYPE, BYTES("\x81\x07\x05\x03\x00"), 1, 0},
  {PIPE | WRITE, FR_BAD_TYPE, BYTES("\x31\x09\x07\x05\x03\x00"), 1, 0},
  {PIPE | WRITE, FR_BAD_TYPE, BYTES("\x34"), 1, 0},
  /* the bytes end in the fields */
  {LENIENT, FR_TRUNCATED, BYTES("\x01"), 1, 2},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x80"), 2, 3},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x85\x80"), 4, 5},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x83\x80"), 5, 6},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x03"), 4, 5},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x03\x82\x80"), 6, 7},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01"), 1, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x31"), 1, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01\x80"), 2, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01\x07\x05\x83\x80"), 5, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01\x07\x05\x03\x82\x80"), 6, 0},
  {STRICT, FR_TRUNCATED, BYTES("\x31"), 1, 2},
  {EOG | STRICT, FR_TRUNCATED, BYTES("\x31\x09"), 2, 3},
  {EOG | STRICT, FR_TRUNCATED, BYTES("\x31\x09\x07\x05\x03"), 5, 6},
  /* the bytes end in the payload */
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x03\x02"), 5, 7},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x03\x02\xaa"), 6, 7},
  {LENIENT, FR_TRUNCATED, BYTES("\x01\x07\x05\x03" HUGE_SIZE "\x34"), 8, 7 + 65536},
  {EOG | STRICT, FR_TRUNCATED, BYTES("\x31\x09\x07\x05\x03" HUGE_SIZE), 8, 8 + 65536},
  /* a write that is not one batch; E5 of the first two */
  {RUNTIME, FR_NOT_ONE_BATCH, BYTES("\x01\x01\x01\x01\x05"), 10, 0},
  {RUNTIME, FR_NOT_ONE_BATCH, BYTES("\x01\x07\x05\x03" HUGE_SIZE "\xaa\xbb"), 7 + 65536, 0},
  {RUNTIME, FR_NOT_ONE_BATCH, BYTES("\x01\x07\x05\x03\x01\xaa\xbb"), 6, 0},
  {RUNTIME, FR_NOT_ONE_BATCH, BYTES("\x01\x07\x05\x03\x00\x34"), 5, 0},
  {RUNTIME, FR_BAD_END_MARK, BYTES("\x34\x34"), 1, 0},
  /* a field overflows */
  {LENIENT, FR_OVERFLOW, BYTES("\x01" OVER "\x05\x03\x00"), 11, 0},
  {LENIENT, FR_OVERFLOW, BYTES("\x01\x07\x05\x03" ENDLESS "\x80\x80"), 14, 0},
  {EOG | STRICT, FR_OVERFLOW, BYTES("\x31\x09\x07" OVER "\x03\x00"), 13, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01" OVER "\x05\x03\x00"), 10, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01\x07\x05" OVER), 12, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x01\x07" ENDLESS "\x80\x03\x00"), 15, 0},
  {RUNTIME, FR_OVERFLOW, BYTES("\x31" ENDLESS), 11, 0},
  /* a size above the limit, whether or not there are so many bytes */
  {ALL, FR_BAD_SIZE, BYTES("\x01\x07\x05\x03" BAD_SIZE), 7, 0},
  {ALL, FR_BAD_SIZE, BYTES("\x01\x07\x05\x03" BAD_SIZE "\xaa"), 7, 0},
  {EOG | STRICT, FR_BAD_SIZE, BYTES("\x31\x09\x07\x05\x03" BAD_SIZE), 8, 0},
};

static void assert_same(const fr_batch *got, const fr_batch *want)
{
  assert_int_equal(got->type, want->type);
  assert_int_equal(got->experiment, want->experiment);
  assert_int_equal(got->gen, want->gen);
  assert_int_equal(got->m, want->m);
  assert_int_equal(got->time, want->time);
  assert_int_equal(got->size, want->size);
}

static void test_good(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(good); i++) {
    uint8_t *p = exact(good[i].bytes, good[i].n);
    for (int s = 0; s < FR_SYSTEMS; s++) {
      fr_frame f;
      if (!(good[i].systems & 1 << s)) continue;
      memset(&f, 0x5a, sizeof f);
      assert_int_equal(fr_frame_get(&fr_systems[s], 26, p, good[i].n, &f), FR_OK);
      assert_int_equal(f.kind, good[i].kind);
      assert_int_equal(f.data, good[i].data);
      assert_int_equal(f.used, good[i].used);
      assert_same(&f.b, &good[i].b);
    }
    free(p);
  }
}

static void expect_bad(int system, const uint8_t *bytes, size_t n, fr_status status, size_t used, size_t need)
{
  uint8_t *p = exact(bytes, n);
  fr_frame f;
  assert_int_equal(fr_frame_get(&fr_systems[system], 26, p, n, &f), status);
  assert_int_equal(f.used, used);
  if (status == FR_TRUNCATED) assert_int_equal(f.need, need);
  free(p);
}

static void test_bad(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(bad); i++) {
    for (int s = 0; s < FR_SYSTEMS; s++) {
      if (bad[i].systems & 1 << s) expect_bad(s, bad[i].bytes, bad[i].n, bad[i].status, bad[i].used, bad[i].need);
    }
  }
}

/* Each system has a column of its own for end marks: from version 26 on, in every version, in none. */
static void test_end_marks_since(void **state)
{
  (void)state;
  for (uint32_t version = 0; version < 40; version++) {
    for (int s = 0; s < FR_SYSTEMS; s++) {
      fr_frame f;
      const bool taken = s == FR_STRICT ? version >= 26 : s == FR_EXP_EOG || s == FR_RUNTIME;
      assert_int_equal(fr_frame_get(&fr_systems[s], version, (const uint8_t *)"\x34", 1, &f),
                       taken ? FR_OK : FR_BAD_TYPE);
      assert_int_equal(f.used, 1);
      if (taken) assert_int_equal(f.kind, FR_FRAME_MARK);
    }
  }
}

/* The longest batch there is. In a stream each shorter part of it asks for more bytes, and never for more than that;
 * who gives as many as are asked for gets to the end. */
static void test_longest(void **state)
{
  static const uint8_t head[] = "\x31\xff" PADDED_2 PADDED_2 PADDED_2 "\x80\x80\x84\x80\x80\x80\x80\x80\x80\x00";
  const fr_system *s = &fr_systems[FR_STRICT];
  const size_t head_len = sizeof head - 1;
  uint8_t *p = malloc(FR_BATCH_MAX);
  size_t have = 1;
  fr_frame f;
  (void)state;
  assert_non_null(p);
  assert_int_equal(head_len + FR_PAYLOAD_MAX, FR_BATCH_MAX);
  memset(p, 0x34, FR_BATCH_MAX);
  memcpy(p, head, head_len);
  while (fr_frame_get(s, 26, p, have, &f) == FR_TRUNCATED) {
    assert_int_equal(f.used, have);
    assert_int_equal(f.need, have < head_len ? have + 1 : FR_BATCH_MAX);
    have = f.need;
  }
  assert_int_equal(have, FR_BATCH_MAX);
  assert_int_equal(f.kind, FR_FRAME_BATCH);
  assert_int_equal(f.used, FR_BATCH_MAX);
  assert_int_equal(f.b.size, FR_PAYLOAD_MAX);
  expect_bad(FR_EXP_EOG, p, FR_BATCH_MAX - 1, FR_TRUNCATED, FR_BATCH_MAX - 1, FR_BATCH_MAX);
  free(p);
}

/* x/exp accounts the estimate of E1 and nothing for a mark; the others what they went over. */
static void test_account(void **state)
{
  const fr_frame batch = {FR_FRAME_BATCH, {1, 0, 63, 64, 16384, 65536}, 44, 65580, 0};
  const fr_frame experimental = {FR_FRAME_BATCH, {49, 200, 1, 1, 1, 10}, 6, 16, 0};
  const fr_frame mark = {FR_FRAME_MARK, {1, 0, 7, 5, 3, 2}, 5, 7, 0};
  const fr_frame longest = {FR_FRAME_BATCH, {1, 0, UINT64_MAX, INT64_MAX, 0, 0}, 24, 24, 0};
  (void)state;
  for (int s = 0; s < FR_SYSTEMS; s++) {
    const bool exp = s == FR_EXP_PIPE || s == FR_EXP_WRITE || s == FR_EXP_EOG;
    assert_int_equal(fr_frame_account(&fr_systems[s], &batch), exp ? 1 + 1 + 2 + 3 + 3 + 65536 : 65580);
    assert_int_equal(fr_frame_account(&fr_systems[s], &experimental), exp ? 1 + 1 + 1 + 1 + 1 + 10 : 16);
    assert_int_equal(fr_frame_account(&fr_systems[s], &mark), exp ? 0 : 7);
    assert_int_equal(fr_frame_account(&fr_systems[s], &longest), exp ? 1 + 10 + 10 + 1 + 1 : 24);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_good),    cmocka_unit_test(test_bad),     cmocka_unit_test(test_end_marks_since),
    cmocka_unit_test(test_longest), cmocka_unit_test(test_account),
  };
  return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
