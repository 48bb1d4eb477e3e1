#define _GNU_SOURCE
#include "command.h"
#include "frequency.h"
#include "generation.h"
#include "name.h"
#include "output.h"
#include "quantity.h"
#include "roomy.h"
#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>

typedef struct {
  const replay_options *limits;
  trace in;
  roomy memory;
  generation active; /* as the trace has it */
  uint64_t complete; /* how many generations the trace completed */
  uint64_t last;     /* the number of the last of them */
  uint64_t newest;   /* the newest time read, ticks */
  uint64_t refused;  /* writes that the recorder did not take */
  fr_status status;  /* of the first of these */
  uint64_t offset;   /* and where it was */
} replay;

/* Whether the trace is held to every rule; the systems that exist take what they take. */
static bool strict(const replay *r)
{
  return r->limits->how.system->error == FR_ERROR_ENDS;
}

/* Writes to the recorder. False: out of memory, or an error of the strict one. */
static bool feed(replay *r, const uint8_t *p, size_t len, uint64_t offset, fault *f)
{
  int64_t n;
  if (r->memory.watch != NULL) r->memory.watch->where = offset;
  const fr_status status = roomy_write(&r->memory, p, len, r->newest, &n);
  if (status == FR_OK) return true;
  if (r->refused++ == 0) {
    r->status = status;
    r->offset = offset;
  }
  if (!strict(r) && status != FR_NO_SPACE) return true;
  *f = fault_of(status, offset);
  return false;
}

/* Tells the recorder that the generation is over, if it is one that is told. */
static bool end_generation(replay *r, fault *f)
{
  if (r->limits->how.system->rotation == FR_ROTATION_NEXT) return true;
  if (r->memory.watch != NULL) r->memory.watch->where = r->in.offset;
  const fr_status status = roomy_end_generation(&r->memory, r->newest);
  if (status != FR_OK) *f = fault_of(status, r->in.offset);
  return status == FR_OK;
}

/* Checks that the active generation of the trace may end. */
static bool may_end(const replay *r, fault *f)
{
  if (!strict(r) || r->active.ticks_per_second != 0) return true;
  *f = fault_at("a generation without a frequency begins here", "G-4", r->active.offset);
  return false;
}

/* The active generation of the trace is over; `tell`: the recorder does not see that for itself. */
static bool complete(replay *r, bool tell, fault *f)
{
  if (!may_end(r, f)) return false;
  r->complete++;
  r->last = r->active.number;
  r->active = (generation){0};
  return !tell || end_generation(r, f);
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

/* Adds a batch to what is known of the trace's active generation. False: a fault that the strict recorder minds. */
static bool add(replay *r, const trace_batch *b, fault *f)
{
  fault found = {0};
  if ((r->active.begun || may_begin(r, b, &found)) && generation_add(&r->active, &r->in, b, &found)) return true;
  if (strict(r)) *f = found;
  return !strict(r);
}

/* Takes in one batch. */
static bool take(replay *r, const trace_batch *b, fault *f)
{
  generation *g = &r->active;
  const bool marks = r->in.version >= TRACE_END_MARKS_SINCE;
  if (b->head.time > r->newest) r->newest = b->head.time;
  if (!generation_takes(g, b)) {
    if (strict(r) && marks) {
      *f = fault_at("a batch of another generation, before the end mark of this one", "G-2", b->offset);
      return false;
    }
    if (!complete(r, !strict(r) && !marks, f)) return false;
  }
  if (!add(r, b, f) || (g->ended && !may_end(r, f))) return false;
  if (!feed(r, b->bytes, b->size, b->offset, f)) return false;
  return !g->ended || complete(r, !strict(r), f);
}

/* Reads the trace to its end. */
static bool read_all(replay *r, fault *f)
{
  trace_batch b;
  const bool marks = r->in.version >= TRACE_END_MARKS_SINCE;
  if (!feed(r, r->in.header, FR_HEADER_SIZE, 0, f)) return false;
  while (trace_next(&r->in, &b, f))
    if (!take(r, &b, f)) return false;
  if (f->what != NULL) return false;
  if (!r->active.begun) return true;
  if (strict(r) && marks) {
    *f = fault_at("the file ends before the end mark of its last generation", "G-2", r->in.offset);
    return false;
  }
  return marks || complete(r, true, f);
}

/* The ticks per second of the trace, for systems that are given them; 0: it does not say. */
static bool find_frequency(replay *r, uint64_t *ticks_per_second, fault *f)
{
  trace_batch b;
  *ticks_per_second = 0;
  while (*ticks_per_second == 0 && trace_next(&r->in, &b, f))
    if (b.head.type == FR_EVENT_BATCH)
      (void)fr_frequency_find(b.payload, (size_t)b.head.size, r->in.version, ticks_per_second);
  return f->what == NULL && trace_seek(&r->in, FR_HEADER_SIZE, f);
}

/* Says what was not taken. */
static void print_refused(const replay *r)
{
  if (r->refused > 0)
    complain("%" PRIu64 " writes refused, the first at offset %" PRIu64 ": %s", r->refused, r->offset,
             status_name(r->status));
}

/* Says what was kept. */
static void print_summary(const replay *r)
{
  const fr_ring *ring = &r->memory.recorder.keeper.ring;
  size_t bytes = fr_snapshot_size(ring);
  fr_generation oldest, newest;
  print_refused(r);
  if (ring->n == 0) {
    complain("no generation in %s; the snapshot is the header alone, %zu bytes", r->in.name, bytes);
    return;
  }
  fr_ring_generation(ring, 0, &oldest);
  fr_ring_generation(ring, ring->n - 1, &newest);
  complain("kept generations %" PRIu64 "..%" PRIu64 " (%" PRIu32 " of %" PRIu64 "), %zu bytes", oldest.gen, newest.gen,
           ring->n, r->complete, bytes);
}

/* Writes what the recorder kept. */
static int write_snapshot(const replay *r)
{
  fr_segment segments[3];
  const fr_status status = fr_recorder_snapshot(&r->memory.recorder, segments);
  if (status != FR_OK) {
    complain("%s: no snapshot: %s; the first write refused was at offset %" PRIu64 ": %s", r->in.name,
             status_name(status), r->offset, status_name(r->status));
    return EXIT_USAGE;
  }
  if (!output_write(r->limits->out, segments, 3)) return EXIT_USAGE;
  print_summary(r);
  return EXIT_SUCCESS;
}

/* Reads, keeps, and writes what was kept. */
static int replay_trace(replay *r)
{
  fault f = {0};
  uint64_t ticks_per_second = 0;
  const replay_options *o = r->limits;
  if (!roomy_open(&r->memory)) {
    complain("out of memory");
    return EXIT_USAGE;
  }
  r->memory.watch = o->watch;
  roomy_reset(&r->memory, o->how.system);
  fr_recorder_set(&r->memory.recorder, o->how.max_bytes, o->how.min_age);
  if (o->how.system->frequency == FR_FREQUENCY_GIVEN) (void)find_frequency(r, &ticks_per_second, &f);
  (void)fr_recorder_start(&r->memory.recorder, ticks_per_second);
  if (f.what == NULL && read_all(r, &f)) {
    if (o->out != NULL) return write_snapshot(r);
    print_refused(r);
    return EXIT_SUCCESS;
  }
  fault_print(r->in.name, &f);
  return EXIT_USAGE;
}

int replay_file(const replay_options *limits)
{
  replay r = {.limits = limits};
  fault f = {0};
  if (!trace_open(&r.in, limits->in, limits->how.system->frequency == FR_FREQUENCY_GIVEN, &f)) {
    fault_print(r.in.name, &f);
    return EXIT_USAGE;
  }
  const int status = replay_trace(&r);
  trace_close(&r.in);
  roomy_close(&r.memory);
  return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  replay_options *o = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &o->how;
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
    {"output", 'o', "SNAPSHOT", 0, "Write the snapshot to this file; `-' is standard output", 0},
    {0},
  };
  static const struct argp_child children[] = {{&recording_argp, 0, NULL, 0}, {0}};
  static const struct argp parser = {
    .options = choices,
    .children = children,
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
      "Another system than strict gets the trace as its tracer would write it, the header and each batch a write, goes "
      "on after errors as it does, and completes only what it would complete; how many writes it refused is said at "
      "the "
      "end.\n\n"
      "SNAPSHOT comes to be as a whole or not at all. A trace that breaks a rule of the format gives a message with "
      "file, offset and rule, exit status 2, and no snapshot.",
  };
  replay_options limits = {.how = RECORDING_DEFAULT};
  argp_parse(&parser, argc, argv, 0, NULL, &limits);
  return replay_file(&limits);
}
