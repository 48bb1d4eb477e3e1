#define _GNU_SOURCE
#include "command.h"
#include "generation.h"
#include "output.h"
#include "value.h"
#include <argp.h>
#include <stdlib.h>
#include <string.h>

/* Behind a batch that cannot be read, trace_resume looks for the next ones. What was skipped may have been anything: the
 * generations on both sides of the gap are then not blamed for what they lack (a frequency, an end mark, a predecessor).
 * A batch with a number that is neither the active generation's nor the next one is out of sequence and does not count;
 * but if the one behind it has the same number too, or is an end mark, there is a generation of that number. */

typedef struct {
  bool json;
  uint64_t max_errors; /* in each file; 0: all */
  char **files;
  size_t count;
} options;

typedef struct {
  const options *options;
  trace in;
  generation active;
  bool gap;             /* bytes were skipped right before this batch */
  bool lost;            /* batches of the active generation may be missing */
  uint64_t last;        /* number of the generation before the active one; 0: not known */
  uint64_t stray;       /* number of the batch before, if it was out of sequence; else 0 */
  uint64_t newest;      /* the newest time read, ticks */
  uint64_t batches;     /* read so far, end marks included */
  uint64_t generations; /* begun so far */
  uint64_t skipped;     /* bytes */
  uint64_t violations;
} checker;

/* Whether no more violations are wanted, or can be printed. */
static bool enough(const checker *c)
{
  const uint64_t max = c->options->max_errors;
  return (max != 0 && c->violations >= max) || ferror(stdout);
}

/* Tells of a violation: in which generation (0: none), at which batch of the trace, counted from 1 (0: none). After one
 * that hides what follows, `next` is where reading goes on; else 0. */
static void violation(checker *c, const fault *f, uint64_t gen, uint64_t batch, uint64_t next)
{
  if (enough(c)) return;
  c->violations++;
  if (c->options->json) {
    value_print(json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:o}", "kind", "violation", "file",
                          value_text(c->in.name), "offset", value_number(f->offset), "gen",
                          gen != 0 ? value_number(gen) : json_null(), "batch",
                          batch != 0 ? value_number(batch) : json_null(), "rule", f->rule, "what", f->what, "next",
                          next != 0 ? value_number(next) : json_null()));
    return;
  }
  printf("%s:%" PRIu64 ": ", c->in.name, f->offset);
  if (gen != 0) printf("generation %" PRIu64 "%s", gen, batch != 0 ? ", " : ": ");
  if (batch != 0) printf("batch %" PRIu64 ": ", batch);
  printf("%s (%s)", f->what, f->rule);
  if (next != 0) printf("; goes on at %" PRIu64, next);
  putchar('\n');
}

/* The same of the batch that is being read. */
static void blame(checker *c, const trace_batch *b, const char *what, const char *rule)
{
  const fault f = fault_at(what, rule, b->offset);
  violation(c, &f, c->active.begun ? c->active.number : b->head.gen, c->batches, 0);
}

/* The active generation is over. */
static void complete(checker *c)
{
  if (c->active.ticks_per_second == 0 && !c->lost) {
    const fault f = fault_at("a generation without a frequency begins here", "G-4", c->active.offset);
    violation(c, &f, c->active.number, 0, 0);
  }
  c->last = c->active.number;
  c->active = (generation){0};
  c->lost = false;
}

/* Finds to which generation a batch belongs, and ends the active one if it is another. False: to none. */
static bool place(checker *c, const trace_batch *b)
{
  const generation *g = &c->active;
  const uint64_t gen = b->head.gen, before = g->begun ? g->number : c->last;
  const bool believed = c->gap || (gen != 0 && gen == c->stray), marks = c->in.version >= TRACE_END_MARKS_SINCE;
  const bool doubtful = believed || c->stray != 0; /* whether this is the first batch of its generation */
  c->stray = 0;
  if (gen == 0) {
    blame(c, b, "generation number 0", "G-3");
    c->lost = true;
    return false;
  }
  if (g->begun && gen == before) return true;
  if (before != 0 && gen - 1 != before && !believed) {
    blame(c, b, "the generation's number does not follow that of the one before", "G-3");
    c->stray = gen;
    c->lost = true;
    return false;
  }
  if (g->begun) {
    if (marks && !believed) blame(c, b, "a batch of another generation, before the end mark of this one", "G-2");
    complete(c);
  }
  c->lost = c->lost || doubtful;
  return true;
}

/* Whether an end mark ends a generation of which there is only a batch that was out of sequence. */
static bool end_of_stray(checker *c)
{
  if (c->active.begun || c->stray == 0) return false;
  c->last = c->stray;
  c->stray = 0;
  c->lost = false;
  return true;
}

/* Takes in one batch. */
static void take(checker *c, const trace_batch *b)
{
  fault f = {0};
  const bool mark = b->head.type == FR_END_OF_GENERATION;
  c->batches++;
  if (b->head.time > c->newest) c->newest = b->head.time;
  if (c->gap) c->lost = true;
  const bool placed = mark ? !end_of_stray(c) : place(c, b);
  c->gap = false;
  if (!placed) return;
  if (!mark && !c->active.begun) c->generations++;
  if (!generation_add(&c->active, &c->in, b, &f)) {
    violation(c, &f, c->active.begun ? c->active.number : b->head.gen, c->batches, 0);
    if (mark) return;
    generation_count(&c->active, b);
    c->lost = true; /* a frequency at fault is not a missing one */
  }
  if (c->active.ended) complete(c);
}

/* Goes on behind a batch that cannot be read. False: the file cannot be read. */
static bool resume(checker *c, const fault *found, fault *f)
{
  const uint64_t gen = c->active.begun ? c->active.number : c->last, from = c->in.offset;
  if (!trace_resume(&c->in, gen, c->newest, f)) return false;
  c->gap = true;
  c->lost = true;
  c->skipped += c->in.offset - from;
  violation(c, found, c->active.begun ? gen : 0, c->batches + 1, c->in.at < c->in.end ? c->in.offset : 0);
  return true;
}

/* Reads the trace to its end. False: the file cannot be read. */
static bool read_all(checker *c, fault *f)
{
  trace_batch b;
  fault found;
  while (!enough(c)) {
    if (trace_next(&c->in, &b, &found)) {
      take(c, &b);
    } else if (found.what == NULL) {
      break;
    } else if (found.rule == NULL || !resume(c, &found, f)) {
      if (found.rule == NULL) *f = found;
      return false;
    }
  }
  if (!c->active.begun || enough(c)) return true;
  if (c->in.version < TRACE_END_MARKS_SINCE) {
    complete(c);
  } else if (!c->gap) {
    const fault end = fault_at("the file ends before the end mark of its last generation", "G-2", c->in.offset);
    violation(c, &end, c->active.number, 0, 0);
  }
  return true;
}

/* Says how the file as a whole fares. */
static void print_summary(const checker *c)
{
  if (c->options->json) {
    value_print(json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:b}", "kind", "summary", "file",
                          value_text(c->in.name), "conforms", c->violations == 0, "violations",
                          value_number(c->violations), "generations", value_number(c->generations), "batches",
                          value_number(c->batches), "bytes", value_number(c->in.offset), "skipped",
                          value_number(c->skipped), "stopped", c->violations != 0 && enough(c)));
    return;
  }
  printf("%s: ", c->in.name);
  if (c->violations == 0)
    printf("conforms");
  else
    printf("%" PRIu64 " violation%s", c->violations, c->violations == 1 ? "" : "s");
  printf("; %" PRIu64 " generations, %" PRIu64 " batches, %" PRIu64 " bytes", c->generations, c->batches, c->in.offset);
  if (c->skipped != 0) printf(", %" PRIu64 " of them skipped", c->skipped);
  puts(c->violations != 0 && enough(c) ? "; stopped there" : "");
}

/* Checks a file: 0 it conforms, 1 it does not, 2 it cannot be read. */
static int check_file(const options *o, const char *path)
{
  fault f = {0};
  checker c = {.options = o};
  if (trace_open(&c.in, path, false, &f)) {
    (void)read_all(&c, &f);
    trace_close(&c.in);
  } else if (f.rule != NULL) { /* the version says how to read the rest: there is nothing to go on with */
    violation(&c, &f, 0, 0, 0);
    f = (fault){0};
  }
  if (f.what != NULL) {
    fault_print(c.in.name, &f);
    return EXIT_USAGE;
  }
  print_summary(&c);
  return c.violations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  char *end = NULL;
  switch (key) {
  case 'j':
    o->json = true;
    return 0;
  case 'm':
    o->max_errors = strtoull(arg, &end, 10);
    if (strspn(arg, "0123456789") != strlen(arg) || end == arg || o->max_errors == 0)
      argp_error(state, "'%s' is no number of errors; at least 1", arg);
    return 0;
  case ARGP_KEY_ARGS:
    o->files = state->argv + state->next;
    o->count = (size_t)(state->argc - state->next);
    return 0;
  case ARGP_KEY_NO_ARGS:
    argp_error(state, "no FILE");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_check(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"json", 'j', NULL, 0, "Print one JSON object a line; numbers of 64 bits are decimal strings", 0},
    {"max-errors", 'm', "N", 0, "Leave a file behind N violations (default: go on to its end)", 0},
    {0},
  };
  static const struct argp parser = {
    .options = choices,
    .parser = parse,
    .args_doc = "FILE...",
    .doc =
      "Say whether Go execution traces, or snapshots of a flight recorder, are well formed (`-': standard input): each "
      "violation with its offset, generation, batch (counted from 1, end marks included), and rule, then a line for "
      "the "
      "file.\v"
      "The rules are those of spec/rules.md: header B-7 and B-8, batches B-1 to B-6 and V-5, frequencies B-9, B-10 and "
      "G-4, generations G-2 and G-3. Behind a header at fault nothing can be judged. Behind a batch that cannot be "
      "read checking goes on where the next batches seem to begin, and what may lie in between is not missed.\n\n"
      "Memory does not depend on the length of the file. Exit status: 0 all files conform; 1 one does not; 2 wrong "
      "usage, a file that cannot be read, or an output that cannot be written.",
  };
  options o = {.json = false};
  int status = EXIT_SUCCESS;
  argp_parse(&parser, argc, argv, 0, NULL, &o);
  for (size_t i = 0; i < o.count && !ferror(stdout); i++) {
    const int one = check_file(&o, o.files[i]);
    if (one > status) status = one;
  }
  return output_flush() ? status : EXIT_USAGE;
}
