#define _GNU_SOURCE
#include "clock.h"
#include "command.h"
#include "generation.h"
#include "output.h"
#include "value.h"
#include <argp.h>
#include <stdlib.h>

#define NO_THREAD UINT64_MAX /* the thread id of batches that belong to none */

/* The times of a generation, as nanoseconds since the first batch of the trace. */
typedef struct {
  bool known;
  fr_rate rate;
  int64_t first; /* ns of the first batch */
} since_first;

/* One way to print each thing that a dump lists. */
typedef struct {
  void (*header)(const trace *t);
  void (*generation)(const generation *g);
  void (*batch)(const trace_batch *b, uint64_t gen, const since_first *since);
} printer;

typedef struct {
  const char *in;
  bool json;
} options;

/* Nanoseconds since the first batch. */
static int64_t elapsed(const since_first *since, uint64_t time)
{
  return fr_clock_sub(fr_clock_ns(&since->rate, time), since->first);
}

static void text_header(const trace *t)
{
  printf("trace of Go 1.%" PRIu32 "\n", t->version);
}

static void text_generation(const generation *g)
{
  printf("\ngeneration %" PRIu64 ": %" PRIu64 " batches, %" PRIu64 " bytes, ", g->number, g->batches, g->bytes);
  if (g->max_time != 0)
    printf("ticks %" PRIu64 " to %" PRIu64, g->min_time, g->max_time);
  else
    printf("no times");
  if (g->ticks_per_second != 0)
    printf(", %" PRIu64 " a second\n", g->ticks_per_second);
  else
    printf(", no frequency\n");
  printf("%12s  %-14s %6s %10s %20s %6s %16s\n", "OFFSET", "TYPE", "GEN", "M", "TIME", "SIZE", "NS");
}

static void text_batch(const trace_batch *b, uint64_t gen, const since_first *since)
{
  if (b->head.type == FR_END_OF_GENERATION) {
    printf("%12" PRIu64 "  %-14s %6" PRIu64 " %10s %20s %6s %16s\n", b->offset, "end", gen, "-", "-", "-", "-");
    return;
  }
  printf("%12" PRIu64 "  ", b->offset);
  if (b->head.type == FR_EXPERIMENTAL_BATCH)
    printf("experiment %-3" PRIu32, b->head.experiment);
  else
    printf("%-14s", "batch");
  printf(" %6" PRIu64 " ", gen);
  if (b->head.m == NO_THREAD)
    printf("%10s", "-");
  else
    printf("%10" PRIu64, b->head.m);
  printf(" %20" PRIu64 " %6" PRIu64 " ", b->head.time, b->head.size);
  if (since->known)
    printf("%16" PRId64 "\n", elapsed(since, b->head.time));
  else
    printf("%16s\n", "-");
}

static void json_header(const trace *t)
{
  value_print(json_pack("{s:s, s:o, s:i}", "kind", "header", "offset", value_number(0), "version", (int)t->version));
}

static void json_generation(const generation *g)
{
  bool times = g->max_time != 0;
  value_print(json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "generation", "offset",
                        value_number(g->offset), "gen", value_number(g->number), "batches", value_number(g->batches),
                        "bytes", value_number(g->bytes), "min_time", times ? value_number(g->min_time) : json_null(),
                        "max_time", times ? value_number(g->max_time) : json_null(), "ticks_per_second",
                        g->ticks_per_second != 0 ? value_number(g->ticks_per_second) : json_null()));
}

static void json_batch(const trace_batch *b, uint64_t gen, const since_first *since)
{
  json_t *object = json_pack("{s:s, s:o, s:i, s:o}", "kind", "batch", "offset", value_number(b->offset), "type",
                             (int)b->head.type, "gen", value_number(gen));
  if (b->head.type == FR_EXPERIMENTAL_BATCH)
    json_object_set_new(object, "experiment", json_integer(b->head.experiment));
  if (b->head.type != FR_END_OF_GENERATION) {
    json_object_set_new(object, "m", value_number(b->head.m));
    json_object_set_new(object, "time", value_number(b->head.time));
    json_object_set_new(object, "size", json_integer((json_int_t)b->head.size));
    json_object_set_new(object, "ns",
                        since->known ? json_sprintf("%" PRId64, elapsed(since, b->head.time)) : json_null());
  }
  value_print(object);
}

static const printer text_printer = {text_header, text_generation, text_batch};
static const printer json_printer = {json_header, json_generation, json_batch};

/* Reads the generation that begins here, up to its end, the end of the trace, or a fault. */
static void look_ahead(trace *t, generation *g)
{
  trace_batch b;
  fault f = {0};
  *g = (generation){0};
  while (trace_next(t, &b, &f) && generation_takes(g, &b) && generation_add(g, t, &b, &f)) {
  }
}

/* Lists the generation that begins here. `first` is the time of the trace's first batch, set here if it is 0. False: the
 * trace has no more, or there is the fault in *f, or nothing more can be printed. */
static bool dump_generation(trace *t, const printer *print, uint64_t *first, fault *f)
{
  uint64_t begin = t->offset;
  generation whole, read = {0};
  trace_batch b;
  look_ahead(t, &whole);
  if (!trace_seek(t, begin, f)) return false;
  since_first since = {.known = whole.ticks_per_second != 0};
  if (since.known) since.rate = fr_clock_rate(whole.ticks_per_second);
  if (whole.begun) print->generation(&whole);
  while (!read.begun || t->offset - begin < whole.bytes) {
    if (!trace_next(t, &b, f) || !generation_add(&read, t, &b, f)) return false;
    if (*first == 0) *first = b.head.time;
    if (since.known) since.first = fr_clock_ns(&since.rate, *first);
    print->batch(&b, read.number, &since);
    if (ferror(stdout)) return false;
  }
  return true;
}

/* Lists the whole trace. */
static int dump_trace(trace *t, const printer *print)
{
  fault f = {0};
  uint64_t first = 0;
  print->header(t);
  while (dump_generation(t, print, &first, &f)) {
  }
  if (!output_flush()) return EXIT_USAGE;
  if (f.what == NULL) return EXIT_SUCCESS;
  fault_print(t->name, &f);
  return EXIT_USAGE;
}

int dump_file(const char *in, bool json)
{
  trace t;
  fault f = {0};
  if (!trace_open(&t, in, true, &f)) {
    fault_print(t.name, &f);
    return EXIT_USAGE;
  }
  const int status = dump_trace(&t, json ? &json_printer : &text_printer);
  trace_close(&t);
  return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  switch (key) {
  case 'j':
    o->json = true;
    return 0;
  case ARGP_KEY_ARG:
    if (o->in != NULL) argp_error(state, "one TRACE only; '%s' is too many", arg);
    o->in = arg;
    return 0;
  case ARGP_KEY_END:
    if (o->in == NULL) argp_error(state, "no TRACE");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_dump(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"json", 'j', NULL, 0, "Print one JSON object a line; numbers of 64 bits are decimal strings", 0},
    {0},
  };
  static const struct argp parser = {
    .options = choices,
    .parser = parse,
    .args_doc = "TRACE",
    .doc =
      "List the Go execution trace in TRACE (`-': standard input): its header, each generation, and each batch with "
      "the offset of its first byte, type, generation, thread, time in ticks, payload size, and nanoseconds since "
      "the first batch.\v"
      "Memory does not depend on the length of the trace. What comes through a pipe is first copied to a temporary "
      "file. At the first fault, all before it is printed, then a message with file, offset and rule; the exit "
      "status is 2.",
  };
  options o = {.json = false};
  argp_parse(&parser, argc, argv, 0, NULL, &o);
  return dump_file(o.in, o.json);
}
