#include "ring_memory.h"
#include "snapshot.h"

/* The ring against a model of it: a list of generations, each with its bytes, written from the prose of the rules and
 * as simple as can be. Seeded random operations go to both, and after each the two have to tell the same. */

enum {
  ROUNDS = 40,
  STEPS = 500,
  CELLS = 40,
  ENTRIES = 6
}; /* 20000 operations; small memory, so that it is often full */

typedef struct {
  uint64_t gen, size, stamp;
  int64_t min_time;
  uint8_t bytes[2 * CELLS];
  size_t stored;
} entry;

typedef struct {
  entry list[2 * ENTRIES]; /* complete generations, oldest first, and the active one behind them */
  size_t n;                /* complete ones */
  size_t cap, slots;
  uint64_t begin;     /* position of the oldest byte */
  uint64_t end;       /* position behind the newest */
  uint64_t accounted; /* since ever */
} model;

static size_t held(const model *m)
{
  size_t sum = 0;
  for (size_t i = 0; i <= m->n; i++) sum += m->list[i].stored;
  return sum;
}

static fr_status model_append(model *m, const uint8_t *src, size_t n, uint64_t account)
{
  if (held(m) + n > m->cap || n > UINT64_MAX - m->end || account > UINT64_MAX - m->accounted) return FR_NO_SPACE;
  entry *active = &m->list[m->n];
  for (size_t k = 0; k < n; k++) active->bytes[active->stored++] = src[k];
  active->size += account;
  m->end += n;
  m->accounted += account;
  return FR_OK;
}

/* How long ago, in 64 bits that wrap. */
static int64_t ago(int64_t now, int64_t then)
{
  const uint64_t bits = (uint64_t)now - (uint64_t)then;
  int64_t difference = 0;
  memcpy(&difference, &bits, sizeof bits);
  return difference;
}

/* The rule: the new ring starts with the generation that has just completed, whatever the limits say; walk the old ring
 * from its newest to its oldest; before taking the next one, stop if the size so far is above the limit, or if the last
 * one taken began longer ago than wanted; otherwise add its size and take it. */
static size_t model_taken(const model *m, int64_t now, int64_t max_bytes, int64_t min_age)
{
  size_t taken = 1;
  uint64_t size_so_far = m->list[m->n].size;
  const entry *last = &m->list[m->n];
  for (size_t old = m->n; old > 0; old--) {
    if (max_bytes < 0 || size_so_far > (uint64_t)max_bytes) break;
    if (ago(now, last->min_time) > min_age) break;
    last = &m->list[old - 1];
    size_so_far += last->size;
    taken++;
  }
  return taken;
}

static fr_status model_rotate(model *m, int64_t now, int64_t max_bytes, int64_t min_age)
{
  const size_t taken = model_taken(m, now, max_bytes, min_age), dropped = m->n + 1 - taken;
  if (taken + 1 > m->slots) return FR_NO_SPACE;
  for (size_t i = 0; i < dropped; i++) m->begin += m->list[i].stored;
  memmove(m->list, m->list + dropped, taken * sizeof *m->list);
  memset(&m->list[taken], 0, sizeof *m->list);
  m->n = taken;
  return FR_OK;
}

static void assert_same(const model *m, const fr_ring *r)
{
  uint8_t snapshot[FR_HEADER_SIZE + 2 * CELLS], want[FR_HEADER_SIZE + 2 * CELLS] = "the header of it";
  size_t len = FR_HEADER_SIZE, got = 0;
  uint64_t start = m->begin;
  assert_int_equal(r->n, m->n);
  for (uint32_t i = 0; i <= r->n; i++) {
    const entry *e = &m->list[i];
    assert_generation(r, i, &(const fr_generation){e->gen, e->min_time, e->stamp, e->size, start, e->stored}, e->bytes);
    start += e->stored;
    if (i == r->n) break;
    memcpy(want + len, e->bytes, e->stored);
    len += e->stored;
  }
  assert_true(start == r->store.end && r->accounted == m->accounted);
  assert_int_equal(fr_snapshot_copy(r, (const uint8_t *)"the header of it", snapshot, sizeof snapshot, &got), FR_OK);
  assert_int_equal(got, len);
  assert_memory_equal(snapshot, want, len);
}

/* splitmix64: the same numbers everywhere. */
static uint64_t next(uint64_t *seed)
{
  uint64_t z = (*seed += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint64_t below(uint64_t *seed, uint64_t n)
{
  return next(seed) % n;
}

/* Mostly small ones, so that limits are met exactly; now and then any, the ends among them. */
static uint64_t number(uint64_t *seed)
{
  const uint64_t ends[] = {0, 1, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX - 1, UINT64_MAX};
  switch (below(seed, 20)) {
  case 0:
    return next(seed);
  case 1:
    return ends[below(seed, COUNT(ends))];
  default:
    return below(seed, 40);
  }
}

static int64_t when(uint64_t *seed)
{
  const uint64_t bits = number(seed);
  int64_t t = 0;
  memcpy(&t, &bits, sizeof bits);
  return below(seed, 4) == 0 && t > INT64_MIN ? -t : t;
}

/* What was seen of each status by each operation, so that a test that no longer gets anywhere fails. */
enum { APPEND, LABEL, ROTATE, MOVE_ARENA, MOVE_TABLE, REPLACE, CUT, OPERATIONS };
static size_t seen[OPERATIONS][2], pruned, shown;

static void step_append(model *m, fr_ring *r, uint64_t *seed)
{
  const size_t n = (size_t)below(seed, below(seed, 8) ? 12 : CELLS + 2);
  const uint64_t account = below(seed, 4) ? n : below(seed, 60) ? below(seed, 30) : number(seed);
  uint8_t *src = block(n, 1);
  for (size_t k = 0; k < n; k++) src[k] = (uint8_t)next(seed);
  const fr_status status = model_append(m, src, n, account);
  assert_int_equal(fr_ring_append(r, src, n, account), status);
  free(src);
  seen[APPEND][status != FR_OK]++;
}

static void step_label(model *m, fr_ring *r, uint64_t *seed)
{
  m->list[m->n].gen = number(seed);
  m->list[m->n].min_time = when(seed);
  m->list[m->n].stamp = next(seed);
  fr_ring_label(r, m->list[m->n].gen, m->list[m->n].min_time, m->list[m->n].stamp);
  seen[LABEL][0]++;
}

/* Other bytes for some of the active generation's. */
static void step_replace(model *m, fr_ring *r, uint64_t *seed)
{
  entry *active = &m->list[m->n];
  const size_t k = (size_t)below(seed, active->stored + 1), n = (size_t)below(seed, active->stored - k + 1);
  for (size_t i = k; i < k + n; i++) active->bytes[i] = (uint8_t)next(seed);
  uint8_t *src = exact(active->bytes + k, n);
  fr_ring_replace(r, m->end - active->stored + k, src, n);
  free(src);
  seen[REPLACE][0] += n > 0;
}

/* Takes some of the active generation's bytes back; they stay accounted. */
static void step_cut(model *m, fr_ring *r, uint64_t *seed)
{
  entry *active = &m->list[m->n];
  const size_t n = (size_t)below(seed, active->stored + 1);
  active->stored -= n;
  m->end -= n;
  fr_ring_cut(r, m->end);
  seen[CUT][0] += n > 0;
}

static void step_rotate(model *m, fr_ring *r, uint64_t *seed)
{
  const int64_t now = when(seed), min_age = below(seed, 2) ? INT64_MAX : when(seed);
  const int64_t max_bytes = below(seed, 4) ? (int64_t)below(seed, CELLS) : when(seed);
  const size_t old = m->n;
  assert_int_equal(fr_ring_keep(r, now, max_bytes, min_age), m->n + 1 - model_taken(m, now, max_bytes, min_age));
  const fr_status status = model_rotate(m, now, max_bytes, min_age);
  assert_int_equal(fr_ring_rotate(r, now, max_bytes, min_age), status);
  seen[ROTATE][status != FR_OK]++;
  if (status != FR_OK) return;
  pruned += m->n < old + 1;
  /* Without its oldest generation the ring is within the limit, whatever crossed it. */
  if (m->n > 1) assert_true(max_bytes >= 0 && r->accounted - r->table.account[1] <= (uint64_t)max_bytes);
}

static void step_move_arena(model *m, fr_ring *r, uint64_t *seed)
{
  const size_t cap = 1 + (size_t)below(seed, CELLS);
  const fr_status status = held(m) <= cap ? FR_OK : FR_NO_SPACE;
  uint8_t *old = r->store.buf, *arena = block(cap, 1);
  assert_int_equal(fr_ring_move_arena(r, arena, cap), status);
  free(status == FR_OK ? old : arena);
  if (status == FR_OK) m->cap = cap;
  seen[MOVE_ARENA][status != FR_OK]++;
}

static void step_move_table(model *m, fr_ring *r, uint64_t *seed)
{
  const uint32_t slots = 1 + (uint32_t)below(seed, ENTRIES);
  const fr_status status = m->n + 1 <= slots ? FR_OK : FR_NO_SPACE;
  const fr_table old = r->table, t = make_table(slots);
  assert_int_equal(fr_ring_move_table(r, &t), status);
  free_table(status == FR_OK ? &old : &t);
  if (status == FR_OK) m->slots = slots;
  seen[MOVE_TABLE][status != FR_OK]++;
}

static void test_random(void **state)
{
  (void)state;
  uint64_t seed = 20240711;
  for (size_t round = 0; round < ROUNDS; round++) {
    model m = {.cap = 1 + (size_t)below(&seed, CELLS), .slots = 1 + (size_t)below(&seed, ENTRIES)};
    if (round % 4 == 3) {
      m.begin = m.end = UINT64_MAX - 2000;
      m.accounted = UINT64_MAX - 3000;
    }
    fr_ring r = make_ring(m.cap, (uint32_t)m.slots, (size_t)below(&seed, m.cap));
    shift_ring(&r, m.begin, m.accounted);
    for (size_t step = 0; step < STEPS; step++) {
      const uint64_t dice = below(&seed, 22);
      if (dice < 9)
        step_append(&m, &r, &seed);
      else if (dice < 12)
        step_label(&m, &r, &seed);
      else if (dice < 17)
        step_rotate(&m, &r, &seed);
      else if (dice < 19)
        step_move_arena(&m, &r, &seed);
      else if (dice < 20)
        step_move_table(&m, &r, &seed);
      else if (dice < 21)
        step_replace(&m, &r, &seed);
      else
        step_cut(&m, &r, &seed);
      assert_same(&m, &r);
      shown += r.n > 1 && r.table.start[r.n] > r.store.first;
    }
    free_ring(&r);
  }
  for (size_t i = 0; i < OPERATIONS; i++) {
    assert_true(seen[i][0] > 100);
    assert_true(i == LABEL || i >= REPLACE || seen[i][1] > 100);
  }
  assert_true(pruned > 1000 && shown > 1000);
}

/* Larger limits never let fewer stay: along each limit, the index of the oldest that stays only goes down. */
static void test_monotone(void **state)
{
  (void)state;
  uint64_t seed = 7;
  for (size_t round = 0; round < 200; round++) {
    fr_ring r = make_ring(CELLS, ENTRIES, 0);
    for (size_t i = 1; i < ENTRIES; i++) {
      const uint8_t bytes[5] = {0};
      assert_int_equal(fr_ring_append(&r, bytes, (size_t)below(&seed, 6), below(&seed, 8)), FR_OK);
      fr_ring_label(&r, i, (int64_t)below(&seed, 30), i);
      assert_int_equal(fr_ring_rotate(&r, 0, INT64_MAX, INT64_MAX), FR_OK);
    }
    for (int64_t size = -2; size < 40; size++) {
      for (int64_t age = -2; age < 32; age++) {
        const uint32_t keep = fr_ring_keep(&r, 30, size, age);
        assert_true(fr_ring_keep(&r, 30, size + 1, age) <= keep);
        assert_true(fr_ring_keep(&r, 30, size, age + 1) <= keep);
      }
    }
    free_ring(&r);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_monotone)};
  return cmocka_run_group_tests_name("ring and its model", tests, NULL, NULL);
}
