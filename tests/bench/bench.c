/* bench: what the recorder costs, against memcpy of the same bytes.
 *
 *   bench [TRACE]        by default a small real one, corpus/traces/go1.26.trace
 *
 * Ingest: batches that were prepared beforehand go into a ring (fr_ring_append, a rotation each generation, the
 * default limits), and with memcpy into a circular buffer of the same size. Snapshot: fr_snapshot_copy of the full ring,
 * and memcpy of as many bytes. Both sides take turns in each of many short rounds, now one first, now the other, and
 * change memories after each; the median of the rounds' ratios counts, in processor time. So what else the machine does,
 * and where the memories happen to lie, falls out. Ratios only: 1.00 is memcpy's time. */

#define _POSIX_C_SOURCE 200809L
#include "batch.h"
#include "snapshot.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 301
#define TURN_BYTES ((size_t)1 << 20)  /* what a turn copies, on each side, at least */
#define MAX_BYTES ((int64_t)10 << 20) /* the default limit */
#define SECOND INT64_C(1000000000)    /* in ns; a generation's time, as Go has it */
#define MIN_AGE (10 * SECOND)         /* the default limit */
#define GENERATION ((size_t)1 << 20)
#define SLOTS 64u

/* One write of the tracer. */
typedef struct {
  const uint8_t *bytes;
  size_t size;
  bool ends; /* the last one of its generation */
} item;

typedef struct {
  item *items;
  size_t count, bytes, largest_generation;
} workload;

typedef struct {
  fr_ring ring;
  uint8_t *arena, *circle;                              /* the ring's memory, and memcpy's */
  size_t cap, at;                                       /* the size of each; where memcpy is in its circle */
  uint64_t start[SLOTS], account[SLOTS], number[SLOTS]; /* the ring's table */
  int64_t min_time[SLOTS];
  uint64_t stamp[SLOTS];
  uint64_t gen;
} bench;

static _Noreturn void fail(const char *what)
{
  fprintf(stderr, "bench: %s\n", what);
  exit(2);
}

static void *allocate(size_t n)
{
  void *p = malloc(n);
  if (p == NULL) fail("out of memory");
  memset(p, 1, n); /* so that its pages are there */
  return p;
}

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* All items once into the ring. */
static void ingest(bench *b, const workload *w)
{
  for (size_t i = 0; i < w->count; i++) {
    const item *it = &w->items[i];
    if (fr_ring_append(&b->ring, it->bytes, it->size, it->size) != FR_OK) fail("the ring is full");
    if (!it->ends) continue;
    int64_t now = (int64_t)++b->gen * SECOND;
    fr_ring_label(&b->ring, b->gen, now - SECOND, (uint64_t)(now - SECOND));
    if (fr_ring_rotate(&b->ring, now, MAX_BYTES, MIN_AGE) != FR_OK) fail("the table is full");
  }
}

/* All items once into the circle. */
static void copy(bench *b, const workload *w)
{
  size_t at = b->at;
  for (size_t i = 0; i < w->count; i++) {
    const item *it = &w->items[i];
    size_t run = b->cap - at;
    if (it->size <= run) {
      memcpy(b->circle + at, it->bytes, it->size);
      at += it->size;
    } else {
      memcpy(b->circle + at, it->bytes, run);
      memcpy(b->circle, it->bytes + run, it->size - run);
      at = it->size - run;
    }
  }
  b->at = at;
}

typedef void side(bench *b, const workload *w);

static double timed(side *f, bench *b, const workload *w, size_t times)
{
  double begin = seconds();
  for (size_t i = 0; i < times; i++) f(b, w);
  return seconds() - begin;
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median over the rounds of ours / theirs. A round has a turn for each memory and each order, and each side comes
 * first to a place in each memory as often as the other. The first round only warms up. */
static double ratio(side *ours, side *theirs, bench b[2], const workload *w)
{
  double ratios[ROUNDS];
  size_t times = (TURN_BYTES + w->bytes - 1) / w->bytes;
  for (int i = -1; i < ROUNDS; i++) {
    double our_time = 0, their_time = 0;
    for (int turn = 0; turn < 4; turn++) {
      bench *memory = &b[turn == 1 || turn == 2];
      if (turn < 2) our_time += timed(ours, memory, w, times);
      their_time += timed(theirs, memory, w, times);
      if (turn >= 2) our_time += timed(ours, memory, w, times);
    }
    if (i >= 0) ratios[i] = our_time / their_time;
  }
  qsort(ratios, ROUNDS, sizeof ratios[0], by_value);
  return ratios[ROUNDS / 2];
}

/* Two rings over two memories, each with the other's memory for memcpy. */
static void open_benches(bench b[2], const workload *w)
{
  size_t cap;
  if (fr_ring_need(MAX_BYTES, w->largest_generation, &cap) != FR_OK) fail("too large");
  for (int i = 0; i < 2; i++) {
    b[i].arena = allocate(cap);
    b[i].cap = cap;
    b[i].at = 0;
    b[i].gen = 0;
    fr_table table = {b[i].start, b[i].account, b[i].number, b[i].min_time, b[i].stamp, SLOTS};
    fr_ring_init(&b[i].ring, b[i].arena, cap, &table);
  }
  b[0].circle = b[1].arena;
  b[1].circle = b[0].arena;
}

static void close_benches(bench b[2])
{
  free(b[0].arena);
  free(b[1].arena);
}

static void print_row(const char *name, double r, double goal)
{
  if (goal > 0)
    printf("%-28s %8.2f %8.2f  %s\n", name, r, goal, r <= goal ? "ok" : "missed");
  else
    printf("%-28s %8.2f %8s\n", name, r, "-");
}

static void bench_ingest(const char *name, const workload *w, double goal)
{
  static bench b[2];
  open_benches(b, w);
  print_row(name, ratio(ingest, copy, b, w), goal);
  close_benches(b);
}

static uint8_t *snapshot;
static size_t snapshot_size;

static void snapshot_ring(bench *b, const workload *w)
{
  static const uint8_t header[FR_HEADER_SIZE] = "go 1.26 trace";
  (void)w;
  if (fr_snapshot_copy(&b->ring, header, snapshot, snapshot_size, &snapshot_size) != FR_OK) fail("no snapshot");
}

static void snapshot_copy(bench *b, const workload *w)
{
  (void)w;
  memcpy(snapshot, b->circle, snapshot_size);
}

static void bench_snapshot(const char *name, const workload *w)
{
  static bench b[2];
  open_benches(b, w);
  for (size_t i = 0; i < 3 * b[0].cap; i += w->bytes) {
    ingest(&b[0], w);
    ingest(&b[1], w);
  }
  snapshot_size = fr_snapshot_size(&b[0].ring);
  if (snapshot_size > b[0].cap || snapshot_size != fr_snapshot_size(&b[1].ring)) fail("a snapshot of another size");
  snapshot = allocate(snapshot_size);
  print_row(name, ratio(snapshot_ring, snapshot_copy, b, w), 0);
  free(snapshot);
  close_benches(b);
}

/* A generation of event batches with this payload size, written as the Go runtime writes them. */
static void make_workload(workload *w, uint8_t *bytes, size_t payload)
{
  size_t at = 0;
  *w = (workload){.items = allocate((GENERATION / payload + 1) * sizeof(item))};
  while (at + payload + FR_BATCH_HEADER_MAX <= GENERATION) {
    fr_batch head = {.type = FR_EVENT_BATCH, .gen = 1, .m = 11588, .time = 18630088015 + at, .size = payload};
    size_t begin = at;
    at += fr_batch_put(bytes + at, &head);
    memset(bytes + at, (int)(w->count % 251), payload);
    at += payload;
    w->items[w->count++] = (item){.bytes = bytes + begin, .size = at - begin};
  }
  w->items[w->count - 1].ends = true;
  w->bytes = at;
  w->largest_generation = at;
}

static uint8_t *read_file(const char *path, size_t *size)
{
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) fail(path);
  long end = ftell(f);
  if (end < (long)FR_HEADER_SIZE) fail(path);
  rewind(f);
  uint8_t *bytes = allocate((size_t)end);
  if (fread(bytes, 1, (size_t)end, f) != (size_t)end) fail(path);
  fclose(f);
  *size = (size_t)end;
  return bytes;
}

/* The batches of a trace, each a write of its own. */
static void load_workload(workload *w, const uint8_t *bytes, size_t size)
{
  size_t generation = 0;
  uint64_t gen = 0;
  *w = (workload){.items = allocate(size * sizeof(item))};
  for (size_t at = FR_HEADER_SIZE, data; at < size;) {
    fr_batch head;
    if (fr_batch_get(bytes + at, size - at, &head, &data) != FR_OK) fail("not a trace");
    bool end_mark = head.type == FR_END_OF_GENERATION;
    if (!end_mark && gen != 0 && head.gen != gen) {
      w->items[w->count - 1].ends = true;
      generation = 0;
    }
    if (!end_mark) gen = head.gen;
    item *it = &w->items[w->count++];
    *it = (item){.bytes = bytes + at, .size = data + (size_t)head.size};
    at += it->size;
    w->bytes += it->size;
    generation += it->size;
    if (generation > w->largest_generation) w->largest_generation = generation;
  }
  if (w->count == 0) fail("a trace without batches");
  w->items[w->count - 1].ends = true;
}

int main(int argc, char **argv)
{
  static const struct {
    size_t payload;
    const char *name;
    double goal;
  } rows[] = {
    {16, "ingest, payload 16 B", 0},         {64, "ingest, payload 64 B", 2.0},
    {1024, "ingest, payload 1 KiB", 1.05},   {16384, "ingest, payload 16 KiB", 1.05},
    {65536, "ingest, payload 64 KiB", 1.05},
  };
  workload w;
  if (argc > 2) fail("usage: bench [TRACE]");
  uint8_t *bytes = allocate(GENERATION);
  printf("%-28s %8s %8s\n", "time / time of memcpy", "ratio", "goal");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    make_workload(&w, bytes, rows[i].payload);
    bench_ingest(rows[i].name, &w, rows[i].goal);
    if (rows[i].payload == 1024) bench_snapshot("snapshot of 10 MiB", &w);
    free(w.items);
  }
  free(bytes);
  size_t size;
  bytes = read_file(argc == 2 ? argv[1] : "corpus/traces/go1.26.trace", &size);
  load_workload(&w, bytes, size);
  bench_ingest("ingest, real trace", &w, 0);
  bench_snapshot("snapshot, real trace", &w);
  free(w.items);
  free(bytes);
  return 0;
}
