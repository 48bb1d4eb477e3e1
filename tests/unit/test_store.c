#include "unit.h"
#include "store.h"

enum { CAP_MAX = 7, FREE = 0xee };

/* What the tests put at a position. */
static uint8_t value(uint64_t pos)
{
  return (uint8_t)(pos % 251);
}

/* n bytes of the stream from position pos on, in a block of their own; free it. */
static uint8_t *stream(uint64_t pos, size_t n)
{
  uint8_t *p = malloc(n ? n : 1);
  assert_non_null(p);
  for (size_t k = 0; k < n; k++) p[k] = value(pos + k);
  return p;
}

/* The store holds first .. end, of the stream. */
static void assert_holds(const fr_store *s, uint64_t first, uint64_t end)
{
  const size_t n = (size_t)(end - first);
  assert_true(s->first == first && s->end == end);
  assert_true(s->tail < s->cap);
  uint8_t *want = stream(first, n);
  uint8_t *got = malloc(n ? n : 1);
  assert_non_null(got);
  fr_store_read(s, first, got, n);
  if (n) assert_memory_equal(got, want, n);
  free(got);
  free(want);
}

static void assert_same_store(const fr_store *a, const fr_store *b)
{
  assert_true(a->buf == b->buf && a->cap == b->cap && a->tail == b->tail && a->first == b->first && a->end == b->end);
}

/* Calls check with every small store: each size, each place of the oldest byte, each number of bytes, at the lowest
 * positions, higher up, and where the positions end. */
static void each_store(void (*check)(fr_store *s))
{
  for (size_t cap = 1; cap <= CAP_MAX; cap++) {
    for (size_t tail = 0; tail < cap; tail++) {
      for (size_t used = 0; used <= cap; used++) {
        const uint64_t ends[] = {used, 1000, UINT64_MAX - 3, UINT64_MAX};
        for (size_t e = 0; e < COUNT(ends); e++) {
          fr_store s = {malloc(cap), cap, tail, ends[e] - used, ends[e]};
          assert_non_null(s.buf);
          uint8_t *const arena = s.buf;
          memset(arena, FREE, cap);
          for (size_t k = 0; k < used; k++) arena[(tail + k) % cap] = value(s.first + k);
          check(&s);
          free(arena);
        }
      }
    }
  }
}

static void test_init(void **state)
{
  (void)state;
  uint8_t arena[CAP_MAX] = {1, 2, 3, 4, 5, 6, 7};
  const uint8_t before[CAP_MAX] = {1, 2, 3, 4, 5, 6, 7};
  for (size_t cap = 1; cap <= CAP_MAX; cap++) {
    fr_store s = {NULL, 0, 99, 98, 97};
    fr_store_init(&s, arena, cap);
    assert_same_store(&s, &(const fr_store){arena, cap, 0, 0, 0});
    assert_int_equal(fr_store_room(&s), cap);
  }
  assert_memory_equal(arena, before, CAP_MAX);
}

/* Room ends with the arena or with the positions, whichever comes first. */
static const struct {
  size_t cap;
  uint64_t first, end;
  size_t room;
} rooms[] = {
  {1, 0, 0, 1},
  {1, 0, 1, 0},
  {10, 4, 4, 10},
  {10, 4, 13, 1},
  {10, 4, 14, 0},
  {FR_STORE_MAX, 0, 0, FR_STORE_MAX},
  {FR_STORE_MAX, 0, FR_STORE_MAX, 0},
  {10, UINT64_MAX - 10, UINT64_MAX - 10, 10},
  {10, UINT64_MAX - 9, UINT64_MAX - 9, 9},
  {10, UINT64_MAX - 6, UINT64_MAX - 4, 4},
  {10, UINT64_MAX - 1, UINT64_MAX - 1, 1},
  {10, UINT64_MAX - 2, UINT64_MAX, 0},
  {10, UINT64_MAX, UINT64_MAX, 0},
};

static void test_room(void **state)
{
  (void)state;
  uint8_t cell = 0;
  for (size_t i = 0; i < COUNT(rooms); i++) {
    const fr_store s = {&cell, rooms[i].cap, 0, rooms[i].first, rooms[i].end};
    assert_int_equal(fr_store_room(&s), rooms[i].room);
  }
}

/* Everything from nothing to one byte too many. */
static void check_append(fr_store *s)
{
  const fr_store start = *s;
  uint8_t before[CAP_MAX];
  memcpy(before, s->buf, s->cap);
  const size_t used = (size_t)(s->end - s->first);
  const size_t left = UINT64_MAX - s->end < s->cap - used ? (size_t)(UINT64_MAX - s->end) : s->cap - used;
  for (size_t n = 0; n <= left + 1; n++) {
    uint8_t *src = stream(start.end, n);
    if (n <= left) {
      assert_int_equal(fr_store_append(s, src, n), FR_OK);
      assert_holds(s, start.first, start.end + n);
      assert_int_equal(fr_store_room(s), left - n);
    } else {
      assert_int_equal(fr_store_append(s, src, n), FR_NO_SPACE);
      assert_same_store(s, &start);
      assert_memory_equal(s->buf, before, s->cap);
    }
    free(src);
    *s = start;
    memcpy(s->buf, before, s->cap);
  }
}

static void test_append(void **state)
{
  (void)state;
  each_store(check_append);
}

/* Lengths at which a sum would overflow are no space, too; nothing is read. */
static void test_append_huge(void **state)
{
  (void)state;
  const size_t huge[] = {5, FR_STORE_MAX, FR_STORE_MAX + 1, SIZE_MAX - 1, SIZE_MAX};
  uint8_t arena[4] = {0};
  fr_store s;
  fr_store_init(&s, arena, sizeof arena);
  for (size_t i = 0; i < COUNT(huge); i++) assert_int_equal(fr_store_append(&s, arena, huge[i]), FR_NO_SPACE);
  assert_int_equal(fr_store_append(&s, NULL, 0), FR_OK);
  assert_holds(&s, 0, 0);
}

static void check_drop(fr_store *s)
{
  const fr_store start = *s;
  uint8_t before[CAP_MAX];
  memcpy(before, s->buf, s->cap);
  for (uint64_t k = 0; k <= start.end - start.first; k++) {
    fr_store_drop(s, start.first + k);
    assert_holds(s, start.first + k, start.end);
    assert_memory_equal(s->buf, before, s->cap);
    *s = start;
  }
}

/* From nothing to everything. */
static void test_drop(void **state)
{
  (void)state;
  each_store(check_drop);
}

/* Every run of the bytes held, by others; not a cell elsewhere changes. */
static void check_replace(fr_store *s)
{
  const fr_store start = *s;
  const size_t used = (size_t)(s->end - s->first);
  uint8_t before[CAP_MAX], want[CAP_MAX];
  memcpy(before, s->buf, s->cap);
  for (size_t k = 0; k <= used; k++) {
    for (size_t n = 0; n <= used - k; n++) {
      uint8_t *src = stream(s->first + k + 100, n);
      memcpy(want, before, s->cap);
      for (size_t i = 0; i < n; i++) want[(s->tail + k + i) % s->cap] = src[i];
      fr_store_replace(s, s->first + k, src, n);
      assert_same_store(s, &start);
      assert_memory_equal(s->buf, want, s->cap);
      free(src);
      memcpy(s->buf, before, s->cap);
    }
  }
}

static void test_replace(void **state)
{
  (void)state;
  each_store(check_replace);
}

static void check_cut(fr_store *s)
{
  const fr_store start = *s;
  uint8_t before[CAP_MAX];
  memcpy(before, s->buf, s->cap);
  for (uint64_t k = 0; k <= start.end - start.first; k++) {
    fr_store_cut(s, start.first + k);
    assert_holds(s, start.first, start.first + k);
    assert_memory_equal(s->buf, before, s->cap);
    assert_true(fr_store_room(s) >= start.end - s->end);
    *s = start;
  }
}

/* From everything to nothing. */
static void test_cut(void **state)
{
  (void)state;
  each_store(check_cut);
}

static void check_read(fr_store *s)
{
  for (uint64_t pos = s->first;; pos++) {
    for (size_t n = 0; n <= s->end - pos; n++) {
      uint8_t *got = malloc(n + 1), *want = stream(pos, n);
      assert_non_null(got);
      got[n] = FREE;
      fr_store_read(s, pos, got, n);
      if (n) assert_memory_equal(got, want, n);
      assert_int_equal(got[n], FREE);

      fr_segment seg[2] = {{NULL, 99}, {NULL, 98}};
      fr_store_segments(s, pos, n, seg);
      assert_true(seg[0].len <= n && seg[0].len + seg[1].len == n);
      for (size_t i = 0; i < COUNT(seg); i++) {
        if (seg[i].len) assert_true(seg[i].base >= s->buf && seg[i].base + seg[i].len <= s->buf + s->cap);
      }
      if (seg[0].len) assert_memory_equal(seg[0].base, want, seg[0].len);
      if (seg[1].len) assert_memory_equal(seg[1].base, want + seg[0].len, seg[1].len);
      free(got);
      free(want);
    }
    if (pos == s->end) return;
  }
}

static void test_read(void **state)
{
  (void)state;
  each_store(check_read);
}

/* Runs that end at the seam, go over it, and begin behind it. */
static const struct {
  size_t tail, from, n, len[2];
} seams[] = {
  {0, 0, 0, {0, 0}}, {0, 0, 8, {8, 0}}, {0, 3, 5, {5, 0}}, {5, 0, 2, {2, 0}}, {5, 0, 3, {3, 0}}, {5, 0, 4, {3, 1}},
  {5, 0, 8, {3, 5}}, {5, 2, 1, {1, 0}}, {5, 2, 2, {1, 1}}, {5, 3, 0, {0, 0}}, {5, 3, 5, {5, 0}}, {7, 0, 8, {1, 7}},
};

static void test_seam(void **state)
{
  (void)state;
  uint8_t arena[8];
  for (size_t i = 0; i < COUNT(seams); i++) {
    const fr_store s = {arena, sizeof arena, seams[i].tail, 100, 108};
    fr_segment seg[2];
    fr_store_segments(&s, 100 + seams[i].from, seams[i].n, seg);
    assert_int_equal(seg[0].len, seams[i].len[0]);
    assert_int_equal(seg[1].len, seams[i].len[1]);
    assert_true(seg[0].base == arena + (seams[i].tail + seams[i].from) % sizeof arena);
    if (seg[1].len) assert_true(seg[1].base == arena);
  }
}

/* To arenas smaller, equal and larger; the old one is spoilt afterwards. */
static void check_move(fr_store *s)
{
  const fr_store start = *s;
  uint8_t before[CAP_MAX];
  memcpy(before, s->buf, s->cap);
  for (size_t cap = 1; cap <= CAP_MAX + 2; cap++) {
    uint8_t *arena = malloc(cap);
    assert_non_null(arena);
    memset(arena, FREE, cap);
    if (start.end - start.first <= cap) {
      assert_int_equal(fr_store_move(s, arena, cap), FR_OK);
      assert_true(s->buf == arena && s->cap == cap);
      assert_memory_equal(start.buf, before, start.cap);
      memset(start.buf, FREE, start.cap);
      assert_holds(s, start.first, start.end);
    } else {
      assert_int_equal(fr_store_move(s, arena, cap), FR_NO_SPACE);
      assert_same_store(s, &start);
      assert_memory_equal(s->buf, before, s->cap);
      for (size_t k = 0; k < cap; k++) assert_int_equal(arena[k], FREE);
    }
    free(arena);
    *s = start;
    memcpy(s->buf, before, s->cap);
  }
}

static void test_move(void **state)
{
  (void)state;
  each_store(check_move);
}

/* The stream goes through a small arena many times, in pieces of all sizes, with a move now and then. */
static void test_long_stream(void **state)
{
  (void)state;
  size_t cap = 13;
  fr_store s;
  uint8_t *arena = malloc(cap);
  assert_non_null(arena);
  fr_store_init(&s, arena, cap);
  uint64_t first = 0, end = 0;
  for (size_t step = 0; step < 5000; step++) {
    const size_t n = step * 7 % (cap + 1);
    if (n > cap - (end - first)) {
      first += n - (cap - (end - first));
      fr_store_drop(&s, first);
    }
    uint8_t *src = stream(end, n);
    assert_int_equal(fr_store_append(&s, src, n), FR_OK);
    free(src);
    end += n;
    assert_holds(&s, first, end);
    if (step % 100 == 99) {
      cap = 11 + step % 7;
      if (cap < end - first) fr_store_drop(&s, first = end - cap);
      uint8_t *larger = malloc(cap);
      assert_non_null(larger);
      assert_int_equal(fr_store_move(&s, larger, cap), FR_OK);
      free(arena);
      arena = larger;
      assert_holds(&s, first, end);
    }
  }
  assert_true(end > 20000);
  free(arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_init),        cmocka_unit_test(test_room),        cmocka_unit_test(test_append),
    cmocka_unit_test(test_append_huge), cmocka_unit_test(test_drop),        cmocka_unit_test(test_read),
    cmocka_unit_test(test_replace),     cmocka_unit_test(test_cut),         cmocka_unit_test(test_seam),
    cmocka_unit_test(test_move),        cmocka_unit_test(test_long_stream),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
