/* mutate: which kind an input is, and changes to programs; see mutate.h. */

#include "mutate.h"
#include "mutate_text.h"
#include "program.h"

enum { NUMBER_MOST = 9 }; /* bytes of a program's number */

/* An operation of the program, chosen at random. */
typedef struct {
  bool found, follows; /* there is one, and another one behind it */
  fz_operation op;
  size_t at, bytes, end; /* where it begins, its bytes begin, and it ends */
  size_t next_end;       /* where the one behind it ends */
} choice;

/* Where the input stands. */
static size_t place(const fz_text *t, const fz_input *in)
{
  return t->len - in->left;
}

/* The head and the number behind it have been read. With `writes`, only operations that have bytes. */
static choice choose(fz_text *t, size_t begin, bool writes)
{
  choice c = {.found = false};
  fz_input in = {t->p + begin, t->len - begin};
  fz_operation op;
  size_t seen = 0;
  for (size_t at = begin; fz_next(&in, &op); at = place(t, &in)) {
    if (c.found && c.end == at) {
      c.follows = true;
      c.next_end = place(t, &in);
    }
    if (writes && op.len == 0) continue;
    if (fz_below(t, ++seen) != 0) continue;
    c = (choice){.found = true, .op = op, .at = at, .bytes = place(t, &in) - op.len, .end = place(t, &in)};
  }
  return c;
}

/* A number as a program has it, shortest; how long it is. */
static size_t put_number(uint8_t *p, uint64_t x)
{
  size_t n = 1;
  p[0] = (uint8_t)x;
  if (x < 200) return 1;
  p[0] = (uint8_t)(208 + (x - (UINT64_MAX - 47)));
  if (x > UINT64_MAX - 48) return 1;
  for (; x > 0; x >>= 8) p[n++] = (uint8_t)x;
  p[0] = (uint8_t)(200 + n - 2);
  return n;
}

/* How long the number at p is. */
static size_t number_size(uint8_t first)
{
  return first < 200 || first >= 208 ? 1 : (size_t)first - 198;
}

/* The bytes of an operation have another length now: says so in front of them. */
static void set_length(fz_text *t, const choice *c, size_t len)
{
  uint8_t p[NUMBER_MOST];
  size_t at = c->at + 1;
  for (uint32_t i = 0; i < c->op.numbers; i++) at += number_size(t->p[at]);
  const size_t n = put_number(p, len);
  (void)fz_splice(t, at, c->bytes - at, p, n);
}

/* Changes the stream in a write. */
static void change_bytes(fz_text *t, const choice *c)
{
  if (t->cap - t->len < NUMBER_MOST) return;
  t->cap -= NUMBER_MOST;
  const size_t end = fz_mutate_stream(t, c->bytes, c->end);
  t->cap += NUMBER_MOST;
  set_length(t, c, end - c->bytes);
}

/* Makes two writes of one. */
static void split(fz_text *t, const choice *c)
{
  uint8_t p[1 + NUMBER_MOST];
  const size_t first = fz_below(t, c->op.len + 1);
  p[0] = (uint8_t)(FZ_BYTES | c->op.operation);
  const size_t n = 1 + put_number(p + 1, c->op.len - first);
  if (t->cap - t->len < n + NUMBER_MOST || !fz_splice(t, c->bytes + first, 0, p, n)) return;
  set_length(t, c, first);
}

/* Makes one write of two. */
static void join(fz_text *t, const choice *c)
{
  fz_operation next;
  fz_input in = {t->p + c->end, c->follows ? c->next_end - c->end : 0};
  if (!fz_next(&in, &next) || !next.has_bytes || t->cap - t->len < NUMBER_MOST) return;
  const size_t head = c->next_end - c->end - next.len;
  (void)fz_splice(t, c->end, head, NULL, 0);
  set_length(t, c, c->op.len + next.len);
}

/* Another number of an operation. */
static void change_number(fz_text *t, const choice *c)
{
  uint8_t p[NUMBER_MOST];
  size_t at = c->at + 1;
  if (c->op.numbers == 0) return;
  const size_t which = fz_below(t, c->op.numbers);
  for (size_t i = 0; i < which && at < t->len; i++) at += number_size(t->p[at]);
  if (at >= c->end) return;
  size_t old = number_size(t->p[at]);
  if (old > t->len - at) old = t->len - at;
  const size_t n = put_number(p, fz_other_number(t, c->op.number[which]));
  (void)fz_splice(t, at, old, p, n);
}

/* A new operation: a code, numbers, and sometimes a write of one batch or mark. */
static void insert(fz_text *t, size_t at)
{
  uint8_t p[2 + FZ_NUMBERS * NUMBER_MOST];
  const size_t numbers = fz_below(t, FZ_NUMBERS + 1);
  const bool bytes = fz_below(t, 3) == 0;
  size_t n = 1;
  p[0] = (uint8_t)(FZ_CODE(fz_below(t, 16), numbers) | (bytes ? FZ_BYTES : 0));
  for (size_t i = 0; i < numbers; i++) n += put_number(p + n, fz_other_number(t, fz_below(t, 20)));
  if (bytes) p[n++] = 0;
  const size_t room = t->cap - t->len;
  if (room < n + NUMBER_MOST || !fz_splice(t, at, 0, p, n) || !bytes) return;
  const choice made = {
    .op = {.operation = p[0] & 31u, .numbers = (uint32_t)numbers}, .at = at, .bytes = at + n, .end = at + n};
  change_bytes(t, &made);
}

static void change_operation(fz_text *t, const choice *c)
{
  switch (fz_below(t, 8)) {
  case 0:
    (void)fz_splice(t, c->at, c->end - c->at, NULL, 0);
    break;
  case 1:
    (void)fz_repeat(t, c->at, c->at, c->end - c->at);
    break;
  case 2:
    if (c->follows) fz_exchange(t, c->at, c->end - c->at, c->next_end - c->end);
    break;
  case 3:
    t->p[c->at] = (uint8_t)((t->p[c->at] & 0xe0u) | fz_below(t, 16));
    break;
  case 4:
  case 5:
    change_number(t, c);
    break;
  default:
    insert(t, fz_below(t, 2) == 0 ? c->at : c->end);
  }
}

/* Changes the write chosen: what is in it, or how it is split. */
static void change_write(fz_text *t, const choice *c)
{
  const size_t dice = fz_below(t, 6);
  if (dice == 0)
    split(t, c);
  else if (dice == 1)
    join(t, c);
  else
    change_bytes(t, c);
}

static void mutate_program(fz_text *t)
{
  const size_t size = t->len > 1 ? number_size(t->p[1]) : 0;
  const size_t begin = 1 + size < t->len ? 1 + size : t->len;
  const size_t dice = fz_below(t, 24);
  uint8_t p[NUMBER_MOST];
  if (dice == 0) {
    t->p[0] = (uint8_t)(FZ_HEAD | fz_below(t, 16));
    return;
  }
  if (dice == 1) {
    (void)fz_splice(t, 1, begin - 1, p, put_number(p, fz_other_number(t, 1000000000)));
    return;
  }
  const bool write = dice < 14;
  const choice c = choose(t, begin, write);
  if (!c.found)
    insert(t, t->len);
  else if (write)
    change_write(t, &c);
  else
    change_operation(t, &c);
}

size_t fz_mutate(uint8_t *buf, size_t len, size_t cap, uint32_t seed)
{
  fz_text t = {buf, len, cap, seed};
  if (cap == 0) return 0;
  if (len > 0 && (buf[0] & FZ_HEAD) != 0)
    mutate_program(&t);
  else
    (void)fz_mutate_stream(&t, 0, len);
  if (t.len == 0) buf[t.len++] = (uint8_t)fz_random(&t);
  return t.len;
}
