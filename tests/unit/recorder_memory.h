#ifndef RECORDER_MEMORY_H
#define RECORDER_MEMORY_H

/* Recorders over memory of their own, and the bytes of traces to write to them. */

#include "ring_memory.h"
#include "recorder.h"

typedef struct {
  fr_recorder r;
  uint8_t *arena, *pending;
  fr_table table;
} machine;

static inline machine *make_machine(uint32_t system, size_t cap, uint32_t slots)
{
  machine *m = block(1, sizeof *m);
  m->arena = block(cap, 1);
  m->table = make_table(slots);
  m->pending = fr_systems[system].framing == FR_FRAMING_STREAM ? block(FR_BATCH_MAX, 1) : NULL;
  fr_recorder_init(&m->r, &fr_systems[system], m->arena, cap, &m->table, m->pending);
  return m;
}

/* One with memory for all that these tests write, and without limits. */
static inline machine *make_large(uint32_t system)
{
  machine *m = make_machine(system, 1U << 16, 64);
  fr_recorder_set(&m->r, INT64_MAX, INT64_MAX);
  return m;
}

/* The same, started, with a clock of 10^9 ticks a second. */
static inline machine *make_started(uint32_t system)
{
  machine *m = make_large(system);
  assert_int_equal(fr_recorder_start(&m->r, 1000000000), FR_OK);
  return m;
}

static inline void free_machine(machine *m)
{
  free(m->arena);
  free(m->pending);
  free_table(&m->table);
  free(m);
}

/* The number of the active generation, and the least time in it as it is measured; 0: not known. */
static inline uint64_t active_gen(const machine *m)
{
  return m->r.keeper.ring.table.gen[m->r.keeper.ring.n];
}

static inline uint64_t active_stamp(const machine *m)
{
  return m->r.keeper.ring.table.stamp[m->r.keeper.ring.n];
}

/* More memory: an arena of cap bytes, a table of `slots` entries. */
static inline void move_machine(machine *m, size_t cap, uint32_t slots)
{
  uint8_t *const arena = block(cap, 1);
  const fr_table table = make_table(slots);
  assert_int_equal(fr_ring_move_arena(&m->r.keeper.ring, arena, cap), FR_OK);
  assert_int_equal(fr_ring_move_table(&m->r.keeper.ring, &table), FR_OK);
  free(m->arena);
  free_table(&m->table);
  m->arena = arena;
  m->table = table;
}

/* Bytes of a trace. */
typedef struct {
  uint8_t bytes[4096];
  size_t n;
} text;

static inline void put_byte(text *t, unsigned byte)
{
  assert_true(t->n < sizeof t->bytes);
  t->bytes[t->n++] = (uint8_t)byte;
}

static inline void put_bytes(text *t, const void *p, size_t n)
{
  for (size_t i = 0; i < n; i++) put_byte(t, ((const uint8_t *)p)[i]);
}

static inline void put_number(text *t, uint64_t x)
{
  for (; x > 127; x >>= 7) put_byte(t, (unsigned)(x & 127) | 128);
  put_byte(t, (unsigned)x);
}

/* The header of a trace of Go 1.`version`. */
static inline void put_header(text *t, unsigned version)
{
  char header[FR_HEADER_SIZE + 1] = "go 1.NN trace\0\0";
  header[5] = (char)('0' + version / 10);
  header[6] = (char)('0' + version % 10);
  put_bytes(t, header, FR_HEADER_SIZE);
}

/* An event batch, whose length is written as Go does: in ten bytes. */
static inline void put_batch(text *t, uint64_t gen, uint64_t time, const void *payload, size_t n)
{
  put_byte(t, FR_EVENT_BATCH);
  put_number(t, gen);
  put_number(t, 3);
  put_number(t, time);
  put_byte(t, (unsigned)n | 128);
  for (int i = 0; i < 8; i++) put_byte(t, 128);
  put_byte(t, 0);
  put_bytes(t, payload, n);
}

/* The same with a header as short as it can be. */
static inline void put_short(text *t, uint64_t gen, uint64_t time, const void *payload, size_t n)
{
  put_byte(t, FR_EVENT_BATCH);
  put_number(t, gen);
  put_number(t, 3);
  put_number(t, time);
  put_number(t, n);
  put_bytes(t, payload, n);
}

/* Payloads that say a clock of 10^9 ticks a second, up to Go 1.24 and from Go 1.25 on. */
#define PLAIN "\x08\x80\x94\xeb\xdc\x03"
#define SYNC "\x32\x08\x80\x94\xeb\xdc\x03\x33\x01\x02\x03\x04"

static inline void put_frequency(text *t, unsigned version, uint64_t gen, uint64_t time)
{
  if (version < 25)
    put_batch(t, gen, time, BYTES(PLAIN));
  else
    put_batch(t, gen, time, BYTES(SYNC));
}

/* Writes p[0 .. n - 1] at time `clock`: what it says, and how much it says was taken. */
static inline void assert_write(machine *m, const uint8_t *p, size_t n, uint64_t clock, fr_status status, int64_t taken)
{
  uint8_t *const bytes = exact(p, n);
  int64_t got = -77;
  assert_int_equal(fr_recorder_write(&m->r, bytes, n, clock, &got), status);
  assert_int_equal(got, taken);
  free(bytes);
}

static inline void write_text(machine *m, const text *t)
{
  assert_write(m, t->bytes, t->n, 0, FR_OK, (int64_t)t->n);
}

/* The snapshot as bytes. */
static inline text snapshot(const machine *m)
{
  fr_segment seg[3] = {{NULL, 0}};
  text t = {.n = 0};
  assert_int_equal(fr_recorder_snapshot(&m->r, seg), FR_OK);
  for (size_t i = 0; i < COUNT(seg); i++) put_bytes(&t, seg[i].base, seg[i].len);
  return t;
}

static inline void assert_text(const text *got, const text *want)
{
  assert_int_equal(got->n, want->n);
  assert_memory_equal(got->bytes, want->bytes, want->n);
}

static inline void assert_snapshot(const machine *m, const text *want)
{
  const text got = snapshot(m);
  assert_text(&got, want);
}

/* A trace, and where its writes end. */
typedef struct {
  text all;
  size_t cut[64], cuts;
} script;

static inline void cut(script *s)
{
  assert_true(s->cuts < COUNT(s->cut));
  s->cut[s->cuts++] = s->all.n;
}

/* A trace that `system` reads, of `complete` generations from 1 on and one that is not; *want: what a snapshot without
 * limits shows of it. Times are 10 * generation and 5 more. */
static inline void put_script(script *s, uint32_t system, uint64_t complete, text *want)
{
  const bool marks = system == FR_RUNTIME || system == FR_STRICT;
  const unsigned version = marks ? 26 : 22;
  void (*const shown)(text *, uint64_t, uint64_t, const void *, size_t) = marks ? put_batch : put_short;
  *s = (script){.cuts = 0};
  *want = (text){.n = 0};
  put_header(&s->all, version);
  put_header(want, version);
  for (uint64_t gen = 1; gen <= complete + 1; gen++) {
    put_frequency(&s->all, version, gen, 10 * gen);
    cut(s);
    put_batch(&s->all, gen, 10 * gen + 5, "payload", (size_t)(gen % 7));
    cut(s);
    if (gen > complete) return;
    shown(want, gen, 10 * gen, marks ? SYNC : PLAIN, marks ? sizeof SYNC - 1 : sizeof PLAIN - 1);
    shown(want, gen, 10 * gen + 5, "payload", (size_t)(gen % 7));
    if (!marks) continue;
    put_byte(&s->all, FR_END_OF_GENERATION);
    cut(s);
    put_byte(want, FR_END_OF_GENERATION);
  }
}

/* Writes it all, write by write; times go up with the position. */
static inline void write_script(machine *m, const script *s)
{
  size_t at = 0;
  for (size_t i = 0; i < s->cuts; i++) {
    const size_t n = s->cut[i] - at;
    assert_write(m, s->all.bytes + at, n, at, FR_OK, (int64_t)n);
    if (m->r.keeper.system->rotation == FR_ROTATION_MARK && n == 1)
      assert_int_equal(fr_recorder_end_generation(&m->r, at), FR_OK);
    at += n;
  }
}

#endif
