#ifndef FZ_MUTATE_TEXT_H
#define FZ_MUTATE_TEXT_H

/* What the parts of the mutator share: bytes that can be spliced, and random numbers. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  uint8_t *p;
  size_t len, cap;
  uint64_t random; /* state */
} fz_text;

/* splitmix64. */
static inline uint64_t fz_random(fz_text *t)
{
  uint64_t z = (t->random += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* One of 0 .. n - 1; n is not 0. */
static inline size_t fz_below(fz_text *t, size_t n)
{
  return (size_t)(fz_random(t) % n);
}

/* Puts q[0 .. n - 1], which lies outside, in the place of the `gone` bytes at `at`. False: no room; nothing changed. */
static inline bool fz_splice(fz_text *t, size_t at, size_t gone, const uint8_t *q, size_t n)
{
  if (n > gone && n - gone > t->cap - t->len) return false;
  memmove(t->p + at + n, t->p + at + gone, t->len - at - gone);
  if (n > 0) memcpy(t->p + at, q, n);
  t->len = t->len - gone + n;
  return true;
}

/* Repeats the n bytes at `from` at `at`. False: no room; nothing changed. */
static inline bool fz_repeat(fz_text *t, size_t at, size_t from, size_t n)
{
  if (n > t->cap - t->len) return false;
  memmove(t->p + at + n, t->p + at, t->len - at);
  for (size_t i = 0; i < n; i++) {
    const size_t k = from + i; /* where it lies now, if it is behind the place */
    t->p[at + i] = t->p[k < at ? k : k + n];
  }
  t->len += n;
  return true;
}

/* Turns the n bytes at `at` round. */
static inline void fz_reverse(fz_text *t, size_t at, size_t n)
{
  for (size_t i = 0; i < n / 2; i++) {
    const uint8_t c = t->p[at + i];
    t->p[at + i] = t->p[at + n - 1 - i];
    t->p[at + n - 1 - i] = c;
  }
}

/* Exchanges the n bytes at `at` with the m bytes that follow them. */
static inline void fz_exchange(fz_text *t, size_t at, size_t n, size_t m)
{
  fz_reverse(t, at, n);
  fz_reverse(t, at + n, m);
  fz_reverse(t, at, n + m);
}

/* A number near x, or one at which something changes. */
uint64_t fz_other_number(fz_text *t, uint64_t x);

/* Makes one change to the stream in t->p[begin .. end - 1]; where it ends then. */
size_t fz_mutate_stream(fz_text *t, size_t begin, size_t end);

#endif
