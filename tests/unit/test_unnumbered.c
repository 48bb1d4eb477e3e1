#include "ring_memory.h"
#include "unnumbered.h"

/* What a generation is to be in the end. */
typedef struct {
  uint8_t bytes[200000];
  size_t n;
} output;

static output want; /* too large for the stack */

static uint8_t value(size_t k)
{
  return (uint8_t)(k * 7 + k / 251 + 1);
}

/* Type and shortest number, by arithmetic of its own. */
static void expect_head(uint64_t gen)
{
  want.bytes[want.n++] = 1;
  for (; gen > 127; gen >>= 7) want.bytes[want.n++] = (uint8_t)(gen | 128);
  want.bytes[want.n++] = (uint8_t)gen;
}

/* Appends a record of n bytes and notes what it is to become. */
static void record(fr_ring *r, bool batch, size_t n, uint64_t gen)
{
  uint8_t *const body = block(n, 1);
  const size_t head = n > FR_PAYLOAD_MAX ? n - FR_PAYLOAD_MAX : n % 4;
  for (size_t k = 0; k < n; k++) body[k] = value(k + n);
  assert_int_equal(fr_unnumbered_append(r, batch, body, head, body + head, n - head, 3 + n), FR_OK);
  if (batch) expect_head(gen);
  if (n) memcpy(want.bytes + want.n, body, n);
  want.n += n;
  free(body);
}

/* A ring with a complete generation of three bytes, and nothing in the active one yet. */
static fr_ring begun(size_t cap, size_t tail, uint64_t start)
{
  fr_ring r = make_ring(cap, 3, tail);
  shift_ring(&r, start, 5);
  assert_int_equal(fr_ring_append(&r, (const uint8_t *)"\1\2\3", 3, 8), FR_OK);
  fr_ring_label(&r, 41, -7, 9);
  assert_int_equal(fr_ring_rotate(&r, 0, INT64_MAX, INT64_MAX), FR_OK);
  fr_ring_label(&r, 0, 12, 13);
  want.n = 0;
  return r;
}

/* The active generation becomes what was expected, and nothing else changes. */
static void assert_settles(fr_ring *r, uint64_t gen)
{
  const frozen was = freeze(r);
  fr_unnumbered_settle(r, gen);
  fr_generation old = {41, -7, 9, 8, r->store.first, 3};
  fr_generation now = {0, 12, 13, was.ring.accounted - 13, r->store.first + 3, want.n};
  assert_generation(r, 0, &old, "\1\2\3");
  assert_generation(r, 1, &now, want.bytes);
  assert_true(r->n == 1 && r->accounted == was.ring.accounted && r->store.first == was.ring.store.first);
  assert_true(r->store.tail == was.ring.store.tail && r->store.cap == was.ring.store.cap);
  assert_true(same_place(&r->table, &was.ring.table) && same_columns(&r->table, &was.table));
  thaw(&was);
  free_ring(r);
}

/* A record begins with the kind and the length of its body; one that does not fit leaves all as it was. */
static void test_prefix(void **state)
{
  (void)state;
  const struct {
    size_t n;
    uint8_t bytes[4];
  } rows[] = {
    {0, {0, 0, 0, 0}}, {1, {1, 0, 0, 0}}, {255, {255, 0, 0, 0}}, {256, {0, 1, 0, 0}}, {65569, {0x21, 0, 1, 0}}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    for (unsigned batch = 0; batch < 2; batch++) {
      fr_ring r = begun(3 + FR_RECORD_PREFIX + rows[i].n, 2, 9);
      uint8_t start[FR_RECORD_PREFIX];
      record(&r, batch != 0, rows[i].n, 1);
      fr_store_read(&r.store, r.store.first + 3, start, sizeof start);
      assert_int_equal(start[0], batch);
      assert_memory_equal(start + 1, rows[i].bytes, 4);
      for (size_t k = 5; k < FR_RECORD_PREFIX; k++) assert_int_equal(start[k], 0);
      const frozen was = freeze(&r);
      assert_int_equal(fr_unnumbered_append(&r, batch != 0, start, 1, start, 0, 1), FR_NO_SPACE);
      assert_unchanged(&was, &r);
      thaw(&was);
      free_ring(&r);
    }
  }
}

/* A generation without a byte stays one. */
static void test_nothing(void **state)
{
  (void)state;
  fr_ring r = begun(5, 4, 0);
  assert_settles(&r, 1);
}

/* A batch and a mark, of few bytes or none, at each place of the arena's seam. */
static void test_every_offset(void **state)
{
  (void)state;
  enum { CAP = 40 };
  const uint64_t starts[] = {0, 1000, UINT64_MAX - CAP};
  const uint64_t gens[] = {1, 300, UINT64_MAX};
  for (size_t tail = 0; tail < CAP; tail++) {
    for (size_t n = 0; n < 8; n++) {
      for (unsigned kind = 0; kind < 4; kind++) {
        fr_ring r = begun(CAP, tail, starts[(tail + n) % 3]);
        record(&r, kind & 1, n, gens[n % 3]);
        record(&r, kind & 2, 7 - n, gens[n % 3]);
        assert_settles(&r, gens[n % 3]);
      }
    }
  }
}

/* Numbers of each length, as long as the room for them and shorter. */
static void test_numbers(void **state)
{
  (void)state;
  for (unsigned bits = 0; bits <= 64; bits++) {
    const uint64_t gen = bits == 64 ? UINT64_MAX : UINT64_C(1) << bits;
    for (uint64_t less = 0; less < 2; less++) {
      fr_ring r = begun(200, 100 + bits, 77);
      for (size_t i = 0; i < 6; i++) record(&r, i != 3, 5 + i, gen - less);
      assert_settles(&r, gen - less);
    }
  }
}

/* Bodies around the size of what is moved at once, and as large as a batch can be, over the seam. */
static void test_large_bodies(void **state)
{
  (void)state;
  const size_t sizes[] = {255, 256, 257, 511, 512, 513, 1000, 65569};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    const size_t cap = 3 + 3 * FR_RECORD_PREFIX + 2 * sizes[i] + 1;
    const size_t tails[] = {0, cap - 1, cap - 20, cap / 2};
    for (size_t k = 0; k < COUNT(tails); k++) {
      fr_ring r = begun(cap, tails[k], i);
      record(&r, true, sizes[i], 500);
      record(&r, false, 1, 500);
      record(&r, true, sizes[i], 500);
      assert_settles(&r, 500);
    }
  }
}

/* Many records with marks between them, in an arena that is just full. */
static void test_many_records(void **state)
{
  (void)state;
  size_t cap = 3;
  for (size_t i = 0; i < 1500; i++) cap += FR_RECORD_PREFIX + i % 90;
  for (size_t tail = 0; tail < cap; tail += cap / 7) {
    fr_ring r = begun(cap, tail, 0);
    for (size_t i = 0; i < 1500; i++) record(&r, i % 5 != 2, i % 90, 70000);
    assert_settles(&r, 70000);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_prefix),  cmocka_unit_test(test_nothing),      cmocka_unit_test(test_every_offset),
    cmocka_unit_test(test_numbers), cmocka_unit_test(test_large_bodies), cmocka_unit_test(test_many_records),
  };
  return cmocka_run_group_tests_name("unnumbered", tests, NULL, NULL);
}
