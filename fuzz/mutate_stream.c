/* mutate: changes to streams of batches; see mutate.h. */

#include "mutate_text.h"
#include "reading.h"

enum { HEADER = 16, NUMBER_MOST = 11, PIECE_MOST = 120 };
enum { GENERATION, THREAD, TIME, SIZE };

/* A batch of the stream, chosen at random, and where all of them are. */
typedef struct {
  bool found;
  size_t first; /* where the first one begins, or would */
  size_t last;  /* where what can be read ends */
  size_t at;    /* the one chosen */
  fz_batch b;
  uint64_t gen; /* its generation, or of an end mark that of the batch before */
} choice;

/* Bytes to be put in. */
typedef struct {
  uint8_t p[PIECE_MOST + 8 * NUMBER_MOST];
  size_t n;
} piece;

static void put(piece *to, unsigned byte)
{
  to->p[to->n++] = (uint8_t)byte;
}

/* A number in at least `size` bytes, at most NUMBER_MOST; of 11 bytes it is too long to be read. */
static void put_number(piece *to, uint64_t x, size_t size)
{
  size_t n = 1;
  for (; x > 127 || n < size; n++) {
    put(to, (unsigned)(x & 127) | 128);
    x >>= 7;
  }
  put(to, (unsigned)x);
}

static choice choose(fz_text *t, size_t begin, size_t end)
{
  choice c = {.first = begin};
  uint64_t gen = 1;
  size_t seen = 0;
  fz_batch b;
  if (end - begin >= HEADER && memcmp(t->p + begin, "go ", 3) == 0) c.first += HEADER;
  for (c.last = c.first; c.last < end; c.last += b.whole) {
    if (fz_read_batch(t->p + c.last, end - c.last, false, &b) != FZ_READ) break;
    if (b.type != 52) gen = b.field[GENERATION];
    if (fz_below(t, ++seen) != 0) continue;
    c.found = true;
    c.at = c.last;
    c.b = b;
    c.gen = gen;
  }
  return c;
}

uint64_t fz_other_number(fz_text *t, uint64_t x)
{
  static const uint64_t marked[] = {0,           1,
                                    127,         128,
                                    255,         4096,
                                    65536,       65537,
                                    10485760,    1000000000,
                                    10000000000, (uint64_t)1 << 53,
                                    INT64_MAX,   INT64_MAX + UINT64_C(1),
                                    UINT64_MAX,  UINT64_MAX - 1};
  switch (fz_below(t, 7)) {
  case 0:
    return x + 1;
  case 1:
    return x - 1;
  case 2:
    return x + fz_below(t, 200);
  case 3:
    return UINT64_C(1) << fz_below(t, 64);
  case 4:
    return fz_random(t) >> fz_below(t, 64);
  case 5:
    return ~x;
  default:
    return marked[fz_below(t, sizeof marked / sizeof marked[0])];
  }
}

/* A generation in the neighbourhood: mostly the same or the next, or a gap, a step back, 0, the greatest. */
static uint64_t other_generation(fz_text *t, uint64_t gen)
{
  switch (fz_below(t, 10)) {
  case 0:
    return 0;
  case 1:
    return UINT64_MAX;
  case 2:
    return gen + 2;
  case 3:
    return gen - 1;
  case 4:
  case 5:
  case 6:
    return gen + 1;
  default:
    return gen;
  }
}

/* The bytes of a payload: a frequency, a sync batch, one that looks like an end mark, or any. */
static void put_payload(fz_text *t, piece *to)
{
  static const uint64_t rates[] = {0, 1, 15625000, 1000000000, UINT64_MAX};
  const size_t kind = fz_below(t, 8);
  const uint64_t rate = rates[fz_below(t, sizeof rates / sizeof rates[0])];
  if (kind == 7) return;
  if (kind > 3) {
    if (kind == 4) put(to, 52);
    for (size_t n = fz_below(t, 20); n > 0; n--) put(to, (unsigned)fz_below(t, 256));
    return;
  }
  if (kind > 0) put(to, 50); /* a sync batch: the frequency and five clocks */
  put(to, 8);
  put_number(to, rate, fz_below(t, 4) == 0 ? 10 : 1);
  if (kind > 0) {
    put(to, 51);
    for (int i = 0; i < 4; i++) put_number(to, fz_below(t, 300), 1);
  }
  if (fz_below(t, 8) == 0) put(to, 0); /* trailing */
}

/* A whole batch of the generation, or an end mark. */
static void put_batch(fz_text *t, piece *to, uint64_t gen, uint64_t time)
{
  piece payload = {.n = 0};
  const size_t kind = fz_below(t, 8);
  if (kind == 0) {
    put(to, 52);
    return;
  }
  put(to, kind == 1 ? 49 : 1);
  if (kind == 1) put(to, (unsigned)fz_below(t, 3));
  put_payload(t, &payload);
  put_number(to, other_generation(t, gen), 1);
  put_number(to, fz_below(t, 5), 1);
  put_number(to, fz_below(t, 3) == 0 ? fz_other_number(t, time) : time, 1);
  put_number(to, payload.n, fz_below(t, 2) == 0 ? 10 : 1);
  memcpy(to->p + to->n, payload.p, payload.n);
  to->n += payload.n;
}

/* Where the field begins in the batch chosen, and how long it is. */
static size_t field_at(const fz_text *t, const choice *c, size_t field, size_t *size)
{
  size_t at = c->at + (c->b.type == 49 ? 2 : 1);
  uint64_t value;
  for (size_t i = 0;; i++) {
    (void)fz_read_number(t->p + at, c->at + c->b.header - at, &value, size);
    if (i == field) return at;
    at += *size;
  }
}

/* Writes a field of the batch anew: another value, or the same in more bytes, maybe in too many. */
static void change_field(fz_text *t, const choice *c)
{
  static const size_t lengths[] = {1, 1, 1, 2, 9, 10, 10, 11};
  const size_t field = fz_below(t, 4);
  const uint64_t old = c->b.field[field];
  size_t size = 0, length = 1;
  const size_t at = field_at(t, c, field, &size);
  uint64_t value = old;
  if (fz_below(t, 3) == 0)
    length = lengths[fz_below(t, sizeof lengths / sizeof lengths[0])];
  else
    value = field == GENERATION ? other_generation(t, old) : fz_other_number(t, old);
  piece p = {.n = 0};
  put_number(&p, value, length);
  if (p.n == 10 && fz_below(t, 8) == 0) p.p[9] = 2; /* one bit too many */
  (void)fz_splice(t, at, size, p.p, p.n);
}

/* Another payload, and the size that says so. */
static void change_payload(fz_text *t, const choice *c)
{
  piece payload = {.n = 0}, p = {.n = 0};
  size_t size = 0;
  const size_t at = field_at(t, c, SIZE, &size);
  put_payload(t, &payload);
  put_number(&p, payload.n, fz_below(t, 2) == 0 ? 10 : 1);
  memcpy(p.p + p.n, payload.p, payload.n);
  (void)fz_splice(t, at, c->at + c->b.whole - at, p.p, p.n + payload.n);
}

/* A payload that is longer by some NULs, and the size that says so. */
static void stretch(fz_text *t, const choice *c)
{
  static const uint8_t nuls[4100] = {0};
  static const size_t lengths[] = {1, 100, 128, 300, 1000, 4096, sizeof nuls};
  const size_t n = lengths[fz_below(t, sizeof lengths / sizeof lengths[0])];
  piece p = {.n = 0};
  size_t size = 0;
  const size_t at = field_at(t, c, SIZE, &size);
  put_number(&p, c->b.field[SIZE] + n, size);
  if (t->cap - t->len < n + p.n || !fz_splice(t, c->at + c->b.whole, 0, nuls, n)) return;
  (void)fz_splice(t, at, size, p.p, p.n);
}

static void change_header(fz_text *t, size_t begin, size_t end)
{
  static const char versions[] = "22232526262111192427";
  uint8_t header[HEADER] = "go 1.26 trace\0\0";
  memcpy(header + 5, versions + 2 * fz_below(t, 10), 2);
  if (fz_below(t, 10) == 0) header[fz_below(t, HEADER)] = (uint8_t)fz_below(t, 256);
  const bool there = end - begin >= HEADER && memcmp(t->p + begin, "go ", 3) == 0;
  (void)fz_splice(t, begin, there ? HEADER : 0, header, HEADER);
}

/* A change that needs no batch. */
static void change_bytes(fz_text *t, size_t begin, size_t end)
{
  piece p = {.n = 0};
  const size_t size = end - begin, at = begin + fz_below(t, size + 1);
  const size_t n = at < end ? 1 + fz_below(t, end - at < 8 ? end - at : 8) : 0;
  switch (fz_below(t, 5)) {
  case 0:
    put_number(&p, fz_other_number(t, fz_below(t, 200)), 1 + fz_below(t, NUMBER_MOST));
    (void)fz_splice(t, at, 0, p.p, p.n);
    break;
  case 1:
    if (n > 0) t->p[at] ^= (uint8_t)(1u << fz_below(t, 8));
    break;
  case 2:
    (void)fz_splice(t, at, n, NULL, 0);
    break;
  case 3: /* the rest is missing */
    (void)fz_splice(t, at, end - at, NULL, 0);
    break;
  default:
    put_batch(t, &p, 1 + fz_below(t, 3), fz_below(t, 1000));
    (void)fz_splice(t, end, 0, p.p, p.n);
  }
}

/* A change to the batch chosen. */
static void change_batch(fz_text *t, const choice *c)
{
  static const uint8_t types[] = {1, 1, 49, 52, 0, 2, 128};
  piece p = {.n = 0};
  const size_t next = c->at + c->b.whole;
  switch (fz_below(t, 9)) {
  case 0:
    put_batch(t, &p, c->gen, c->b.field[TIME]);
    (void)fz_splice(t, fz_below(t, 3) == 0 ? c->at : next, 0, p.p, p.n);
    break;
  case 1:
    (void)fz_splice(t, c->at, c->b.whole, NULL, 0);
    break;
  case 2:
    (void)fz_repeat(t, c->at, c->at, c->b.whole);
    break;
  case 3:
    if (next < c->last) fz_exchange(t, c->at, c->b.whole, c->last - next);
    break;
  case 4:
    t->p[c->at] = types[fz_below(t, sizeof types)];
    break;
  case 5:
    if (c->b.type != 52) change_payload(t, c);
    break;
  case 6:
    if (c->b.type != 52) stretch(t, c);
    break;
  default:
    if (c->b.type != 52) change_field(t, c);
  }
}

size_t fz_mutate_stream(fz_text *t, size_t begin, size_t end)
{
  const size_t behind = t->len - end; /* what follows stays */
  const choice c = choose(t, begin, end);
  const size_t dice = fz_below(t, 16);
  if (dice == 0)
    change_header(t, begin, end);
  else if (dice < 3 || !c.found)
    change_bytes(t, begin, end);
  else
    change_batch(t, &c);
  return t->len - behind;
}
