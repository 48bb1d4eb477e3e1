#include "ring_memory.h"

#define MIN INT64_MIN
#define MAX INT64_MAX

/* Appends n bytes of a kind, accounts as many. */
static fr_status append(fr_ring *r, char byte, size_t n, uint64_t account)
{
  uint8_t *src = block(n, 1);
  memset(src, byte, n);
  const fr_status status = fr_ring_append(r, src, n, account);
  free(src);
  return status;
}

/* Three complete generations and the active one, and the bytes of each. */
static const fr_generation four[] = {
  {7, 100, 71, 10, 0, 1}, {8, 200, 82, 20, 1, 2}, {9, 300, 93, 30, 3, 3}, {10, 400, 104, 5, 6, 4}};
static const char *const four_bytes[] = {"a", "bb", "ccc", "dddd"};

/* A ring that has them, in an arena that is full and wrapped round. */
static fr_ring make_four(uint32_t slots)
{
  fr_ring r = make_ring(10, slots, 7);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(append(&r, (char)('a' + i), four[i].stored, four[i].size), FR_OK);
    fr_ring_label(&r, four[i].gen, four[i].min_time, four[i].stamp);
    assert_int_equal(fr_ring_rotate(&r, 0, MAX, MAX), FR_OK);
  }
  assert_int_equal(append(&r, 'd', four[3].stored, four[3].size), FR_OK);
  fr_ring_label(&r, four[3].gen, four[3].min_time, four[3].stamp);
  return r;
}

/* The ring has what make_four puts into it, from generation k on. */
static void assert_four(const fr_ring *r, uint32_t k)
{
  for (uint32_t i = k; i < COUNT(four); i++) assert_generation(r, i - k, &four[i], four_bytes[i]);
}

static const struct {
  uint64_t max_bytes, max_generation;
  fr_status status;
  size_t need;
} needs[] = {
  {0, 0, FR_NO_SPACE, 0},
  {1, 0, FR_OK, 1},
  {0, 1, FR_OK, 2},
  {10, 3, FR_OK, 16},
  {10485760, 2097152, FR_OK, 14680064},
  {FR_STORE_MAX, 0, FR_OK, FR_STORE_MAX},
  {(uint64_t)FR_STORE_MAX + 1, 0, FR_NO_SPACE, 0},
  {FR_STORE_MAX - 2, 1, FR_OK, FR_STORE_MAX},
  {FR_STORE_MAX - 1, 1, FR_NO_SPACE, 0},
  {1, FR_STORE_MAX / 2, FR_OK, FR_STORE_MAX},
  {2, FR_STORE_MAX / 2, FR_NO_SPACE, 0},
  {0, FR_STORE_MAX / 2 + 1, FR_NO_SPACE, 0},
  {0, (uint64_t)1 << 63, FR_NO_SPACE, 0},
  {0, UINT64_MAX, FR_NO_SPACE, 0},
  {UINT64_MAX, 0, FR_NO_SPACE, 0},
  {UINT64_MAX, UINT64_MAX, FR_NO_SPACE, 0},
};

static void test_need(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(needs); i++) {
    size_t need = 0x5a5a;
    assert_int_equal(fr_ring_need(needs[i].max_bytes, needs[i].max_generation, &need), needs[i].status);
    assert_int_equal(need, needs[i].status == FR_OK ? needs[i].need : 0x5a5a);
  }
}

/* The need is enough: generations of the largest size, one after the other, never meet a full arena. */
static void test_need_is_enough(void **state)
{
  (void)state;
  for (int64_t max_bytes = 0; max_bytes < 20; max_bytes++) {
    for (uint64_t max_generation = 1; max_generation < 8; max_generation++) {
      size_t need = 0;
      assert_int_equal(fr_ring_need((uint64_t)max_bytes, max_generation, &need), FR_OK);
      fr_ring r = make_ring(need, 24, 0);
      for (uint64_t round = 0; round < 30; round++) {
        const uint64_t n = round < 10 ? max_generation : 1 + round % max_generation;
        for (uint64_t k = 0; k < n; k++) assert_int_equal(append(&r, 'x', 1, 1), FR_OK);
        assert_int_equal(fr_ring_rotate(&r, 0, max_bytes, MAX), FR_OK);
      }
      free_ring(&r);
    }
  }
}

static void test_init(void **state)
{
  (void)state;
  for (uint32_t slots = 1; slots <= 3; slots++) {
    const fr_table t = make_table(slots);
    uint8_t *arena = block(5, 1);
    fr_ring r;
    memset(&r, 0xee, sizeof r);
    fr_ring_init(&r, arena, 5, &t);
    assert_true(r.store.buf == arena && r.store.cap == 5 && r.store.first == 0 && r.store.end == 0);
    assert_true(same_place(&r.table, &t) && r.n == 0 && r.accounted == 0);
    assert_generation(&r, 0, &(const fr_generation){0, 0, 0, 0, 0, 0}, "");
    free_ring(&r);
  }
}

/* Labels belong to the active generation; the last ones count, and the complete ones keep theirs. */
static void test_label(void **state)
{
  (void)state;
  fr_ring r = make_four(4);
  assert_four(&r, 0);
  fr_ring_label(&r, UINT64_MAX, MIN, UINT64_MAX - 1);
  for (uint32_t i = 0; i < 3; i++) assert_generation(&r, i, &four[i], four_bytes[i]);
  assert_generation(&r, 3, &(const fr_generation){UINT64_MAX, MIN, UINT64_MAX - 1, 5, 6, 4}, "dddd");
  fr_ring_label(&r, 10, 400, 104);
  assert_four(&r, 0);
  free_ring(&r);
}

/* At each place of the seam: exactly full is taken, one more byte is not. */
static void test_append(void **state)
{
  (void)state;
  for (size_t tail = 0; tail < 6; tail++) {
    fr_ring r = make_ring(6, 1, tail);
    assert_int_equal(append(&r, 'a', 0, 3), FR_OK);
    assert_int_equal(append(&r, 'a', 2, 0), FR_OK);
    assert_generation(&r, 0, &(const fr_generation){0, 0, 0, 3, 0, 2}, "aa");
    frozen was = freeze(&r);
    assert_int_equal(append(&r, 'b', 5, 1), FR_NO_SPACE);
    assert_unchanged(&was, &r);
    thaw(&was);
    assert_int_equal(append(&r, 'b', 4, 1), FR_OK);
    assert_generation(&r, 0, &(const fr_generation){0, 0, 0, 4, 0, 6}, "aabbbb");
    was = freeze(&r);
    assert_int_equal(append(&r, 'c', 1, 1), FR_NO_SPACE);
    assert_unchanged(&was, &r);
    thaw(&was);
    assert_int_equal(append(&r, 'c', 0, 0), FR_OK);
    free_ring(&r);
  }
}

/* Each run of the active generation, by other bytes; the generations before it, and all but its bytes, stay. */
static void test_replace(void **state)
{
  (void)state;
  for (size_t k = 0; k <= 4; k++) {
    for (size_t n = 0; n <= 4 - k; n++) {
      fr_ring r = make_four(4);
      frozen was = freeze(&r);
      char want[] = "dddd";
      memcpy(want + k, "wxyz", n);
      fr_ring_replace(&r, 6 + k, (const uint8_t *)"wxyz", n);
      for (uint32_t i = 0; i < 3; i++) assert_generation(&r, i, &four[i], four_bytes[i]);
      assert_generation(&r, 3, &four[3], want);
      memcpy(was.arena, r.store.buf, r.store.cap);
      assert_unchanged(&was, &r);
      thaw(&was);
      free_ring(&r);
    }
  }
}

/* From everything to nothing of the active generation. What was accounted stays, and the room is there again. */
static void test_cut(void **state)
{
  (void)state;
  for (uint64_t end = 6; end <= 10; end++) {
    fr_ring r = make_four(4);
    frozen was = freeze(&r);
    fr_ring_cut(&r, end);
    for (uint32_t i = 0; i < 3; i++) assert_generation(&r, i, &four[i], four_bytes[i]);
    assert_generation(&r, 3, &(const fr_generation){10, 400, 104, 5, 6, end - 6}, "dddd");
    was.ring.store.end = end;
    assert_unchanged(&was, &r);
    assert_int_equal(append(&r, 'd', 10 - end, 0), FR_OK);
    assert_int_equal(append(&r, 'd', 1, 0), FR_NO_SPACE);
    assert_four(&r, 0);
    thaw(&was);
    free_ring(&r);
  }
}

/* Accounting ends at 2^64 - 1, positions in the store likewise. */
static const struct {
  uint64_t start, account; /* so much went before */
  size_t n;
  uint64_t add;
  fr_status status;
} ends[] = {
  {0, 0, 1, UINT64_MAX, FR_OK},       {0, 1, 1, UINT64_MAX - 1, FR_OK},       {0, 1, 1, UINT64_MAX, FR_NO_SPACE},
  {0, 1, 0, UINT64_MAX, FR_NO_SPACE}, {0, UINT64_MAX - 5, 5, 5, FR_OK},       {0, UINT64_MAX - 5, 5, 6, FR_NO_SPACE},
  {0, UINT64_MAX, 8, 0, FR_OK},       {0, UINT64_MAX, 8, 1, FR_NO_SPACE},     {UINT64_MAX - 8, 0, 8, 8, FR_OK},
  {UINT64_MAX - 7, 0, 7, 7, FR_OK},   {UINT64_MAX - 7, 0, 8, 8, FR_NO_SPACE}, {UINT64_MAX, UINT64_MAX, 0, 0, FR_OK},
  {UINT64_MAX, 0, 1, 0, FR_NO_SPACE},
};

static void test_ends(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(ends); i++) {
    fr_ring r = make_ring(8, 2, i % 8);
    shift_ring(&r, ends[i].start, ends[i].account);
    const frozen was = freeze(&r);
    assert_int_equal(append(&r, 'x', ends[i].n, ends[i].add), ends[i].status);
    if (ends[i].status == FR_OK) {
      const fr_generation want = {0, 0, 0, ends[i].add, ends[i].start, ends[i].n};
      assert_generation(&r, 0, &want, &"xxxxxxxx"[8 - ends[i].n]);
      assert_int_equal(fr_ring_rotate(&r, 0, MAX, MAX), FR_OK);
      assert_generation(&r, 0, &want, &"xxxxxxxx"[8 - ends[i].n]);
    } else {
      assert_unchanged(&was, &r);
    }
    thaw(&was);
    free_ring(&r);
  }
}

/* What stays of make_four: 5, 35, 55 and 65 bytes are accounted from the newest on, minimum times 400 to 100. */
static const struct {
  int64_t now, max_bytes, min_age;
  uint32_t keep;
} limits[] = {{400, MIN, MAX, 3},  {400, -1, MAX, 3},   {400, 0, MAX, 3},    {400, 4, MAX, 3},    {400, 5, MAX, 2},
              {400, 6, MAX, 2},    {400, 34, MAX, 2},   {400, 35, MAX, 1},   {400, 36, MAX, 1},   {400, 54, MAX, 1},
              {400, 55, MAX, 0},   {400, 56, MAX, 0},   {400, 64, MAX, 0},   {400, 65, MAX, 0},   {400, MAX, MAX, 0},
              {1000, MAX, MIN, 3}, {1000, MAX, -1, 3},  {1000, MAX, 0, 3},   {1000, MAX, 599, 3}, {1000, MAX, 600, 2},
              {1000, MAX, 601, 2}, {1000, MAX, 699, 2}, {1000, MAX, 700, 1}, {1000, MAX, 701, 1}, {1000, MAX, 799, 1},
              {1000, MAX, 800, 0}, {1000, MAX, 801, 0}, {1000, MAX, 899, 0}, {400, MAX, -1, 3},   {400, MAX, 0, 2},
              {400, MAX, 99, 2},   {400, MAX, 100, 1},  {250, MAX, 0, 1},    {250, MAX, -50, 1},  {250, MAX, -51, 2},
              {250, MAX, -150, 2}, {250, MAX, -151, 3}, {0, MAX, -100, 0},   {0, MAX, -201, 1},   {0, MAX, MIN, 3},
              {1000, 5, 799, 2},   {1000, 35, 600, 2},  {1000, 54, 800, 1},  {1000, 0, MIN, 3},   {1000, 0, 0, 3},
              {1000, -1, 900, 3}};

static void test_limits(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(limits); i++) {
    fr_ring r = make_four(5);
    const frozen was = freeze(&r);
    const uint32_t keep = limits[i].keep;
    assert_int_equal(fr_ring_keep(&r, limits[i].now, limits[i].max_bytes, limits[i].min_age), keep);
    assert_unchanged(&was, &r);
    assert_int_equal(fr_ring_rotate(&r, limits[i].now, limits[i].max_bytes, limits[i].min_age), FR_OK);
    assert_int_equal(r.n, 4 - keep);
    assert_int_equal(r.store.first, four[keep].start);
    assert_int_equal(r.store.end, 10);
    assert_int_equal(r.accounted, 65);
    assert_four(&r, keep);
    assert_generation(&r, r.n, &(const fr_generation){0, 0, 0, 0, 10, 0}, "");
    assert_int_equal(fr_store_room(&r.store), four[keep].start);
    thaw(&was);
    free_ring(&r);
  }
}

/* Differences of times wrap, as the clocks they come from do; a generation goes if the one behind it is too old. */
static const struct {
  int64_t newest, now, min_age;
  bool keep;
} wraps[] = {
  {0, MAX, MAX, true},          {0, MAX, MAX - 1, false},    {-1, MAX, MAX, true},     {-1, MAX, MIN, true},
  {0, MIN, MIN, true},          {1, MIN, MAX, true},         {1, MIN, MAX - 1, false}, {MAX, MIN, 0, false},
  {MAX, MIN, 1, true},          {MIN, MAX, 0, true},         {MIN, MAX, -1, true},     {MIN, MAX, -2, false},
  {MIN, 0, MIN, true},          {MIN, -1, MAX - 1, false},   {MIN, -1, MAX, true},     {MAX, MAX, 0, true},
  {MAX - 1, MIN + 2, 3, false}, {MAX - 1, MIN + 2, 4, true},
};

static void test_wrapping_times(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(wraps); i++) {
    fr_ring r = make_ring(4, 3, 3);
    assert_int_equal(append(&r, 'a', 2, 2), FR_OK);
    assert_int_equal(fr_ring_rotate(&r, 0, 0, 0), FR_OK);
    assert_int_equal(append(&r, 'b', 2, 2), FR_OK);
    fr_ring_label(&r, 2, wraps[i].newest, 0);
    assert_int_equal(fr_ring_keep(&r, wraps[i].now, 4, wraps[i].min_age), wraps[i].keep ? 0 : 1);
    free_ring(&r);
  }
}

/* The generation that has just become complete stays, and so it becomes the only one, round after round. */
static void test_newest_stays(void **state)
{
  (void)state;
  fr_ring r = make_ring(5, 2, 0);
  for (uint64_t round = 0; round < 20; round++) {
    assert_int_equal(append(&r, 'a', 5, UINT64_MAX / 32), FR_OK);
    fr_ring_label(&r, round, MIN, ~round);
    assert_int_equal(fr_ring_rotate(&r, -1, 0, MIN), FR_OK);
    assert_int_equal(r.n, 1);
    assert_generation(&r, 0, &(const fr_generation){round, MIN, ~round, UINT64_MAX / 32, 5 * round, 5}, "aaaaa");
    assert_int_equal(append(&r, 'b', 1, 1), FR_NO_SPACE);
    assert_int_equal(fr_ring_rotate(&r, 0, 0, -1), FR_OK); /* an empty one takes its place */
    assert_generation(&r, 0, &(const fr_generation){0, 0, 0, 0, 5 * round + 5, 0}, "");
  }
  free_ring(&r);
}

/* A table has room for those that stay and the active one, or the rotation waits for a larger table. */
static void test_full_table(void **state)
{
  (void)state;
  fr_ring one = make_ring(4, 1, 0);
  const frozen was = freeze(&one);
  assert_int_equal(fr_ring_rotate(&one, 0, 0, 0), FR_NO_SPACE);
  assert_unchanged(&was, &one);
  thaw(&was);
  free_ring(&one);

  for (size_t i = 0; i < COUNT(limits); i++) {
    fr_ring r = make_four(4);
    const frozen full = freeze(&r);
    const fr_status status = limits[i].keep == 0 ? FR_NO_SPACE : FR_OK;
    assert_int_equal(fr_ring_rotate(&r, limits[i].now, limits[i].max_bytes, limits[i].min_age), status);
    if (status == FR_NO_SPACE) {
      assert_unchanged(&full, &r);
      const fr_table larger = make_table(5), old = r.table;
      assert_int_equal(fr_ring_move_table(&r, &larger), FR_OK);
      free_table(&old);
      assert_int_equal(fr_ring_rotate(&r, limits[i].now, limits[i].max_bytes, limits[i].min_age), FR_OK);
    }
    assert_int_equal(r.n, 4 - limits[i].keep);
    assert_four(&r, limits[i].keep);
    thaw(&full);
    free_ring(&r);
  }
}

static void test_move_table(void **state)
{
  (void)state;
  for (uint32_t slots = 1; slots <= 7; slots++) {
    fr_ring r = make_four(4);
    const frozen was = freeze(&r);
    const fr_table t = make_table(slots), blank = make_table(slots), old = r.table;
    if (slots < 4) {
      assert_int_equal(fr_ring_move_table(&r, &t), FR_NO_SPACE);
      assert_unchanged(&was, &r);
      assert_true(same_columns(&t, &blank));
      free_table(&t);
    } else {
      assert_int_equal(fr_ring_move_table(&r, &t), FR_OK);
      assert_true(same_place(&r.table, &t) && r.n == 3);
      free_table(&old);
      assert_four(&r, 0);
    }
    free_table(&blank);
    thaw(&was);
    free_ring(&r);
  }
}

/* The arena of make_four is full: ten bytes and no fewer are enough, wherever they lie. */
static void test_move_arena(void **state)
{
  (void)state;
  for (size_t cap = 1; cap <= 13; cap++) {
    fr_ring r = make_four(4);
    const frozen was = freeze(&r);
    uint8_t *arena = block(cap, 1), *blank = exact(arena, cap), *old = r.store.buf;
    if (cap < 10) {
      assert_int_equal(fr_ring_move_arena(&r, arena, cap), FR_NO_SPACE);
      assert_unchanged(&was, &r);
      assert_memory_equal(arena, blank, cap);
      free(arena);
    } else {
      assert_int_equal(fr_ring_move_arena(&r, arena, cap), FR_OK);
      assert_true(r.store.buf == arena && r.store.cap == cap && r.n == 3 && r.accounted == 65);
      free(old);
      assert_four(&r, 0);
      assert_true(same_columns(&r.table, &was.table));
      assert_int_equal(append(&r, 'd', cap - 10, 0), FR_OK);
      assert_int_equal(append(&r, 'd', 1, 0), FR_NO_SPACE);
    }
    free(blank);
    thaw(&was);
    free_ring(&r);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_need),         cmocka_unit_test(test_need_is_enough),
    cmocka_unit_test(test_init),         cmocka_unit_test(test_label),
    cmocka_unit_test(test_append),       cmocka_unit_test(test_replace),
    cmocka_unit_test(test_cut),          cmocka_unit_test(test_ends),
    cmocka_unit_test(test_limits),       cmocka_unit_test(test_wrapping_times),
    cmocka_unit_test(test_newest_stays), cmocka_unit_test(test_full_table),
    cmocka_unit_test(test_move_table),   cmocka_unit_test(test_move_arena),
  };
  return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
