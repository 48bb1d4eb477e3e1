#include "recorder_memory.h"

/* The life of a recorder, and each status that it can tell; streams that come in pieces are in test_recorder_stream. */

static const uint8_t *const no_bytes = (const uint8_t *)"";

/* A write of its own for what t holds, which is taken. */
static void send(machine *m, text *t)
{
  write_text(m, t);
  t->n = 0;
}

/* Header and first batch of a run: a frequency batch of generation gen, in Go 1.22. */
static void begin(machine *m, uint64_t gen)
{
  text t = {.n = 0};
  put_header(&t, 22);
  put_frequency(&t, 22, gen, 100);
  send(m, &t);
}

static void send_batch(machine *m, uint64_t gen, uint64_t time, const char *payload)
{
  text t = {.n = 0};
  put_batch(&t, gen, time, payload, strlen(payload));
  send(m, &t);
}

static void test_before_the_first_start(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    machine *m = make_large(s);
    fr_segment seg[3] = {{NULL, 97}, {NULL, 98}, {NULL, 99}};
    assert_int_equal(fr_recorder_snapshot(&m->r, seg), FR_NOT_ENABLED);
    assert_true(seg[0].len == 97 && seg[1].len == 98 && seg[2].len == 99);
    assert_int_equal(fr_recorder_stop(&m->r), s == FR_RUNTIME ? FR_OK : FR_NOT_ENABLED);
    assert_int_equal(fr_recorder_close(&m->r), FR_NOT_ENABLED);
    assert_write(m, BYTES("go 1.22 trace\0\0\0"), 0, FR_NOT_ENABLED, 0);
    free_machine(m);
  }
}

static void test_start_and_stop(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    machine *m = make_large(s);
    for (unsigned run = 0; run < 3; run++) {
      assert_int_equal(fr_recorder_start(&m->r, 1000000000), FR_OK);
      assert_int_equal(fr_recorder_start(&m->r, 5), FR_ALREADY_ENABLED);
      begin(m, 1);
      text header = {.n = 0};
      put_header(&header, 22);
      assert_snapshot(m, &header);
      assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
      assert_true(m->r.keeper.ring.n == 0 && m->r.keeper.ring.store.end == 0 && m->r.keeper.ring.accounted == 0);
      assert_int_equal(fr_recorder_stop(&m->r), s == FR_RUNTIME ? FR_OK : FR_NOT_ENABLED);
    }
    free_machine(m);
  }
}

/* E14: what the tracer writes between stop and start. */
static void test_writes_after_stop(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    machine *m = make_started(s);
    begin(m, 1);
    assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
    text t = {.n = 0};
    put_batch(&t, 1, 2, "ab", 2);
    if (s == FR_EXP_PIPE) {
      assert_write(m, t.bytes, t.n, 0, FR_CLOSED, 0);
    } else if (s == FR_STRICT) {
      assert_write(m, t.bytes, t.n, 0, FR_NOT_ENABLED, 0);
    } else {
      send(m, &t);
      assert_true(m->r.keeper.ring.store.end > 0);
    }
    free_machine(m);
  }
}

/* A start that the tracer refuses leaves the stream of the run before. */
static void test_refused_start(void **state)
{
  (void)state;
  machine *m = make_started(FR_EXP_WRITE);
  begin(m, 1);
  assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  fr_recorder_refuse(&m->r);
  fr_segment seg[3];
  assert_int_equal(fr_recorder_snapshot(&m->r, seg), FR_NOT_ENABLED);
  assert_int_equal(fr_recorder_stop(&m->r), FR_NOT_ENABLED);
  send_batch(m, 1, 0, "without a header");
  free_machine(m);

  m = make_large(FR_STRICT);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  fr_recorder_refuse(&m->r);
  assert_write(m, no_bytes, 0, 0, FR_NOT_ENABLED, 0);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  free_machine(m);
}

/* Each system keeps the generations that are complete, and knows their numbers and times. */
static void test_generations(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    machine *m = make_started(s);
    static script written;
    text want = {.n = 0};
    put_script(&written, s, 5, &want);
    write_script(m, &written);
    assert_snapshot(m, &want);
    assert_int_equal(m->r.keeper.ring.n, 5);
    for (uint32_t i = 0; i < 5; i++) {
      fr_generation g;
      fr_ring_generation(&m->r.keeper.ring, i, &g);
      assert_int_equal(g.gen, i + 1);
      assert_int_equal(g.min_time, 10 * (i + 1));
      assert_int_equal(g.stamp, 10 * (i + 1));
    }
    free_machine(m);
  }
}

/* With a limit of 0 bytes, set before the start, one generation stays; in the runtime 0 means the default. One that is
 * set while the recorder runs waits for the next start. */
static void test_limits(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    machine *m = make_started(s);
    static script written;
    text want = {.n = 0};
    put_script(&written, s, 5, &want);
    fr_recorder_set(&m->r, 0, 0);
    write_script(m, &written);
    assert_int_equal(m->r.keeper.ring.n, 5);
    assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
    assert_int_equal(fr_recorder_start(&m->r, 1000000000), FR_OK);
    write_script(m, &written);
    assert_int_equal(m->r.keeper.ring.n, s == FR_RUNTIME ? 5 : 1);
    free_machine(m);
  }
}

/* Write-framed: a first write must hold a header, and in exp-eog one of a known version; the next one is then taken for
 * it. */
static void test_headers(void **state)
{
  (void)state;
  for (uint32_t s = FR_EXP_WRITE; s <= FR_RUNTIME; s++) {
    machine *m = make_started(s);
    assert_write(m, BYTES("go 1.22 trace\0\0"), 0, FR_SHORT_HEADER, 0);
    if (s == FR_EXP_EOG) {
      assert_write(m, BYTES("go 1.22 trace\0\0\1"), 0, FR_BAD_HEADER, 16);
      assert_write(m, BYTES("go 1.27 trace\0\0\0"), 0, FR_BAD_VERSION, 16);
    }
    assert_write(m, BYTES("go 1.26 trace\0\0\0"), 0, FR_OK, 16);
    assert_write(m, no_bytes, 0, 0, FR_OK, 0);
    assert_int_equal(fr_recorder_stop(&m->r), s == FR_RUNTIME ? FR_OK : FR_SHORT_HEADER);
    free_machine(m);
  }
  machine *m = make_started(FR_STRICT);
  assert_write(m, BYTES("go 1.21 trace\0\0\0"), 0, FR_BAD_VERSION, 16);
  assert_write(m, BYTES("go 1.22 trace\0\0\0"), 0, FR_BAD_VERSION, 0);
  assert_int_equal(fr_recorder_stop(&m->r), FR_BAD_VERSION);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  assert_write(m, BYTES("go 1.22 trace!!!"), 0, FR_BAD_HEADER, 16);
  free_machine(m);
}

/* E2: a generation that ends without a frequency leaves a lock behind. */
static void test_lost_lock(void **state)
{
  (void)state;
  for (uint32_t s = FR_EXP_WRITE; s <= FR_EXP_EOG; s++) {
    machine *m = make_started(s);
    text t = {.n = 0};
    fr_segment seg[3];
    put_header(&t, 22);
    put_batch(&t, 1, 1, "a", 1);
    send(m, &t);
    put_batch(&t, 2, 1, "b", 1);
    assert_write(m, t.bytes, t.n, 0, FR_NO_FREQUENCY, (int64_t)t.n);
    assert_int_equal(fr_recorder_snapshot(&m->r, seg), FR_DEADLOCK);
    assert_write(m, t.bytes, t.n, 0, FR_DEADLOCK, 0);
    assert_int_equal(fr_recorder_stop(&m->r), FR_NO_FREQUENCY);
    assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
    assert_int_equal(fr_recorder_snapshot(&m->r, seg), FR_DEADLOCK);
    free_machine(m);
  }
}

/* E12: what a frequency batch that cannot be read does, in the system and its versions. */
static void test_unreadable_frequency(void **state)
{
  (void)state;
  for (uint32_t s = FR_EXP_WRITE; s <= FR_EXP_EOG; s++) {
    machine *m = make_started(s);
    text t = {.n = 0};
    begin(m, 1);
    put_batch(&t, 1, 1, "\x08\x80", 2);
    const uint64_t end = m->r.keeper.ring.store.end;
    assert_write(m, t.bytes, t.n, 0, s == FR_EXP_EOG ? FR_OK : FR_BAD_FREQUENCY, (int64_t)t.n);
    assert_true((m->r.keeper.ring.store.end > end) == (s == FR_EXP_EOG));
    assert_true(m->r.keeper.has_frequency == (s == FR_EXP_WRITE));
    free_machine(m);
  }
  machine *m = make_started(FR_EXP_EOG);
  text t = {.n = 0};
  put_header(&t, 26);
  put_frequency(&t, 26, 1, 1);
  send(m, &t);
  assert_true(m->r.keeper.has_frequency);
  free_machine(m);
}

/* E4: batches of generation 0 get the number of the first that has another one. E7: what looks like an end mark comes
 * out without a header, and experimental batches as plain ones. */
static void test_generation_zero(void **state)
{
  (void)state;
  machine *m = make_started(FR_EXP_EOG);
  text t = {.n = 0}, want = {.n = 0};
  put_header(&t, 26);
  put_header(&want, 26);
  put_batch(&t, 0, 5, "first", 5);
  send(m, &t);
  put_short(&want, 300, 5, "first", 5);
  put_byte(&t, FR_END_OF_GENERATION);
  send(m, &t);
  put_byte(&want, FR_END_OF_GENERATION);
  send_batch(m, 0, 6, "4ever");
  put_bytes(&want, "4ever", 5);
  put_bytes(&t, "\x31\x09\x00\x03\x07\x02zz", 8);
  send(m, &t);
  put_short(&want, 300, 7, "zz", 2);
  put_frequency(&t, 26, 300, 8);
  send(m, &t);
  put_short(&want, 300, 8, BYTES(SYNC));
  send_batch(m, 17, 9, "E3");
  put_short(&want, 300, 9, "E3", 2);
  send_batch(m, 300, 9, "4");
  put_byte(&want, FR_END_OF_GENERATION);
  send_batch(m, 301, 9, "next");
  assert_snapshot(m, &want);
  assert_int_equal(m->r.keeper.ring.table.gen[0], 300);
  put_byte(&t, FR_EXPERIMENTAL_BATCH);
  send(m, &t); /* an experimental batch that is over before it begins */
  free_machine(m);
}

/* E10: the order of times matters where 0 is one. */
static void test_least_time(void **state)
{
  (void)state;
  const struct {
    const char *times;
    uint64_t exp, other;
  } rows[] = {{"\0\144", 100, 100}, {"\144\0", 0, 100}, {"\144\0\62", 50, 50}, {"\144\62\144", 50, 50}};
  const uint32_t systems[] = {FR_EXP_WRITE, FR_RUNTIME, FR_STRICT};
  for (size_t i = 0; i < COUNT(rows); i++) {
    for (size_t k = 0; k < COUNT(systems); k++) {
      machine *m = make_started(systems[k]);
      text t = {.n = 0};
      put_header(&t, 22);
      send(m, &t);
      for (size_t j = 0; j < (i < 2 ? 2 : 3); j++) send_batch(m, 1, (uint8_t)rows[i].times[j], "");
      assert_int_equal(active_stamp(m), systems[k] == FR_EXP_WRITE ? rows[i].exp : rows[i].other);
      free_machine(m);
    }
  }
}

/* A time out of range is the least one, or in strict the greatest. */
static void test_time_out_of_range(void **state)
{
  (void)state;
  for (unsigned strict = 0; strict < 2; strict++) {
    machine *m = make_started(strict ? FR_STRICT : FR_EXP_WRITE);
    text t = {.n = 0};
    put_header(&t, 22);
    put_batch(&t, 1, UINT64_MAX, "\x08\x01", 2);
    send(m, &t);
    put_batch(&t, 2, 1, "", 0);
    send(m, &t);
    assert_int_equal(m->r.keeper.ring.n, 1);
    assert_true(m->r.keeper.ring.table.min_time[0] == (strict ? INT64_MAX : INT64_MIN));
    assert_true(m->r.keeper.ring.table.stamp[0] == UINT64_MAX);
    free_machine(m);
  }
}

/* E5, E6, E16: what the runtime says of writes that are not one batch. */
static void test_runtime_errors(void **state)
{
  (void)state;
  const struct {
    const char *bytes;
    size_t n;
    fr_status status;
    int64_t taken;
  } rows[] = {
    {"\1\1\1\1\5", 5, FR_NOT_ONE_BATCH, -5},
    {"\1\1\1\1\0x", 6, FR_NOT_ONE_BATCH, 1},
    {"\1\1\1", 3, FR_OVERFLOW, 0},
    {"\1\1\1\1\x81\x80\x04", 7, FR_BAD_SIZE, 0},
    {"\2abc", 4, FR_BAD_TYPE, 3},
    {"\x34\x34", 2, FR_BAD_END_MARK, 1},
    {"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\2x", 12, FR_OVERFLOW, 2},
    {"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\x80x", 12, FR_OVERFLOW, 0},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    machine *m = make_started(FR_RUNTIME);
    begin(m, 1);
    assert_write(m, (const uint8_t *)rows[i].bytes, rows[i].n, 0, rows[i].status, rows[i].taken);
    send_batch(m, 1, 1, "goes on");
    assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
    free_machine(m);
  }
}

/* A generation that cannot end for want of a slot stays as it is, and ends when there is more room. */
static void test_no_slot(void **state)
{
  (void)state;
  machine *m = make_machine(FR_RUNTIME, 1U << 12, 2);
  fr_recorder_set(&m->r, INT64_MAX, INT64_MAX);
  assert_int_equal(fr_recorder_start(&m->r, 1000000000), FR_OK);
  begin(m, 1);
  send_batch(m, 1, 7, "first");
  assert_int_equal(fr_recorder_end_generation(&m->r, 7), FR_OK);
  send_batch(m, 2, 8, "second");
  assert_int_equal(fr_recorder_end_generation(&m->r, 8), FR_NO_SPACE);
  assert_int_equal(m->r.keeper.ring.n, 1);
  assert_int_equal(active_gen(m), 2);
  assert_int_equal(active_stamp(m), 8);
  move_machine(m, 1U << 12, 3);
  assert_int_equal(fr_recorder_end_generation(&m->r, 8), FR_OK);
  assert_int_equal(m->r.keeper.ring.n, 2);
  assert_int_equal(m->r.keeper.ring.table.gen[1], 2);
  free_machine(m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_before_the_first_start),
    cmocka_unit_test(test_start_and_stop),
    cmocka_unit_test(test_writes_after_stop),
    cmocka_unit_test(test_refused_start),
    cmocka_unit_test(test_generations),
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_headers),
    cmocka_unit_test(test_lost_lock),
    cmocka_unit_test(test_unreadable_frequency),
    cmocka_unit_test(test_generation_zero),
    cmocka_unit_test(test_least_time),
    cmocka_unit_test(test_time_out_of_range),
    cmocka_unit_test(test_runtime_errors),
    cmocka_unit_test(test_no_slot),
  };
  return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
