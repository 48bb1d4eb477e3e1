#include "rotation.h"
#include <stdlib.h>
#include <string.h>

static void before(void *self, const fr_keeper *k)
{
  rotation_watch *w = self;
  fr_generation active;
  if (k->ring.n == 0 && w->n > 0) {
    w->n = 0;
    w->forget(w->self);
  }
  fr_ring_generation(&k->ring, k->ring.n, &active);
  w->start = active.start;
  w->rate = k->rate;
}

/* The clock in ns, as the recorder has it. */
static int64_t now_of(const rotation_watch *w, const fr_keeper *k, uint64_t clock)
{
  const int64_t ns = fr_clock_ns(&w->rate, clock);
  return k->system->saturates && ns == INT64_MIN ? INT64_MAX : ns;
}

/* Puts the generation that was completed in front of the others. False: out of memory. */
static bool add_newest(rotation_watch *w, const fr_ring *ring)
{
  fr_generation newest;
  if (w->n == w->cap) {
    const size_t larger = 2 * w->cap + 16;
    rotation_entry *moved = realloc(w->kept, larger * sizeof *moved);
    if (moved == NULL) return false;
    w->kept = moved;
    w->cap = larger;
  }
  memmove(w->kept + 1, w->kept, w->n * sizeof *w->kept);
  fr_ring_generation(ring, ring->n - 1, &newest);
  w->kept[0] = (rotation_entry){.gen = newest.gen, .size = newest.size, .min_time = newest.min_time};
  w->n++;
  return true;
}

/* Judges all generations by the rules, newest first; how many stay. */
static size_t judge(rotation_watch *w, const fr_limits *limits, int64_t now)
{
  size_t stay = 0;
  const char *stop = NULL; /* the limit that was passed */
  uint64_t newer = 0;
  for (size_t i = 0; i < w->n; i++) {
    rotation_entry *e = &w->kept[i];
    e->age = fr_clock_sub(now, e->min_time);
    e->next_age = i == 0 ? 0 : e[-1].age;
    e->newer = newer;
    e->beyond = stop != NULL;
    if (i > 0 && stop == NULL) {
      if (limits->max_bytes < 0 || newer > (uint64_t)limits->max_bytes)
        stop = "P-2";
      else if (e->next_age > limits->min_age)
        stop = "P-3";
    }
    e->kept = stop == NULL;
    e->rule = i == 0 ? "P-1" : e->kept ? "P-4" : stop;
    if (e->kept) stay++;
    newer += e->size;
  }
  return stay;
}

static void after(void *self, const fr_keeper *k, uint64_t clock, bool ended)
{
  rotation_watch *w = self;
  fr_generation active;
  fr_ring_generation(&k->ring, k->ring.n, &active);
  if ((!ended && active.start == w->start) || w->fault != NULL) return;
  if (!add_newest(w, &k->ring)) {
    w->fault = "out of memory";
    return;
  }
  const int64_t now = now_of(w, k, clock);
  const size_t stay = judge(w, &k->limits, now);
  if (stay != k->ring.n) { /* the rules as they are told here are not those that were kept */
    w->fault = "the recorder keeps other generations than its limits say";
    return;
  }
  const rotation r = {.number = ++w->rotations,
                      .where = w->watch.where,
                      .clock = clock,
                      .now = now,
                      .limits = k->limits,
                      .entries = w->kept,
                      .count = w->n};
  w->tell(w->self, &r);
  w->n = stay;
}

void rotation_watch_open(rotation_watch *w)
{
  w->watch = (roomy_watch){.before = before, .after = after, .self = w};
  w->kept = NULL;
  w->n = 0;
  w->cap = 0;
  w->rotations = 0;
  w->fault = NULL;
}

void rotation_watch_close(rotation_watch *w)
{
  free(w->kept);
}
