/* record: what the recorder takes to record a trace, in the same line as the programs around the originals.
 *
 *   record [-n PASSES] SYSTEM TRACE SNAPSHOT
 *
 * The trace is cut beforehand into the tracer's writes: the header, then each batch. It is recorded once to warm up and
 * then so many times, each time as a new run with the default limits; the last run's snapshot is written. The memory is
 * the program's own: it grows as it has to (roomy.h), in the first pass, and these allocations are counted. Behind an
 * end mark the generation is ended where the system is told so. tests/bench/feed does the same in Go. */

#define _POSIX_C_SOURCE 200809L
#include "oracle/roomy.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICKS_PER_SECOND 15625000u

/* One write of the tracer. */
typedef struct {
  const uint8_t *bytes;
  size_t size;
  uint64_t clock; /* what the trace clock shows then: the latest time so far, in ticks */
} item;

typedef struct {
  uint8_t *bytes;
  size_t size;
  item *items;
  size_t count;
} workload;

static size_t allocs, alloc_bytes;

static _Noreturn void fail(const char *what)
{
  fprintf(stderr, "record: %s\n", what);
  exit(2);
}

/* What roomy.c, as the benchmark has it, calls for malloc and calloc. */
void *counted_malloc(size_t n);
void *counted_calloc(size_t n, size_t size);

void *counted_malloc(size_t n)
{
  allocs++;
  alloc_bytes += n;
  return malloc(n);
}

void *counted_calloc(size_t n, size_t size)
{
  allocs++;
  alloc_bytes += n * size;
  return calloc(n, size);
}

static double cpu_seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The most bytes that were resident at once so far. */
static long peak(void)
{
  static const char name[] = "VmHWM:";
  char line[256];
  long kilobytes = -1;
  FILE *f = fopen("/proc/self/status", "r");
  if (f == NULL) fail("/proc/self/status");
  while (kilobytes < 0 && fgets(line, sizeof line, f) != NULL)
    if (strncmp(line, name, sizeof name - 1) == 0) kilobytes = strtol(line + sizeof name - 1, NULL, 10);
  fclose(f);
  if (kilobytes < 0) fail("no VmHWM");
  return kilobytes * 1024;
}

static uint8_t *read_file(const char *path, size_t *size)
{
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) fail(path);
  const long end = ftell(f);
  if (end < (long)FR_HEADER_SIZE) fail(path);
  rewind(f);
  uint8_t *bytes = malloc((size_t)end);
  if (bytes == NULL || fread(bytes, 1, (size_t)end, f) != (size_t)end) fail(path);
  fclose(f);
  *size = (size_t)end;
  return bytes;
}

/* Counts the writes of a trace, and notes them if there is an array for them. */
static size_t split(const uint8_t *bytes, size_t size, item *items)
{
  size_t count = 0, at = FR_HEADER_SIZE, data;
  uint64_t clock = 0;
  if (items != NULL) items[count] = (item){bytes, FR_HEADER_SIZE, clock};
  count++;
  while (at < size) {
    fr_batch head;
    if (fr_batch_get(bytes + at, size - at, &head, &data) != FR_OK) fail("not a trace");
    const size_t whole = data + (size_t)head.size;
    if (head.type != FR_END_OF_GENERATION && head.time > clock) clock = head.time;
    if (items != NULL) items[count] = (item){bytes + at, whole, clock};
    count++;
    at += whole;
  }
  return count;
}

static workload load(const char *path)
{
  workload w = {0};
  w.bytes = read_file(path, &w.size);
  w.count = split(w.bytes, w.size, NULL);
  w.items = malloc(w.count * sizeof(item));
  if (w.items == NULL) fail("out of memory");
  split(w.bytes, w.size, w.items);
  return w;
}

/* One pass: a run of the recorder, which is left on. */
static void pass(roomy *r, const workload *w)
{
  const bool told = r->recorder.keeper.system->rotation == FR_ROTATION_MARK;
  if (fr_recorder_start(&r->recorder, TICKS_PER_SECOND) != FR_OK) fail("not started");
  for (size_t i = 0; i < w->count; i++) {
    const item *it = &w->items[i];
    int64_t n = 0;
    if (roomy_write(r, it->bytes, it->size, it->clock, &n) != FR_OK || n != (int64_t)it->size) fail("not written");
    if (told && it->bytes[0] == FR_END_OF_GENERATION && roomy_end_generation(r, it->clock) != FR_OK) fail("not ended");
  }
}

static void write_snapshot(const roomy *r, const char *path)
{
  fr_segment seg[3];
  FILE *f = fopen(path, "wb");
  if (f == NULL) fail(path);
  if (fr_recorder_snapshot(&r->recorder, seg) != FR_OK) fail("no snapshot");
  for (int i = 0; i < 3; i++)
    if (fwrite(seg[i].base, 1, seg[i].len, f) != seg[i].len) fail(path);
  if (fclose(f) != 0) fail(path);
}

static const fr_system *find_system(const char *name)
{
  for (int i = 0; i < FR_SYSTEMS; i++)
    if (strcmp(fr_systems[i].name, name) == 0) return &fr_systems[i];
  fail("no such system");
}

int main(int argc, char **argv)
{
  long passes = 1;
  const int first = argc == 6 && strcmp(argv[1], "-n") == 0 ? 3 : 1;
  if (first == 3) passes = strtol(argv[2], NULL, 10);
  if (argc != first + 3 || passes < 1) fail("usage: record [-n PASSES] SYSTEM TRACE SNAPSHOT");
  const fr_system *system = find_system(argv[first]);
  workload w = load(argv[first + 1]);

  const long resident = peak();
  roomy r;
  if (!roomy_open(&r)) fail("out of memory");
  roomy_reset(&r, system);
  pass(&r, &w);
  const double begin = cpu_seconds();
  for (long i = 0; i < passes; i++) {
    if (fr_recorder_stop(&r.recorder) != FR_OK) fail("not stopped");
    pass(&r, &w);
  }
  const double spent = cpu_seconds() - begin;
  printf("{\"writes\":%zu,\"bytes\":%zu,\"cpu_seconds\":%.9f,\"allocs\":%zu,\"alloc_bytes\":%zu,\"peak_bytes\":%ld}\n",
         w.count, w.size, spent, allocs, alloc_bytes, peak() - resident);
  write_snapshot(&r, argv[first + 2]);
  roomy_close(&r);
  free(w.items);
  free(w.bytes);
  return 0;
}
