#include "unit.h"
#include "../../fuzz/mutate.h"
#include "../../fuzz/program.h"
#include "../../fuzz/reading.h"
#include <stdbool.h>

/* The mutator of the fuzzers: what it promises of every call, and that each kind of change comes about. Each input lies
 * in memory of exactly the size allowed, so that the sanitizer sees a step too far. */

enum { SEEDS = 30000, CAP = 400 };

/* A trace of two generations, and the same as a program of two writes. */
static const uint8_t trace[] = "go 1.26 trace\0\0\0\x01\x01\x03\x64\x0c\x32\x08\x80\x94\xeb\xdc\x03\x33\x01\x02\x03\x04"
                               "\x01\x01\x03\x65\x05hello4\x01\x02\x03\x66\x02yo";
static const uint8_t program[] = "\x84\x20\x05\x80\x10go 1.26 trace\0\0\0\x80\x0f\x01\x01\x03\x65\x09hellohell4"
                                 "\x48\x07\x09\x22\xc8\xff\x04";

typedef struct {
  uint8_t *p;
  size_t n;
} bytes;

/* What becomes of q[0 .. n - 1] with this room; free p. */
static bytes mutate(const void *q, size_t n, size_t cap, uint32_t seed)
{
  bytes b = {malloc(cap > 0 ? cap : 1), 0};
  assert_non_null(b.p);
  if (n > 0) memcpy(b.p, q, n);
  b.n = fz_mutate(b.p, n, cap, seed);
  assert_true(b.n <= cap && (b.n > 0 || cap == 0));
  return b;
}

static void test_within_cap(void **state)
{
  (void)state;
  for (uint32_t seed = 0; seed < SEEDS; seed++) {
    const bool other = seed % 2 != 0;
    const uint8_t *const q = other ? program : trace;
    const size_t n = seed % (other ? sizeof program : sizeof trace); /* cut anywhere, too */
    free(mutate(q, n, n + seed / 64 % 40, seed).p);
  }
}

/* Change upon change, so that inputs come far from where they began. */
static void test_long_chains(void **state)
{
  (void)state;
  uint8_t *const p = malloc(CAP);
  assert_non_null(p);
  for (uint32_t chain = 0; chain < 100; chain++) {
    size_t n = sizeof program;
    memcpy(p, program, n);
    if (chain % 2 != 0) memcpy(p, trace, n = sizeof trace);
    for (uint32_t i = 0; i < 300; i++) {
      n = fz_mutate(p, n, CAP, chain * 1000 + i);
      assert_true(n > 0 && n <= CAP);
    }
  }
  free(p);
}

static void test_any_bytes(void **state)
{
  (void)state;
  uint32_t random = 1;
  for (uint32_t seed = 0; seed < SEEDS; seed++) {
    uint8_t any[24];
    for (size_t i = 0; i < sizeof any; i++) any[i] = (uint8_t)((random = random * 1664525u + 1013904223u) >> 24);
    free(mutate(any, seed % (sizeof any + 1), sizeof any + seed % 7, seed).p);
  }
}

static void test_deterministic(void **state)
{
  (void)state;
  for (uint32_t seed = 0; seed < 3000; seed++) {
    const bytes a = mutate(program, sizeof program - 1, CAP, seed), b = mutate(program, sizeof program - 1, CAP, seed);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, a.n);
    free(a.p);
    free(b.p);
  }
}

/* What a changed stream has that the one before has not. */
enum {
  NEXT_GENERATION,
  GAP,
  STEP_BACK,
  GENERATION_0,
  GENERATION_LAST,
  OTHER_TIME,
  PLAIN_FREQUENCY,
  SYNC_BATCH,
  LIKE_A_MARK,
  MORE_MARKS,
  EXPERIMENTAL,
  NOT_MINIMAL,
  OVERLONG,
  LONG_PAYLOAD,
  STRETCHED,
  BAD_TYPE,
  CUT_SHORT,
  OTHER_VERSION,
  FEWER,
  KINDS
};

static void look_at_batch(const uint8_t *p, const fz_batch *b, bool seen[KINDS])
{
  const uint64_t gen = b->field[0];
  if (b->type == 52) return;
  if (gen == 3) seen[NEXT_GENERATION] = true;
  if (gen == 4) seen[GAP] = true;
  if (gen == UINT64_MAX) seen[GENERATION_LAST] = true;
  if (gen == 0) seen[GENERATION_0] = true;
  if (b->field[2] < 0x64 || b->field[2] > 0x66) seen[OTHER_TIME] = true;
  if (b->field[3] >= 128) seen[STRETCHED] = true;
  if (b->type == 49) seen[EXPERIMENTAL] = true;
  if (b->field[3] > 0 && p[b->header] == 8) seen[PLAIN_FREQUENCY] = true;
  if (b->field[3] > 0 && p[b->header] == 50) seen[SYNC_BATCH] = true;
  if (b->field[3] > 0 && p[b->header] == 52) seen[LIKE_A_MARK] = true;
  size_t shortest = b->type == 49 ? 2 : 1;
  for (size_t i = 0; i < 4; i++)
    for (uint64_t x = b->field[i] | 1; x > 0; x >>= 7) shortest++;
  if (b->header > shortest) seen[NOT_MINIMAL] = true;
}

static void look_at(const bytes *t, bool seen[KINDS])
{
  size_t n = 0, marks = 0;
  uint64_t last = 0;
  fz_batch b;
  if (t->n < 16 || memcmp(t->p, "go 1.", 5) != 0) return;
  if (memcmp(t->p, trace, 16) != 0) seen[OTHER_VERSION] = true;
  for (size_t at = 16; at < t->n; at += b.whole, n++) {
    const fz_reading reading = fz_read_batch(t->p + at, t->n - at, false, &b);
    if (reading == FZ_TOO_LARGE) seen[OVERLONG] = true;
    if (reading == FZ_LONG_PAYLOAD) seen[LONG_PAYLOAD] = true;
    if (reading == FZ_UNKNOWN_TYPE) seen[BAD_TYPE] = true;
    if (reading == FZ_CUT_SHORT) seen[CUT_SHORT] = true;
    if (reading != FZ_READ) return;
    marks += b.type == 52;
    if (b.type != 52 && b.field[0] < last) seen[STEP_BACK] = true;
    if (b.type != 52) last = b.field[0];
    look_at_batch(t->p + at, &b, seen);
  }
  if (marks > 1) seen[MORE_MARKS] = true;
  if (n < 4) seen[FEWER] = true;
}

static void test_streams(void **state)
{
  (void)state;
  bool seen[KINDS] = {false};
  for (uint32_t seed = 0; seed < SEEDS; seed++) {
    const bytes b = mutate(trace, sizeof trace - 1, CAP, seed);
    look_at(&b, seen);
    free(b.p);
  }
  for (size_t i = 0; i < KINDS; i++)
    if (!seen[i]) fail_msg("no seed makes change %zu", i);
}

/* What a changed program has that the one before has not. */
enum { OTHER_SYSTEM, SPLIT, JOINED, OTHER_LIMIT, INSERTED, REMOVED, OTHER_OPERATION, IN_WRITE, PROGRAM_KINDS };

/* The operations of a program, and what all its writes write. */
typedef struct {
  size_t operations, writes, written;
  bool limit, other;
} shape;

static shape shape_of(const uint8_t *p, size_t n)
{
  fz_input in = {p, n};
  fz_operation op;
  shape s = {0};
  (void)fz_byte(&in);
  (void)fz_number(&in);
  while (fz_next(&in, &op)) {
    s.operations++;
    s.writes += op.has_bytes;
    s.written += op.len;
    if (op.operation == 8 && op.numbers == 2 && (op.number[0] != 7 || op.number[1] != 9)) s.limit = true;
    if (op.operation > 9) s.other = true;
  }
  return s;
}

static void test_programs(void **state)
{
  (void)state;
  bool seen[PROGRAM_KINDS] = {false};
  const shape was = shape_of(program, sizeof program - 1);
  assert_true(was.operations == 6 && was.writes == 2);
  for (uint32_t seed = 0; seed < SEEDS; seed++) {
    const bytes b = mutate(program, sizeof program - 1, CAP, seed);
    const shape is = shape_of(b.p, b.n);
    const bool same_writes = is.written == was.written;
    if (b.p[0] != program[0]) seen[OTHER_SYSTEM] = true;
    if (is.operations == 7 && is.writes == 3 && same_writes) seen[SPLIT] = true;
    if (is.operations == 5 && is.writes == 1 && same_writes) seen[JOINED] = true;
    if (is.limit) seen[OTHER_LIMIT] = true;
    if (is.operations == 7 && is.writes == 2) seen[INSERTED] = true;
    if (is.operations == 5 && is.writes == 2) seen[REMOVED] = true;
    if (is.other) seen[OTHER_OPERATION] = true;
    if (is.operations == 6 && !same_writes) seen[IN_WRITE] = true;
    free(b.p);
  }
  for (size_t i = 0; i < PROGRAM_KINDS; i++)
    if (!seen[i]) fail_msg("no seed makes change %zu of a program", i);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_within_cap),    cmocka_unit_test(test_long_chains), cmocka_unit_test(test_any_bytes),
    cmocka_unit_test(test_deterministic), cmocka_unit_test(test_streams),     cmocka_unit_test(test_programs),
  };
  return cmocka_run_group_tests_name("mutate", tests, NULL, NULL);
}
