#include "recorder_memory.h"

/* Streams that may be split anywhere, errors in them, and memory that runs out. */

enum { STREAM_MAX = 70000 };

/* Writes the trace in pieces of n bytes, the first of `first`. */
static void write_pieces(machine *m, const text *t, size_t first, size_t n)
{
  for (size_t at = 0; at < t->n;) {
    const size_t piece = at == 0 ? first : n;
    const size_t k = piece < t->n - at ? piece : t->n - at;
    assert_write(m, t->bytes + at, k, 0, FR_OK, (int64_t)k);
    at += k;
  }
}

/* However a stream is split: at each place once, and into pieces of each size. */
static void test_every_split(void **state)
{
  (void)state;
  const uint32_t systems[] = {FR_EXP_PIPE, FR_STRICT};
  for (size_t i = 0; i < COUNT(systems); i++) {
    static script written;
    text want;
    put_script(&written, systems[i], 3, &want);
    for (size_t k = 1; k <= written.all.n; k++) {
      for (unsigned once = 0; once < 2; once++) {
        machine *m = make_started(systems[i]);
        write_pieces(m, &written.all, k, once ? written.all.n : k);
        assert_snapshot(m, &want);
        assert_int_equal(fr_recorder_close(&m->r), FR_OK);
        assert_int_equal(fr_recorder_stop(&m->r), FR_OK);
        free_machine(m);
      }
    }
  }
}

/* The first error ends a strict stream; complete generations stay, however the stream was split. */
static void assert_ends(unsigned version, const text *after, size_t good, fr_status status)
{
  text t = {.n = 0}, want = {.n = 0};
  put_header(&t, version);
  put_frequency(&t, version, 1, 10);
  put_batch(&t, 1, 11, "kept", 4);
  if (version == 26) put_byte(&t, FR_END_OF_GENERATION);
  want = t;
  if (version < 26) put_frequency(&t, version, 2, 20); /* which completes generation 1 */
  const size_t fault = t.n + good;
  put_bytes(&t, after->bytes, after->n);
  for (size_t first = 1; first <= t.n; first++) {
    machine *m = make_started(FR_STRICT);
    size_t done = 0;
    int64_t n = -77;
    fr_status got = fr_recorder_write(&m->r, t.bytes, first, 0, &n);
    if (got == FR_OK) {
      assert_int_equal(n, first);
      done = first;
      got = fr_recorder_write(&m->r, t.bytes + first, t.n - first, 0, &n);
    }
    assert_int_equal(got, status);
    assert_int_equal((size_t)n + done, done > fault ? done : fault);
    assert_snapshot(m, &want);
    assert_write(m, t.bytes, t.n, 0, status, 0);
    assert_int_equal(fr_recorder_end_generation(&m->r, 0), status);
    assert_snapshot(m, &want);
    assert_int_equal(fr_recorder_stop(&m->r), status);
    free_machine(m);
  }
}

static void test_strict_errors(void **state)
{
  (void)state;
  const struct {
    const char *bytes;
    size_t n, good; /* bytes before the batch at fault */
    unsigned version;
    fr_status status;
  } rows[] = {
    {"\x34", 1, 0, 26, FR_BAD_END_MARK},
    {"\1\0\3\1\0", 5, 0, 26, FR_BAD_GENERATION},
    {"\1\1\3\1\0", 5, 0, 26, FR_BAD_GENERATION},
    {"\1\3\3\1\0", 5, 0, 26, FR_BAD_GENERATION},
    {"\1\2\3\1\0\1\3\3\1\0", 10, 5, 26, FR_BAD_GENERATION},
    {"\1\2\3\1\0\x34", 6, 5, 26, FR_NO_FREQUENCY},
    {"\1\2\3\1\x08\x32\x08\x01\x33\x01\x01\x01\x01\1\2\3\1\x08\x32\x08\x01\x33\x01\x01\x01\x01", 26, 13, 26,
     FR_BAD_FREQUENCY},
    {"\1\2\3\1\x09\x32\x08\x01\x33\x01\x01\x01\x01\x01", 14, 0, 26, FR_TRAILING},
    {"\1\2\3\1\x02\x32\x09", 7, 0, 26, FR_BAD_FREQUENCY},
    {"\2", 1, 0, 26, FR_BAD_TYPE},
    {"\1\2\3\1\x81\x80\x04", 7, 0, 26, FR_BAD_SIZE},
    {"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, 0, 26, FR_OVERFLOW},
    {"\x34", 1, 0, 22, FR_BAD_TYPE},
    {"\1\4\3\1\0", 5, 0, 22, FR_BAD_GENERATION},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    text after = {.n = 0};
    put_bytes(&after, rows[i].bytes, rows[i].n);
    assert_ends(rows[i].version, &after, rows[i].good, rows[i].status);
  }
}

/* Before Go 1.26 a generation ends with the first batch of the next, which needs a frequency before it; the last one
 * ends when it is told. */
static void test_strict_without_marks(void **state)
{
  (void)state;
  machine *m = make_started(FR_STRICT);
  text t = {.n = 0};
  assert_int_equal(fr_recorder_end_generation(&m->r, 0), FR_BAD_END_MARK);
  put_header(&t, 22);
  put_batch(&t, 5, 1, "a", 1);
  write_text(m, &t);
  assert_int_equal(fr_recorder_end_generation(&m->r, 0), FR_NO_FREQUENCY);
  text u = {.n = 0};
  put_frequency(&u, 22, 5, 1);
  assert_write(m, u.bytes, 3, 0, FR_OK, 3);
  assert_int_equal(fr_recorder_end_generation(&m->r, 0), FR_TRUNCATED);
  assert_write(m, u.bytes + 3, u.n - 3, 0, FR_OK, (int64_t)u.n - 3);
  assert_int_equal(fr_recorder_end_generation(&m->r, 0), FR_OK);
  put_bytes(&t, u.bytes, u.n);
  assert_snapshot(m, &t);
  u.n = 0;
  put_batch(&u, 6, 1, "b", 1);
  write_text(m, &u);
  u.n = 0;
  put_batch(&u, 7, 1, "c", 1);
  assert_write(m, u.bytes, u.n, 0, FR_NO_FREQUENCY, 0);
  assert_int_equal(fr_recorder_stop(&m->r), FR_NO_FREQUENCY);
  assert_int_equal(fr_recorder_end_generation(&m->r, 0), FR_NOT_ENABLED);
  free_machine(m);
}

/* A stream that ends inside its header or a batch, by its writer or by stop. */
static void test_cut_streams(void **state)
{
  (void)state;
  const struct {
    size_t n;
    fr_status pipe_closed, pipe_stopped, closed, stopped;
  } rows[] = {
    {0, FR_SHORT_HEADER, FR_CLOSED, FR_OK, FR_OK},
    {15, FR_SHORT_HEADER, FR_CLOSED, FR_SHORT_HEADER, FR_TRUNCATED},
    {16, FR_OK, FR_OK, FR_OK, FR_OK},
    {18, FR_TRUNCATED, FR_CLOSED, FR_TRUNCATED, FR_TRUNCATED},
  };
  text t = {.n = 0};
  put_header(&t, 22);
  put_batch(&t, 1, 1, "a", 1);
  for (size_t i = 0; i < COUNT(rows); i++) {
    for (unsigned k = 0; k < 4; k++) {
      machine *m = make_started(k < 2 ? FR_EXP_PIPE : FR_STRICT);
      const fr_status want[] = {rows[i].pipe_closed, rows[i].pipe_stopped, rows[i].closed, rows[i].stopped};
      assert_write(m, t.bytes, rows[i].n, 0, FR_OK, (int64_t)rows[i].n);
      if (k % 2 == 0) assert_int_equal(fr_recorder_close(&m->r), FR_OK);
      assert_int_equal(fr_recorder_stop(&m->r), want[k]);
      free_machine(m);
    }
  }
}

/* E14: after an error nobody reads the pipe any more. What its reader has taken already counts as written. */
static void test_blocked_pipe(void **state)
{
  (void)state;
  for (size_t behind = 0; behind < 6000; behind += 500) {
    machine *m = make_started(FR_EXP_PIPE);
    uint8_t *const p = block(20 + behind, 1);
    memset(p, 0, 20 + behind);
    const bool fits = 20 + behind <= 16 + 4096;
    assert_write(m, p, 20 + behind, 0, fits ? FR_OK : FR_BLOCKED, fits ? (int64_t)(20 + behind) : 16);
    assert_write(m, p, 1, 0, FR_BLOCKED, 0);
    assert_int_equal(fr_recorder_close(&m->r), FR_OK);
    assert_int_equal(fr_recorder_stop(&m->r), FR_BAD_TYPE);
    free(p);
    free_machine(m);
  }
}

/* E2 in the pipe: the lock that is lost first ends the reader, and then keeps the next one for ever. */
static void test_stuck_pipe(void **state)
{
  (void)state;
  machine *m = make_started(FR_EXP_PIPE);
  text t = {.n = 0};
  put_header(&t, 22);
  put_batch(&t, 1, 1, "a", 1);
  put_batch(&t, 2, 1, "b", 1);
  write_text(m, &t);
  assert_write(m, t.bytes, 1, 0, FR_BLOCKED, 0);
  assert_int_equal(fr_recorder_stop(&m->r), FR_NO_FREQUENCY);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  write_text(m, &t);
  assert_write(m, t.bytes, 1, 0, FR_BLOCKED, 0);
  assert_int_equal(fr_recorder_stop(&m->r), FR_DEADLOCK);
  assert_int_equal(fr_recorder_stop(&m->r), FR_NOT_ENABLED);
  free_machine(m);
}

/* Payloads longer than what the reader of the pipe takes at once. */
static void test_long_payloads(void **state)
{
  (void)state;
  machine *m = make_machine(FR_EXP_PIPE, 1U << 20, 8);
  assert_int_equal(fr_recorder_start(&m->r, 0), FR_OK);
  uint8_t *const p = block(STREAM_MAX, 1);
  text t = {.n = 0};
  put_header(&t, 22);
  memcpy(p, t.bytes, t.n);
  size_t n = t.n;
  for (size_t size = 1; size <= 16384; size *= 4) {
    const uint8_t head[] = {
      1, 1, 1, 1, (uint8_t)(size % 128 + 128), (uint8_t)(size / 128 % 128 + 128), (uint8_t)(size / 16384)};
    memcpy(p + n, head, sizeof head);
    n += sizeof head + size;
  }
  assert_write(m, p, n, 0, FR_OK, (int64_t)n);
  p[n] = 2;
  assert_write(m, p + n, 1, 0, FR_OK, 1);
  assert_int_equal(fr_recorder_stop(&m->r), FR_BAD_TYPE);
  free(p);
  free_machine(m);
}

/* Writes the trace into memory that always is just too small: as the comment of fr_recorder_write says, what was not
 * taken is written again after each move. */
static size_t write_squeezed(machine *m, const script *s, size_t piece)
{
  size_t moves = 0, begin = 0;
  for (size_t i = 0; i < s->cuts; i++) {
    for (size_t at = begin; at < s->cut[i];) {
      const size_t k = piece != 0 && piece < s->cut[i] - at ? piece : s->cut[i] - at;
      size_t done = 0;
      int64_t n = -77;
      while (fr_recorder_write(&m->r, s->all.bytes + at + done, k - done, at, &n) == FR_NO_SPACE) {
        assert_true(n >= 0 && (size_t)n <= k - done);
        done += (size_t)n;
        move_machine(m, m->r.keeper.ring.store.cap + 1 + moves % 9, m->r.keeper.ring.table.slots + moves % 2);
        moves++;
      }
      assert_int_equal((size_t)n, k - done);
      at += k;
    }
    const size_t n = s->cut[i] - begin;
    begin = s->cut[i];
    if (m->r.keeper.system->rotation != FR_ROTATION_MARK || n != 1) continue;
    while (fr_recorder_end_generation(&m->r, begin) == FR_NO_SPACE) {
      move_machine(m, m->r.keeper.ring.store.cap, m->r.keeper.ring.table.slots + 1);
      moves++;
    }
  }
  return moves;
}

/* Out of memory again and again, a recorder ends with what it has with plenty of it: with limits and without, and for a
 * stream in pieces of all sizes. */
static void test_no_space(void **state)
{
  (void)state;
  for (uint32_t s = 0; s < FR_SYSTEMS; s++) {
    const bool stream = fr_systems[s].framing == FR_FRAMING_STREAM;
    static script written;
    text shown;
    put_script(&written, s, 6, &shown);
    for (size_t piece = 0; piece < (stream ? 60 : 1); piece++) {
      for (unsigned limited = 0; limited < 2; limited++) {
        machine *large = make_large(s), *small = make_machine(s, 1, 1);
        fr_recorder_set(&small->r, INT64_MAX, INT64_MAX);
        if (limited) fr_recorder_set(&large->r, 50, 20);
        if (limited) fr_recorder_set(&small->r, 50, 20);
        assert_int_equal(fr_recorder_start(&large->r, 1000000000), FR_OK);
        assert_int_equal(fr_recorder_start(&small->r, 1000000000), FR_OK);
        (void)write_squeezed(large, &written, piece);
        assert_true(write_squeezed(small, &written, piece) > (limited ? 2 : 10));
        const text want = snapshot(large);
        assert_snapshot(small, &want);
        if (!limited) assert_text(&want, &shown);
        assert_true(large->r.keeper.ring.n == small->r.keeper.ring.n &&
                    large->r.keeper.ring.accounted == small->r.keeper.ring.accounted);
        assert_true(active_gen(large) == active_gen(small));
        assert_true(active_stamp(large) == active_stamp(small));
        free_machine(large);
        free_machine(small);
      }
    }
  }
}

/* 2^64 bytes accounted are as much as an arena that is full. */
static void test_account_full(void **state)
{
  (void)state;
  machine *m = make_started(FR_STRICT);
  shift_ring(&m->r.keeper.ring, 0, UINT64_MAX - 4);
  text t = {.n = 0};
  put_header(&t, 26);
  put_byte(&t, FR_EVENT_BATCH);
  put_bytes(&t, "\1\1\1\0", 4);
  assert_write(m, t.bytes, t.n, 0, FR_NO_SPACE, 16);
  assert_true(m->r.keeper.ring.store.end == 0 && m->r.keeper.ring.accounted == UINT64_MAX - 4);
  free_machine(m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_split),          cmocka_unit_test(test_strict_errors),
    cmocka_unit_test(test_strict_without_marks), cmocka_unit_test(test_cut_streams),
    cmocka_unit_test(test_blocked_pipe),         cmocka_unit_test(test_stuck_pipe),
    cmocka_unit_test(test_long_payloads),        cmocka_unit_test(test_no_space),
    cmocka_unit_test(test_account_full),
  };
  return cmocka_run_group_tests_name("recorder, streams", tests, NULL, NULL);
}
