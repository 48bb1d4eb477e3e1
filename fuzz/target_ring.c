/* ring: sequences of operations on a ring, against plain lists.
 *
 * After each operation ring and lists have the same generations, labels, sizes and bytes, and a snapshot is the header
 * and the bytes of the complete ones (G-1, G-2, G-5, P-1 to P-5, S-1 to S-3). A call without room says so and has changed
 * nothing, and memory is moved without a change (G-6). All memory is exactly as large as it is said to be.
 *
 * Input: a program (program.h). The number behind the head is the arena's size, the head's low bits the slots of the
 * table; bit 3: positions begin shortly before 2^64. Operations: see `operations` below. */
#define FZ_TARGET "ring"
#include "check.h"
#include "program.h"
#include "snapshot.h"
#include <string.h>

enum { MOST_GENERATIONS = 24, MOST_BYTES = 1 << 14, MOST_OPERATIONS = 400 };

typedef struct {
  uint64_t gen, size, stamp;
  int64_t min_time;
  size_t begin, stored; /* where its bytes are in the list of all bytes */
} entry;

/* The lists: every byte that is held, oldest first, and every generation, the active one last. */
typedef struct {
  uint8_t byte[MOST_BYTES];
  size_t bytes;
  entry list[MOST_GENERATIONS + 1];
  size_t n;                     /* complete ones */
  uint64_t position, accounted; /* of all bytes ever */
} lists;

static lists l; /* too large for a stack */
static fr_ring r;

static void *block(size_t n)
{
  void *const p = malloc(n > 0 ? n : 1);
  if (p == NULL) abort();
  return p;
}

static fr_table make_table(uint32_t slots)
{
  const size_t n = slots * sizeof(uint64_t);
  return (fr_table){block(n), block(n), block(n), block(n), block(n), slots};
}

static void free_table(const fr_table *t)
{
  free(t->start);
  free(t->account);
  free(t->gen);
  free(t->min_time);
  free(t->stamp);
}

static void expect(fr_status got, bool fits, const char *what)
{
  if (got != (fits ? FR_OK : FR_NO_SPACE)) fz_fail("G-6", "%s: status %d", what, got);
}

/* In one piece, or in two if the operation says where it is to be cut. */
static void append(const fz_operation *op)
{
  entry *const active = &l.list[l.n];
  const size_t len = op->len;
  const uint64_t account = op->numbers > 0 ? op->number[0] : len;
  if (l.bytes + len > MOST_BYTES) return;
  const bool fits =
    l.bytes + len <= r.store.cap && len <= UINT64_MAX - l.position && account <= UINT64_MAX - l.accounted;
  const size_t head = (size_t)(op->number[1] % (len + 1));
  expect(op->numbers < 2 ? fr_ring_append(&r, op->bytes, len, account)
                         : fr_ring_append_two(&r, op->bytes, head, op->bytes + head, len - head, account),
         fits, "append");
  if (!fits) return;
  if (len > 0) memcpy(l.byte + l.bytes, op->bytes, len);
  l.bytes += len;
  active->stored += len;
  active->size += account;
  l.position += len;
  l.accounted += account;
}

static void label(const fz_operation *op)
{
  entry *const active = &l.list[l.n];
  active->gen = op->number[0];
  active->min_time = fz_signed(op->number[1]);
  active->stamp = op->number[2];
  fr_ring_label(&r, active->gen, active->min_time, active->stamp);
}

/* How many stay besides the active one: from the newest to the oldest, none behind the first time that those taken are
 * larger than the limit, or that the one taken last is older. */
static size_t stay(int64_t now, int64_t max_bytes, int64_t min_age)
{
  size_t taken = 0;
  uint64_t size = l.list[l.n].size;
  while (taken < l.n) {
    const entry *const last = &l.list[l.n - taken];
    const int64_t age = fz_signed((uint64_t)now - (uint64_t)last->min_time);
    if (max_bytes < 0 || size > (uint64_t)max_bytes || age > min_age) break;
    taken++;
    size += l.list[l.n - taken].size;
  }
  return taken;
}

static void rotate(const fz_operation *op)
{
  const int64_t now = fz_signed(op->number[0]), max_bytes = fz_signed(op->number[1]);
  const int64_t min_age = op->numbers > 2 ? fz_signed(op->number[2]) : INT64_MAX;
  if (l.n + 1 >= MOST_GENERATIONS) return;
  const size_t taken = stay(now, max_bytes, min_age), gone = l.n - taken;
  if (fr_ring_keep(&r, now, max_bytes, min_age) != gone) fz_fail("P-1 to P-4", "not the %zu oldest go", gone);
  const bool fits = taken + 2 <= r.table.slots;
  expect(fr_ring_rotate(&r, now, max_bytes, min_age), fits, "rotate");
  if (!fits) return;
  const size_t bytes = l.list[gone].begin;
  memmove(l.byte, l.byte + bytes, l.bytes - bytes);
  l.bytes -= bytes;
  for (size_t i = 0; i <= taken; i++) {
    l.list[i] = l.list[i + gone];
    l.list[i].begin -= bytes;
  }
  l.n = taken + 1;
  l.list[l.n] = (entry){.begin = l.bytes};
}

static void replace(const fz_operation *op)
{
  const entry *const active = &l.list[l.n];
  const size_t from = (size_t)(op->number[0] % (active->stored + 1)), room = active->stored - from;
  const size_t len = op->len < room ? op->len : room;
  if (len > 0) memcpy(l.byte + active->begin + from, op->bytes, len);
  fr_ring_replace(&r, l.position - active->stored + from, op->bytes, len);
}

static void cut(const fz_operation *op)
{
  entry *const active = &l.list[l.n];
  const size_t len = (size_t)(op->number[0] % (active->stored + 1));
  active->stored -= len;
  l.bytes -= len;
  l.position -= len;
  fr_ring_cut(&r, l.position);
}

static void move_arena(const fz_operation *op)
{
  const size_t cap = 1 + (size_t)(op->number[0] % MOST_BYTES);
  uint8_t *const old = r.store.buf, *const arena = block(cap);
  const bool fits = l.bytes <= cap;
  expect(fr_ring_move_arena(&r, arena, cap), fits, "move_arena");
  free(fits ? old : arena);
}

static void move_table(const fz_operation *op)
{
  const fr_table old = r.table, t = make_table(1 + (uint32_t)(op->number[0] % MOST_GENERATIONS));
  const bool fits = l.n + 1 <= t.slots;
  expect(fr_ring_move_table(&r, &t), fits, "move_table");
  free_table(fits ? &old : &t);
}

/* How much is always enough: the limit and two generations, but never nothing and never more than a store. */
static void need(const fz_operation *op)
{
  const uint64_t limit = op->number[0], most = op->number[1];
  size_t got = 77;
  const bool fits = most <= FR_STORE_MAX / 2 && limit <= FR_STORE_MAX - 2 * most && limit + most > 0;
  expect(fr_ring_need(limit, most, &got), fits, "need");
  if (got != (fits ? limit + 2 * most : 77)) fz_fail("G-6", "need is %zu", got);
}

static void (*const operations[])(const fz_operation *op) = {
  append,     /* accounted (left out: as many as bytes), where to cut (left out: nowhere); bytes */
  label,      /* number, minimum time, stamp */
  rotate,     /* now, max_bytes, min_age (left out: no limit) */
  replace,    /* where in the active generation; bytes */
  cut,        /* how many bytes */
  move_arena, /* size - 1 */
  move_table, /* slots - 1 */
  need,       /* max_bytes, greatest generation */
};

static void check_generations(void)
{
  uint64_t start = l.position - l.bytes;
  if (r.n != l.n) fz_fail("G-5", "%u generations instead of %zu", r.n, l.n);
  for (uint32_t i = 0; i <= r.n; i++) {
    const entry *const want = &l.list[i];
    fr_generation g;
    fr_ring_generation(&r, i, &g);
    if (g.gen != want->gen || g.min_time != want->min_time || g.stamp != want->stamp)
      fz_fail("P-5", "generation %u has another label", i);
    if (g.size != want->size || g.stored != want->stored || g.start != start)
      fz_fail("P-5, G-7", "generation %u: %llu bytes, %zu stored", i, (unsigned long long)g.size, g.stored);
    start += g.stored;
  }
}

static void check_bytes(void)
{
  static const uint8_t header[FR_HEADER_SIZE] = "the header of it";
  static uint8_t got[FR_HEADER_SIZE + MOST_BYTES];
  const size_t active = l.list[l.n].stored, complete = l.bytes - active, size = FR_HEADER_SIZE + complete;
  fr_segment seg[3];
  size_t len = 0, at = 0;
  if (fr_snapshot_size(&r) != size) fz_fail("S-1", "a snapshot is said to have %zu bytes", fr_snapshot_size(&r));
  expect(fr_snapshot_copy(&r, header, got, size - 1, &len), false, "snapshot");
  expect(fr_snapshot_copy(&r, header, got, size, &len), true, "snapshot");
  if (len != size || memcmp(got, header, FR_HEADER_SIZE) != 0) fz_fail("S-1", "no header");
  if (memcmp(got + FR_HEADER_SIZE, l.byte, complete) != 0) fz_fail("S-2", "other bytes in the snapshot");
  fr_snapshot_segments(&r, header, seg);
  for (size_t i = 0; i < 3; at += seg[i++].len)
    if (at + seg[i].len > size || (seg[i].len > 0 && memcmp(got + at, seg[i].base, seg[i].len) != 0))
      fz_fail("S-2", "other bytes in segment %zu", i);
  if (at != size) fz_fail("S-1", "the segments have %zu bytes", at);
  fr_store_read(&r.store, l.position - active, got, active);
  if (memcmp(got, l.byte + complete, active) != 0) fz_fail("S-3", "other bytes in the active generation");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fz_input in = {data, size};
  fz_operation op;
  const uint8_t head = fz_byte(&in);
  const size_t cap = 1 + (size_t)(fz_number(&in) % MOST_BYTES);
  const fr_table t = make_table(1 + (head & 7u));
  fr_ring_init(&r, block(cap), cap, &t);
  l.bytes = l.n = 0;
  l.list[0] = (entry){.gen = 0};
  l.position = l.accounted = (head & 8u) != 0 ? UINT64_MAX - 100 : 0;
  r.store.first = r.store.end = t.start[0] = l.position;
  r.accounted = t.account[0] = l.accounted;
  check_generations();
  for (int i = 0; i < MOST_OPERATIONS && fz_next(&in, &op); i++) {
    operations[op.operation % (sizeof operations / sizeof operations[0])](&op);
    check_generations();
    check_bytes();
  }
  free(r.store.buf);
  free_table(&r.table);
  return 0;
}
