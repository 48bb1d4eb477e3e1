#include "ring_memory.h"
#include "snapshot.h"

enum { FILL = 0xee };

static const uint8_t header[FR_HEADER_SIZE + 1] = "go 1.26 trace\0\0\0";

/* Appends the bytes from..to - 1 of the stream 0, 1, 2, ... */
static void append(fr_ring *r, size_t from, size_t to)
{
  for (size_t k = from; k < to; k++) {
    const uint8_t byte = (uint8_t)k;
    assert_int_equal(fr_ring_append(r, &byte, 1, 100), FR_OK);
  }
}

/* The snapshot is the header and the bytes from..to - 1 of the stream: its size, its three runs, and copies into
 * everything from no room to more than enough. */
static void assert_snapshot(const fr_ring *r, size_t from, size_t to)
{
  const size_t n = FR_HEADER_SIZE + to - from;
  uint8_t *want = block(n, 1);
  for (size_t k = 0; k < FR_HEADER_SIZE; k++) want[k] = header[k];
  for (size_t k = from; k < to; k++) want[FR_HEADER_SIZE + k - from] = (uint8_t)k;
  assert_int_equal(fr_snapshot_size(r), n);

  const frozen was = freeze(r);
  fr_segment seg[3] = {{NULL, 97}, {NULL, 98}, {NULL, 99}};
  fr_snapshot_segments(r, header, seg);
  assert_true(seg[0].base == header && seg[0].len == FR_HEADER_SIZE);
  size_t at = 0;
  for (size_t i = 0; i < COUNT(seg); i++) {
    assert_true(seg[i].len <= n - at);
    if (seg[i].len) assert_memory_equal(seg[i].base, want + at, seg[i].len);
    at += seg[i].len;
  }
  assert_int_equal(at, n);

  for (size_t cap = 0; cap < n + 3; cap++) {
    uint8_t *out = block(cap, 1);
    size_t len = 0x5a5a;
    assert_int_equal(fr_snapshot_copy(r, header, out, cap, &len), cap < n ? FR_NO_SPACE : FR_OK);
    assert_int_equal(len, cap < n ? 0x5a5a : n);
    if (cap >= n) assert_memory_equal(out, want, n);
    for (size_t k = cap < n ? 0 : n; k < cap; k++) assert_int_equal(out[k], FILL);
    free(out);
  }
  assert_unchanged(&was, r);
  thaw(&was);
  free(want);
}

/* Before the first rotation the header is all, whatever the active generation holds. */
static void test_header_only(void **state)
{
  (void)state;
  fr_ring r = make_ring(4, 2, 1);
  assert_snapshot(&r, 0, 0);
  append(&r, 0, 4);
  assert_snapshot(&r, 0, 0);
  assert_int_equal(fr_ring_rotate(&r, 0, 0, 0), FR_OK);
  assert_snapshot(&r, 0, 4);
  assert_int_equal(fr_ring_rotate(&r, 0, 0, -1), FR_OK); /* an empty generation takes its place */
  assert_snapshot(&r, 0, 0);
  free_ring(&r);
}

/* Two complete generations and an active one of all sizes, at each place of the arena's seam. */
static void test_every_offset(void **state)
{
  (void)state;
  enum { CAP = 6 };
  const uint64_t starts[] = {0, 1000, UINT64_MAX - CAP};
  for (size_t s = 0; s < COUNT(starts); s++) {
    for (size_t tail = 0; tail < CAP; tail++) {
      for (size_t a = 0; a <= CAP; a++) {
        for (size_t b = a; b <= CAP; b++) {
          fr_ring r = make_ring(CAP, 3, tail);
          shift_ring(&r, starts[s], starts[s] / 2);
          append(&r, 0, a);
          assert_int_equal(fr_ring_rotate(&r, 0, INT64_MAX, INT64_MAX), FR_OK);
          append(&r, a, b);
          assert_int_equal(fr_ring_rotate(&r, 0, INT64_MAX, INT64_MAX), FR_OK);
          append(&r, b, CAP);
          assert_snapshot(&r, 0, b);
          free_ring(&r);
        }
      }
    }
  }
}

/* The limit lets the newest and the one before it stay: a window of two generations that goes along the stream, through
 * the seam and from arena to arena. */
static void test_window(void **state)
{
  (void)state;
  fr_ring r = make_ring(9, 4, 0);
  size_t older = 0, newer = 0, active = 0; /* where the last three generations begin */
  for (size_t round = 0; round < 60; round++) {
    const size_t end = active + 1 + round % 3;
    append(&r, active, end);
    assert_snapshot(&r, older, active);
    assert_int_equal(fr_ring_rotate(&r, 0, 100 * (int64_t)(end - active), INT64_MAX), FR_OK);
    older = newer;
    newer = active;
    active = end;
    assert_snapshot(&r, older, active);
    uint8_t *old = r.store.buf;
    assert_int_equal(fr_ring_move_arena(&r, block(9 + round % 4, 1), 9 + round % 4), FR_OK);
    free(old);
    assert_snapshot(&r, older, active);
  }
  free_ring(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_header_only),
    cmocka_unit_test(test_every_offset),
    cmocka_unit_test(test_window),
  };
  return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
