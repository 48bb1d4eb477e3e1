#include "shared.h"
#include "unit.h"
#include <errno.h>

/* In the place of the system's: it fails when it is told to. */
static int refuse_condition, refuse_mutex;

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the system's names are reserved ones
int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attributes)
{
  (void)attributes;
  (void)c; /* what is all zeros is initialized */
  return refuse_condition;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attributes)
{
  (void)attributes;
  (void)m;
  return refuse_mutex;
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)

/* A tracer that does what it is told at once. */
typedef struct {
  fr_shared *shared;
  bool refuses, sink_fails;
  uint32_t stops, flushes;
  uint64_t gen, ticks;
  uint8_t seen[256]; /* by the sink */
  size_t seen_len;
  fr_status inside; /* what a snapshot within the sink said */
} tracer;

static const uint8_t header[FR_HEADER_SIZE] = "go 1.26 trace";

static void put(tracer *t, const uint8_t *p, size_t len)
{
  int64_t n = -1;
  assert_int_equal(fr_shared_write(t->shared, p, len, &n), FR_OK);
  assert_int_equal(n, len);
}

/* A whole generation: a batch with the frequency, and the end mark. */
static void put_generation(tracer *t)
{
  const uint8_t bytes[] = {1, (uint8_t)t->gen++, 0, 7, 10, 50, 8, 0x80, 0x94, 0x3d, 51, 1, 1, 1, 1, 52};
  put(t, bytes, sizeof bytes);
}

static fr_status start(void *ctx)
{
  tracer *t = ctx;
  if (t->refuses) return FR_BUSY;
  put(t, header, sizeof header); /* before it returns */
  return FR_OK;
}

static void stop(void *ctx)
{
  ((tracer *)ctx)->stops++;
}

static void flush(void *ctx)
{
  tracer *t = ctx;
  t->flushes++;
  put_generation(t); /* from within the call */
}

static uint64_t now(void *ctx)
{
  return ((tracer *)ctx)->ticks;
}

static bool sink(void *ctx, const uint8_t *p, size_t n)
{
  tracer *t = ctx;
  size_t none = 1;
  t->inside = fr_shared_snapshot(t->shared, NULL, 0, sink, t, &none);
  assert_int_equal(none, 0);
  assert_true(n <= sizeof t->seen);
  memcpy(t->seen, p, n);
  t->seen_len = n;
  return !t->sink_fails;
}

typedef struct {
  fr_recorder recorder;
  fr_shared shared;
  tracer tracer;
  uint8_t arena[2][256], pending[FR_BATCH_MAX];
  uint64_t columns[2][4][8];
  int64_t min_time[2][8];
} world;

static fr_table table_of(world *w, int which, uint32_t slots)
{
  return (fr_table){.start = w->columns[which][0],
                    .account = w->columns[which][1],
                    .gen = w->columns[which][2],
                    .stamp = w->columns[which][3],
                    .min_time = w->min_time[which],
                    .slots = slots};
}

static int set_up(void **state)
{
  world *w = calloc(1, sizeof *w);
  assert_non_null(w);
  const fr_table table = table_of(w, 0, 4);
  const fr_tracer calls = {start, stop, flush, now, &w->tracer};
  w->tracer.shared = &w->shared;
  w->tracer.gen = 1;
  fr_recorder_init(&w->recorder, &fr_systems[FR_STRICT], w->arena[0], 64, &table, w->pending);
  assert_int_equal(fr_shared_init(&w->shared, &w->recorder, &calls), FR_OK);
  *state = w;
  return 0;
}

static int tear_down(void **state)
{
  world *w = *state;
  fr_shared_destroy(&w->shared);
  free(w);
  return 0;
}

static fr_status snapshot(world *w, size_t cap, size_t *n)
{
  uint8_t buf[256];
  return fr_shared_snapshot(&w->shared, buf, cap, sink, &w->tracer, n);
}

static void test_lifecycle(void **state)
{
  world *w = *state;
  assert_false(fr_shared_enabled(&w->shared));
  assert_int_equal(fr_shared_stop(&w->shared), FR_NOT_ENABLED);
  w->tracer.refuses = true;
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_TRACER_REFUSED);
  assert_false(fr_shared_enabled(&w->shared));
  w->tracer.refuses = false;
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_OK);
  assert_true(fr_shared_enabled(&w->shared));
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_ALREADY_ENABLED);
  assert_int_equal(fr_shared_stop(&w->shared), FR_OK);
  assert_int_equal(w->tracer.stops, 1);
  assert_false(fr_shared_enabled(&w->shared));
}

static void test_snapshot(void **state)
{
  world *w = *state;
  size_t n = 1;
  assert_int_equal(snapshot(w, 256, &n), FR_NOT_ENABLED);
  assert_int_equal(n, 0);
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_OK);
  assert_int_equal(snapshot(w, 256, &n), FR_OK);
  assert_int_equal(w->tracer.flushes, 1);
  assert_int_equal(n, 16 + 16);
  assert_int_equal(w->tracer.seen_len, n);
  assert_memory_equal(w->tracer.seen, header, 16);
  assert_int_equal(w->tracer.inside, FR_BUSY);
  w->tracer.sink_fails = true;
  assert_int_equal(snapshot(w, 256, &n), FR_SINK);
  assert_int_equal(n, 0);
  w->tracer.seen_len = 0;
  assert_int_equal(snapshot(w, 16, &n), FR_NO_SPACE);
  assert_int_equal(w->tracer.seen_len, 0);
}

static void test_errors(void **state)
{
  world *w = *state;
  int64_t n = 0;
  const uint8_t bad = 7;
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_OK);
  assert_int_equal(fr_shared_end_generation(&w->shared), FR_BAD_END_MARK);
  assert_int_equal(fr_shared_error(&w->shared), FR_OK);
  assert_int_equal(fr_shared_write(&w->shared, &bad, 1, &n), FR_BAD_TYPE);
  assert_int_equal(fr_shared_error(&w->shared), FR_BAD_TYPE);
  assert_int_equal(w->tracer.stops, 0); /* an error does not stop the tracer */
  assert_int_equal(fr_shared_close(&w->shared), FR_OK);
  assert_int_equal(fr_shared_stop(&w->shared), FR_BAD_TYPE);
}

static void test_memory(void **state)
{
  world *w = *state;
  const fr_table table = table_of(w, 1, 8);
  const uint8_t batch[] = {1, 4, 0, 7, 20, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
  int64_t n = 0;
  fr_shared_set(&w->shared, INT64_MAX, INT64_MAX);
  assert_int_equal(fr_shared_start(&w->shared, 1), FR_OK);
  for (int i = 0; i < 3; i++) put_generation(&w->tracer);
  assert_int_equal(fr_shared_write(&w->shared, batch, sizeof batch, &n), FR_NO_SPACE);
  assert_int_equal(n, 0);
  assert_int_equal(fr_shared_move_arena(&w->shared, w->arena[1], 16), FR_NO_SPACE);
  assert_int_equal(fr_shared_move_arena(&w->shared, w->arena[1], 256), FR_OK);
  assert_int_equal(fr_shared_move_table(&w->shared, &table), FR_OK);
  put(&w->tracer, batch, sizeof batch);
  assert_int_equal(fr_shared_error(&w->shared), FR_OK);
}

static void test_no_locks(void **state)
{
  world *w = *state;
  fr_shared other = {0};
  const fr_tracer calls = {start, stop, flush, now, &w->tracer};
  refuse_condition = ENOMEM;
  assert_int_equal(fr_shared_init(&other, &w->recorder, &calls), FR_NO_SPACE);
  refuse_condition = 0;
  refuse_mutex = ENOMEM;
  assert_int_equal(fr_shared_init(&other, &w->recorder, &calls), FR_NO_SPACE);
  refuse_mutex = 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_lifecycle, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_snapshot, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_errors, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_memory, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_no_locks, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
