#define _GNU_SOURCE
#include "clock.h"
#include "command.h"
#include "generation.h"
#include "output.h"
#include "quantity.h"
#include "snapshot.h"
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define ARENA_AT_FIRST ((size_t)256 * 1024) /* more than any batch */
#define SLOTS_AT_FIRST 16u

enum { KEY_MAX_BYTES = 256, KEY_MIN_AGE };

typedef struct {
  int64_t max_bytes;
  int64_t min_age; /* ns */
  const char *in, *out;
} options;

typedef struct {
  const options *limits;
  trace in;
  fr_ring ring;
  uint8_t *arena;
  uint64_t *table;
  generation active;
  uint64_t complete; /* how many generations were completed */
  uint64_t last;     /* the number of the last of them */
  uint64_t newest;   /* the newest time read, ticks */
} replay;

/* Gives the ring an arena twice as large. */
static bool grow_arena(replay *r, fault *f)
{
  size_t cap = r->ring.store.cap;
  uint8_t *larger = cap <= FR_STORE_MAX / 2 ? malloc(2 * cap) : NULL;
  if (larger == NULL || fr_ring_move_arena(&r->ring, larger, 2 * cap) != FR_OK) {
    free(larger);
    *f = fault_of(FR_NO_SPACE, r->in.offset);
    return false;
  }
  free(r->arena);
  r->arena = larger;
  return true;
}

/* A table of so many slots; t->start is what is to be freed. False: out of memory. */
static bool make_table(fr_table *t, uint32_t slots)
{
  uint64_t *columns = calloc(slots, 5 * sizeof *columns);
  if (columns == NULL) return false;
  *t = (fr_table){
    .start = columns,
    .account = columns + slots,
    .gen = columns + 2 * (size_t)slots,
    .min_time = (int64_t *)(columns + 3 * (size_t)slots),
    .stamp = columns + 4 * (size_t)slots,
    .slots = slots,
  };
  return true;
}

/* Gives the ring a table twice as large. */
static bool grow_table(replay *r, fault *f)
{
  fr_table larger = {0};
  uint32_t slots = r->ring.table.slots;
  if (slots > UINT32_MAX / 2 || !make_table(&larger, 2 * slots) || fr_ring_move_table(&r->ring, &larger) != FR_OK) {
    free(larger.start);
    *f = fault_of(FR_NO_SPACE, r->in.offset);
    return false;
  }
  free(r->table);
  r->table = larger.start;
  return true;
}

/* Completes the active generation; the newest time read so far is the clock. */
static bool complete(replay *r, fault *f)
{
  generation *g = &r->active;
  if (g->ticks_per_second == 0) {
    *f = fault_at("a generation without a frequency begins here", "G-4", g->offset);
    return false;
  }
  fr_rate rate = fr_clock_rate(g->ticks_per_second);
  fr_ring_label(&r->ring, g->number, g->min_time == 0 ? 0 : fr_clock_ns(&rate, g->min_time), g->min_time);
  int64_t now = fr_clock_ns(&rate, r->newest);
  while (fr_ring_rotate(&r->ring, now, r->limits->max_bytes, r->limits->min_age) != FR_OK)
    if (!grow_table(r, f)) return false;
  r->complete++;
  r->last = g->number;
  *g = (generation){0};
  return true;
}

/* Checks that the batch may begin a generation. */
static bool may_begin(const replay *r, const trace_batch *b, fault *f)
{
  if (b->head.type == FR_END_OF_GENERATION) return true; /* generation_add knows that this may not be */
  if (b->head.gen == 0)
    *f = fault_at("generation number 0", "G-3", b->offset);
  else if (r->complete > 0 && b->head.gen != r->last + 1)
    *f = fault_at("the generation's number does not follow that of the one before", "G-3", b->offset);
  return f->what == NULL;
}

/* Takes in one batch. */
static bool take(replay *r, const trace_batch *b, fault *f)
{
  generation *g = &r->active;
  if (b->head.time > r->newest) r->newest = b->head.time;
  if (!generation_takes(g, b)) {
    if (r->in.version >= TRACE_END_MARKS_SINCE) {
      *f = fault_at("a batch of another generation, before the end mark of this one", "G-2", b->offset);
      return false;
    }
    if (!complete(r, f)) return false;
  }
  if (!g->begun && !may_begin(r, b, f)) return false;
  if (!generation_add(g, &r->in, b, f)) return false;
  while (fr_ring_append(&r->ring, b->bytes, b->size, b->size) != FR_OK)
    if (!grow_arena(r, f)) return false;
  return !g->ended || complete(r, f);
}

/* Reads the trace to its end. */
static bool read_all(replay *r, fault *f)
{
  trace_batch b;
  while (trace_next(&r->in, &b, f))
    if (!take(r, &b, f)) return false;
  if (f->what != NULL) return false;
  if (!r->active.begun) return true;
  if (r->in.version >= TRACE_END_MARKS_SINCE) {
    *f = fault_at("the file ends before the end mark of its last generation", "G-2", r->in.offset);
    return false;
  }
  return complete(r, f);
}

/* Says what was kept. */
static void print_summary(const replay *r)
{
  size_t bytes = fr_snapshot_size(&r->ring);
  fr_generation oldest;
  fr_ring_generation(&r->ring, 0, &oldest);
  if (r->ring.n == 0)
    complain("no generation in %s; the snapshot is the header alone, %zu bytes", r->in.name, bytes);
  else
    complain("kept generations %" PRIu64 "..%" PRIu64 " (%" PRIu32 " of %" PRIu64 "), %zu bytes", oldest.gen, r->last,
             r->ring.n, r->complete, bytes);
}

/* Reads, keeps, and writes what was kept. */
static int replay_trace(replay *r)
{
  fault f = {0};
  fr_segment segments[3];
  fr_table table = {0};
  r->arena = malloc(ARENA_AT_FIRST);
  if (r->arena == NULL || !make_table(&table, SLOTS_AT_FIRST)) {
    complain("out of memory");
    return EXIT_USAGE;
  }
  r->table = table.start;
  fr_ring_init(&r->ring, r->arena, ARENA_AT_FIRST, &table);
  if (!read_all(r, &f)) {
    fault_print(r->in.name, &f);
    return EXIT_USAGE;
  }
  fr_snapshot_segments(&r->ring, r->in.header, segments);
  if (!output_write(r->limits->out, segments, 3)) return EXIT_USAGE;
  print_summary(r);
  return EXIT_SUCCESS;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  uint64_t bytes = 0;
  switch (key) {
  case KEY_MAX_BYTES:
    if (!quantity_bytes(arg, &bytes)) argp_error(state, "'%s' is no size; examples: 4096, 64k, 10M, 1G", arg);
    o->max_bytes = bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX; /* no ring holds more */
    return 0;
  case KEY_MIN_AGE:
    if (!quantity_duration(arg, &o->min_age))
      argp_error(state, "'%s' is no duration; examples: 10s, 500ms, 1m30s", arg);
    return 0;
  case 'o':
    o->out = arg;
    return 0;
  case ARGP_KEY_ARG:
    if (o->in != NULL) argp_error(state, "one TRACE only; '%s' is too many", arg);
    o->in = arg;
    return 0;
  case ARGP_KEY_END:
    if (o->in == NULL) argp_error(state, "no TRACE");
    if (o->out == NULL) argp_error(state, "no SNAPSHOT: --output is missing");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_replay(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"max-bytes", KEY_MAX_BYTES, "N", 0, "Keep about N bytes: a number, or one with k, M or G behind it (default 10M)",
     0},
    {"min-age", KEY_MIN_AGE, "D", 0, "Keep at least the last D: 10s, 500ms, 1m30s, 1h, ... (default 10s)", 0},
    {"output", 'o', "SNAPSHOT", 0, "Write the snapshot to this file; `-' is standard output", 0},
    {0},
  };
  static const struct argp parser = {
    .options = choices,
    .parser = parse,
    .args_doc = "TRACE -o SNAPSHOT",
    .doc =
      "Run the Go execution trace in TRACE (`-': standard input) through the flight recorder, and write the snapshot "
      "that it would have given at the end.\v"
      "A generation ends at its end mark (since Go 1.26), or before the first batch of the next one, or at the end of "
      "the file. It is then completed, and older ones go: from the newest to the oldest, none is taken any more "
      "once those taken are larger than N together, or the last one taken began more than D ago. So the newest one "
      "always stays, and the limits are passed by one generation at most. The clock is the newest time of all batches "
      "read so far, including the one that ends the generation. A trace without a complete generation gives a "
      "snapshot of the header alone. Memory depends on what is kept and on the largest generation, not on the "
      "length of the trace.\n\n"
      "SNAPSHOT comes to be as a whole or not at all. A trace that breaks a rule of the format gives a message with "
      "file, offset and rule, exit status 2, and no snapshot.",
  };
  options limits = {.max_bytes = INT64_C(10) << 20, .min_age = INT64_C(10000000000)};
  fault f = {0};
  argp_parse(&parser, argc, argv, 0, NULL, &limits);
  replay r = {.limits = &limits};
  if (!trace_open(&r.in, limits.in, false, &f)) {
    fault_print(r.in.name, &f);
    return EXIT_USAGE;
  }
  int status = replay_trace(&r);
  trace_close(&r.in);
  free(r.arena);
  free(r.table);
  return status;
}
