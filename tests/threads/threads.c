/* shared: eight threads of mixed calls. Two start and stop, three take snapshots, one watches for errors and stops, one
 * writes beside the tracer's own thread. The tracer starts that thread, joins it when it is stopped, sometimes refuses,
 * and flushes in turn by its thread and from within the call. The stream is of Go 1.26, now and then with an error.
 *
 * Each snapshot is read: whole generations, numbers in sequence, every batch with its number in the payload, so one
 * with bytes of two moments shows. ThreadSanitizer sees the rest. Arguments: seconds (2), seed (1). */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shared.h"

enum { MAX_BYTES = 6000, ARENA = 1 << 16, SLOTS = 256, BATCHES = 12, PAYLOAD = 200 };

#define CHECK(x) ((x) ? (void)0 : fail(#x, __LINE__))

static void fail(const char *what, int line)
{
  fprintf(stderr, "threads.c:%d: %s\n", line, what);
  abort();
}

static uint32_t draw(uint64_t *seed)
{
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33);
}

static void pause_ns(uint32_t ns)
{
  nanosleep(&(struct timespec){.tv_nsec = (long)ns}, NULL);
}

/* The tracer. Its lock orders the stream; the recorder is called with it held, and it is never taken the other way. */
typedef struct {
  fr_shared *shared;
  pthread_mutex_t lock;
  pthread_cond_t told;
  pthread_t thread;
  bool running, asked;         /* asked: flush waits for the thread */
  uint64_t gen, flushed, seed; /* flushed: the generation that the last flush ended */
  uint32_t k;                  /* batches in the generation */
  atomic_uint ticks, calls;
} tracer;

static const char header[FR_HEADER_SIZE] = "go 1.26 trace";

static void put(tracer *t, const uint8_t *p, size_t len)
{
  int64_t n;
  const fr_status status = fr_shared_write(t->shared, p, len, &n);
  CHECK(status == FR_OK ? n == (int64_t)len : status == FR_BAD_TYPE && n == 0);
}

static void put_batch(tracer *t, const uint8_t *payload, size_t size)
{
  uint8_t bytes[FR_BATCH_HEADER_MAX + PAYLOAD];
  const fr_batch b = {.type = FR_EVENT_BATCH, .gen = t->gen, .m = 7, .time = t->gen, .size = size};
  const size_t at = fr_batch_put(bytes, &b), half = (at + size) / 2;
  memcpy(bytes + at, payload, size);
  put(t, bytes, half); /* in two writes, between which others may come */
  put(t, bytes + half, at + size - half);
}

/* With t's lock: the next batch, which is the frequency if it is the first of its generation. */
static void trace(tracer *t)
{
  static const uint8_t sync[] = {50, 8, 0x80, 0x94, 0xeb, 0xdc, 0x03, 51, 1, 1, 1, 1};
  uint8_t payload[PAYLOAD];
  if (t->k == 0) {
    put_batch(t, sync, sizeof sync);
  } else {
    memset(payload, (int)t->k, sizeof payload);
    payload[0] = 1;
    memcpy(payload + 1, &t->gen, sizeof t->gen);
    put_batch(t, payload, 20 + draw(&t->seed) % (PAYLOAD - 20));
  }
  t->k++;
}

static void end_generation(tracer *t)
{
  static const uint8_t mark = FR_END_OF_GENERATION;
  if (t->k == 0) trace(t);
  put(t, &mark, 1);
  t->gen++;
  t->k = 0;
}

static void step(tracer *t)
{
  static const uint8_t bad = 7;
  if (draw(&t->seed) % 2000 == 0) put(t, &bad, 1);
  if (t->k == BATCHES)
    end_generation(t);
  else
    trace(t);
}

static void *run_tracer(void *ctx)
{
  tracer *t = ctx;
  pthread_mutex_lock(&t->lock);
  while (t->running) {
    if (t->asked) {
      end_generation(t);
      t->asked = false;
      pthread_cond_broadcast(&t->told);
    } else
      step(t);
    pthread_mutex_unlock(&t->lock);
    pause_ns(1000); /* or nobody else would get the lock */
    pthread_mutex_lock(&t->lock);
  }
  pthread_mutex_unlock(&t->lock);
  return NULL;
}

/* start, stop and flush never overlap, and no lock is held in them: then this question would wait for ever. */
static void enter(tracer *t)
{
  (void)fr_shared_error(t->shared);
  CHECK(atomic_fetch_add(&t->calls, 1) == 0);
}

static void leave(tracer *t)
{
  CHECK(atomic_fetch_sub(&t->calls, 1) == 1);
}

static fr_status tracer_start(void *ctx)
{
  tracer *t = ctx;
  fr_status status = FR_TRACER_REFUSED;
  enter(t);
  pthread_mutex_lock(&t->lock);
  CHECK(!t->running);
  if (draw(&t->seed) % 5 != 0) {
    t->gen = 1 + draw(&t->seed) % 1000;
    t->k = 0;
    put(t, (const uint8_t *)header, sizeof header);
    t->running = true;
    CHECK(pthread_create(&t->thread, NULL, run_tracer, t) == 0);
    status = FR_OK;
  }
  pthread_mutex_unlock(&t->lock);
  leave(t);
  return status;
}

static void tracer_stop(void *ctx)
{
  tracer *t = ctx;
  enter(t);
  pthread_mutex_lock(&t->lock);
  CHECK(t->running);
  t->running = false;
  pthread_mutex_unlock(&t->lock);
  CHECK(pthread_join(t->thread, NULL) == 0);
  leave(t);
}

static void tracer_flush(void *ctx)
{
  tracer *t = ctx;
  enter(t);
  pthread_mutex_lock(&t->lock);
  CHECK(t->running);
  if (draw(&t->seed) % 2) {
    end_generation(t);
  } else {
    t->asked = true;
    while (t->asked) pthread_cond_wait(&t->told, &t->lock);
  }
  t->flushed = t->gen - 1;
  pthread_mutex_unlock(&t->lock);
  leave(t);
}

static uint64_t tracer_clock(void *ctx)
{
  tracer *t = ctx;
  (void)fr_shared_enabled(t->shared);
  return atomic_fetch_add(&t->ticks, 1);
}

/* The test. */
typedef struct {
  fr_shared shared;
  tracer tracer;
  atomic_bool done;
  atomic_uint started, refused, stopped, errors, snapshots, empty, busy, not_enabled, sink_failed, generations, inside;
} test;

typedef struct {
  test *test;
  uint64_t seed;
  pthread_t thread;
  bool sink_fails;
} worker;

/* Reads a snapshot: header, then whole generations, one after the other; *last is the number of the newest. */
static uint32_t read_snapshot(const uint8_t *p, size_t len, uint64_t *last)
{
  size_t at = FR_HEADER_SIZE;
  uint64_t gen = 0;
  uint32_t generations = 0;
  CHECK(len >= FR_HEADER_SIZE && memcmp(p, header, sizeof header) == 0);
  while (at < len) {
    for (uint32_t k = 0; p[at] != FR_END_OF_GENERATION; k++) {
      fr_batch b;
      size_t data;
      CHECK(fr_batch_get(p + at, len - at, &b, &data) == FR_OK);
      CHECK(k == 0 ? gen == 0 || b.gen == gen + 1 : b.gen == gen);
      gen = b.gen;
      const uint8_t *payload = p + at + data;
      CHECK(payload[0] == (k == 0 ? 50 : 1));
      CHECK(k == 0 || memcmp(payload + 1, &gen, sizeof gen) == 0);
      for (size_t i = 9; k > 0 && i < b.size; i++) CHECK(payload[i] == k);
      at += data + (size_t)b.size;
      CHECK(at < len);
    }
    at++;
    generations++;
  }
  *last = gen;
  return generations;
}

static bool sink(void *ctx, const uint8_t *p, size_t n)
{
  worker *w = ctx;
  size_t none = 1;
  CHECK(atomic_fetch_add(&w->test->inside, 1) == 0);
  CHECK(fr_shared_snapshot(&w->test->shared, NULL, 0, sink, w, &none) != FR_OK && none == 0);
  uint64_t last;
  const uint32_t generations = read_snapshot(p, n, &last);
  CHECK(w->test->tracer.flushed != 0);
  CHECK(last >= w->test->tracer.flushed || fr_shared_error(&w->test->shared) != FR_OK);
  w->test->tracer.flushed = 0;
  atomic_fetch_add(&w->test->generations, generations);
  if (generations == 0) atomic_fetch_add(&w->test->empty, 1);
  w->sink_fails = draw(&w->seed) % 8 == 0;
  CHECK(atomic_fetch_sub(&w->test->inside, 1) == 1);
  return !w->sink_fails;
}

static void *take(void *ctx)
{
  worker *w = ctx;
  uint8_t *buf = malloc(ARENA + FR_HEADER_SIZE);
  CHECK(buf != NULL);
  while (!atomic_load(&w->test->done)) {
    size_t n = 1;
    const fr_status status = fr_shared_snapshot(&w->test->shared, buf, ARENA + FR_HEADER_SIZE, sink, w, &n);
    CHECK(status == FR_OK ? n >= FR_HEADER_SIZE : n == 0);
    switch (status) {
    case FR_OK:
      atomic_fetch_add(&w->test->snapshots, 1);
      break;
    case FR_BUSY:
      atomic_fetch_add(&w->test->busy, 1);
      break;
    case FR_NOT_ENABLED:
      atomic_fetch_add(&w->test->not_enabled, 1);
      break;
    default:
      CHECK(status == FR_SINK && w->sink_fails);
      atomic_fetch_add(&w->test->sink_failed, 1);
    }
    if (status != FR_OK) pause_ns(draw(&w->seed) % 100000);
  }
  free(buf);
  return NULL;
}

static void stop(test *t)
{
  const fr_status status = fr_shared_stop(&t->shared);
  if (status != FR_NOT_ENABLED) atomic_fetch_add(&t->stopped, 1);
  CHECK(status == FR_OK || status == FR_NOT_ENABLED || status == FR_BAD_TYPE);
}

static void *live(void *ctx)
{
  worker *w = ctx;
  while (!atomic_load(&w->test->done)) {
    if (draw(&w->seed) % 4 == 0) {
      stop(w->test);
    } else {
      fr_shared_set(&w->test->shared, MAX_BYTES, 1000000);
      const fr_status status = fr_shared_start(&w->test->shared, 1000000000);
      CHECK(status == FR_OK || status == FR_ALREADY_ENABLED || status == FR_TRACER_REFUSED);
      if (status == FR_OK) atomic_fetch_add(&w->test->started, 1);
      if (status == FR_TRACER_REFUSED) atomic_fetch_add(&w->test->refused, 1);
    }
    pause_ns(draw(&w->seed) % 3000000);
  }
  return NULL;
}

static void *watch(void *ctx)
{
  worker *w = ctx;
  while (!atomic_load(&w->test->done)) {
    if (fr_shared_enabled(&w->test->shared) && fr_shared_error(&w->test->shared) != FR_OK) {
      atomic_fetch_add(&w->test->errors, 1);
      stop(w->test);
    }
  }
  return NULL;
}

static void *write_beside(void *ctx)
{
  worker *w = ctx;
  tracer *t = &w->test->tracer;
  while (!atomic_load(&w->test->done)) {
    pthread_mutex_lock(&t->lock);
    if (t->running) step(t);
    pthread_mutex_unlock(&t->lock);
    pause_ns(draw(&w->seed) % 10000);
  }
  return NULL;
}

int main(int argc, char **argv)
{
  const long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 2;
  uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  static test t;
  static uint8_t arena[ARENA], pending[FR_BATCH_MAX];
  static uint64_t start[SLOTS], account[SLOTS], gen[SLOTS], stamp[SLOTS];
  static int64_t min_time[SLOTS];
  const fr_table table = {
    .start = start, .account = account, .gen = gen, .min_time = min_time, .stamp = stamp, .slots = SLOTS};
  static void *(*const work[])(void *) = {live, live, take, take, take, watch, write_beside};
  enum { WORKERS = sizeof work / sizeof *work };
  worker workers[WORKERS];
  fr_recorder rec;

  fr_recorder_init(&rec, &fr_systems[FR_STRICT], arena, ARENA, &table, pending);
  const fr_tracer calls = {tracer_start, tracer_stop, tracer_flush, tracer_clock, &t.tracer};
  CHECK(fr_shared_init(&t.shared, &rec, &calls) == FR_OK);
  t.tracer.shared = &t.shared;
  t.tracer.seed = draw(&seed);
  CHECK(pthread_mutex_init(&t.tracer.lock, NULL) == 0 && pthread_cond_init(&t.tracer.told, NULL) == 0);
  for (size_t i = 0; i < WORKERS; i++) {
    workers[i] = (worker){.test = &t, .seed = draw(&seed)};
    CHECK(pthread_create(&workers[i].thread, NULL, work[i], &workers[i]) == 0);
  }
  nanosleep(&(struct timespec){.tv_sec = seconds}, NULL);
  atomic_store(&t.done, true);
  for (size_t i = 0; i < WORKERS; i++) CHECK(pthread_join(workers[i].thread, NULL) == 0);
  stop(&t);
  fr_shared_destroy(&t.shared);

  printf("%u starts, %u refused, %u stops, %u after an error; %u snapshots of %u generations, %u of none, %u busy, "
         "%u not enabled, %u whose sink failed\n",
         t.started, t.refused, t.stopped, t.errors, t.snapshots, t.generations, t.empty, t.busy, t.not_enabled,
         t.sink_failed);
  CHECK(t.started > 0 && t.started == t.stopped && t.refused > 0 && t.errors > 0);
  CHECK(t.snapshots > 0 && t.generations > 0 && t.busy > 0 && t.not_enabled > 0 && t.sink_failed > 0);
  return 0;
}
