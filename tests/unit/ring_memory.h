#ifndef RING_MEMORY_H
#define RING_MEMORY_H

/* Memory for the rings of the tests: blocks of exactly the size asked for, so that the sanitizer sees a step too far,
 * and copies of all that a ring has, to see that nothing was changed. */

#include "unit.h"
#include "ring.h"
#include <stdbool.h>

static inline void *block(size_t n, size_t size)
{
  void *p = malloc(n ? n * size : 1);
  assert_non_null(p);
  if (n) memset(p, 0xee, n * size);
  return p;
}

/* A table of `slots` entries; free_table it. */
static inline fr_table make_table(uint32_t slots)
{
  return (fr_table){block(slots, sizeof(uint64_t)), block(slots, sizeof(uint64_t)), block(slots, sizeof(uint64_t)),
                    block(slots, sizeof(int64_t)),  block(slots, sizeof(uint64_t)), slots};
}

static inline void free_table(const fr_table *t)
{
  free(t->start);
  free(t->account);
  free(t->gen);
  free(t->min_time);
  free(t->stamp);
}

/* A ring over memory of its own, whose arena's oldest byte lies at `tail`; free_ring it. */
static inline fr_ring make_ring(size_t cap, uint32_t slots, size_t tail)
{
  fr_ring r;
  const fr_table t = make_table(slots);
  fr_ring_init(&r, block(cap, 1), cap, &t);
  r.store.tail = tail;
  return r;
}

static inline void free_ring(const fr_ring *r)
{
  free(r->store.buf);
  free_table(&r->table);
}

/* The same ring at other positions: its first byte has position `start`, before which `account` bytes were counted.
 * For a ring that holds nothing. */
static inline void shift_ring(fr_ring *r, uint64_t start, uint64_t account)
{
  r->store.first = r->store.end = r->table.start[0] = start;
  r->accounted = r->table.account[0] = account;
}

/* Generation i is what it should be, its bytes included. */
static inline void assert_generation(const fr_ring *r, uint32_t i, const fr_generation *want, const void *bytes)
{
  fr_generation got = {901, 902, 903, 904, 905, 906};
  fr_ring_generation(r, i, &got);
  assert_true(got.gen == want->gen && got.min_time == want->min_time && got.stamp == want->stamp);
  assert_true(got.size == want->size && got.start == want->start && got.stored == want->stored);
  uint8_t *held = block(got.stored, 1);
  fr_store_read(&r->store, got.start, held, got.stored);
  if (got.stored) assert_memory_equal(held, bytes, got.stored);
  free(held);
}

/* The same columns in the same memory. */
static inline bool same_place(const fr_table *a, const fr_table *b)
{
  return a->start == b->start && a->account == b->account && a->gen == b->gen && a->min_time == b->min_time &&
    a->stamp == b->stamp && a->slots == b->slots;
}

static inline bool same_columns(const fr_table *a, const fr_table *b)
{
  const size_t n = a->slots * sizeof(uint64_t);
  return a->slots == b->slots && memcmp(a->start, b->start, n) == 0 && memcmp(a->account, b->account, n) == 0 &&
    memcmp(a->gen, b->gen, n) == 0 && memcmp(a->min_time, b->min_time, n) == 0 && memcmp(a->stamp, b->stamp, n) == 0;
}

/* A copy of a table and its columns; free_table it. */
static inline fr_table copy_table(const fr_table *t)
{
  const fr_table copy = make_table(t->slots);
  const size_t n = t->slots * sizeof(uint64_t);
  memcpy(copy.start, t->start, n);
  memcpy(copy.account, t->account, n);
  memcpy(copy.gen, t->gen, n);
  memcpy(copy.min_time, t->min_time, n);
  memcpy(copy.stamp, t->stamp, n);
  return copy;
}

/* A ring as it was: the struct, and copies of what it points to. */
typedef struct {
  fr_ring ring;
  uint8_t *arena;
  fr_table table;
} frozen;

static inline frozen freeze(const fr_ring *r)
{
  return (frozen){*r, exact(r->store.buf, r->store.cap), copy_table(&r->table)};
}

/* The ring is still what it was, to the last cell of its memory. */
static inline void assert_unchanged(const frozen *f, const fr_ring *r)
{
  const fr_ring *was = &f->ring;
  assert_true(r->store.buf == was->store.buf && r->store.cap == was->store.cap && r->store.tail == was->store.tail);
  assert_true(r->store.first == was->store.first && r->store.end == was->store.end);
  assert_true(r->n == was->n && r->accounted == was->accounted);
  assert_true(same_place(&r->table, &was->table));
  assert_memory_equal(r->store.buf, f->arena, r->store.cap);
  assert_true(same_columns(&r->table, &f->table));
}

static inline void thaw(const frozen *f)
{
  free(f->arena);
  free_table(&f->table);
}

#endif
