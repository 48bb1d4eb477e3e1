#define _GNU_SOURCE
#include "command.h"
#include "fault.h"
#include "name.h"
#include "output.h"
#include "quantity.h"
#include "rotation.h"
#include "run.h"
#include "timeline.h"
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_SVG = 256 };

typedef struct {
  recording how; /* a case has its own, where nothing is given */
  bool json;
  const char *in, *svg;
} options;

typedef struct {
  const options *options;
  bool is_case;
  timeline *line; /* NULL: no picture is wanted */
} explainer;

/* Why a generation is kept or dropped, in words. */
static void print_reason(const rotation *r, const rotation_entry *e)
{
  char age[QUANTITY_SECONDS], most[QUANTITY_SECONDS];
  quantity_seconds(age, e->next_age);
  quantity_seconds(most, r->limits.min_age);
  printf("%s: ", e->kept ? "kept" : "dropped");
  if (strcmp(e->rule, "P-1") == 0)
    printf("it is the newest");
  else if (e->kept)
    printf("the newer ones have %" PRIu64 " of %" PRId64 " bytes, and begin %s of %s ago", e->newer,
           r->limits.max_bytes, age, most);
  else if (e->beyond)
    printf("it is older than one that goes");
  else if (strcmp(e->rule, "P-2") == 0)
    printf("the newer ones have %" PRIu64 " bytes, more than %" PRId64, e->newer, r->limits.max_bytes);
  else
    printf("the newer ones begin %s ago, more than %s", age, most);
  printf(" (%s)\n", e->rule);
}

static void print_text(const explainer *x, const rotation *r)
{
  char now[QUANTITY_SECONDS], age[QUANTITY_SECONDS];
  quantity_seconds(now, r->now);
  quantity_seconds(age, r->limits.min_age);
  printf("%srotation %" PRIu64 ", at %s %" PRIu64 ", clock %" PRIu64 " (%s): limits %" PRId64 " bytes and %s\n",
         r->number == 1 ? "" : "\n", r->number, x->is_case ? "operation" : "offset", r->where, r->clock, now,
         r->limits.max_bytes, age);
  printf("%12s %12s %18s\n", "GENERATION", "BYTES", "AGE");
  for (size_t i = 0; i < r->count; i++) {
    const rotation_entry *e = &r->entries[i];
    quantity_seconds(age, e->age);
    printf("%12" PRIu64 " %12" PRIu64 " %18s  ", e->gen, e->size, age);
    print_reason(r, e);
  }
}

static json_t *signed_number(int64_t number)
{
  return json_sprintf("%" PRId64, number);
}

static void print_json(const explainer *x, const rotation *r)
{
  json_t *list = json_array();
  for (size_t i = 0; i < r->count; i++) {
    const rotation_entry *e = &r->entries[i];
    json_array_append_new(list,
                          json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:s, s:b}", "gen", value_number(e->gen),
                                    "size", value_number(e->size), "min_time_ns", signed_number(e->min_time), "age_ns",
                                    signed_number(e->age), "newer_bytes", value_number(e->newer), "newer_age_ns",
                                    i == 0 ? json_null() : signed_number(e->next_age), "kept", e->kept, "rule", e->rule,
                                    "beyond", e->beyond));
  }
  value_print(json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", "rotation", "rotation",
                        value_number(r->number), x->is_case ? "op" : "offset", value_number(r->where), "clock",
                        value_number(r->clock), "now_ns", signed_number(r->now), "max_bytes",
                        signed_number(r->limits.max_bytes), "min_age_ns", signed_number(r->limits.min_age),
                        "generations", list));
}

/* Whether the picture alone goes to standard output. */
static bool silent(const options *o)
{
  return o->svg != NULL && strcmp(o->svg, "-") == 0;
}

static void tell(void *self, const rotation *r)
{
  const explainer *x = self;
  if (x->line != NULL) timeline_add(x->line, r);
  if (silent(x->options)) return;
  (x->options->json ? print_json : print_text)(x, r);
}

static void forget(void *self)
{
  const explainer *x = self;
  if (x->line != NULL) timeline_forget(x->line);
  if (silent(x->options)) return;
  if (x->options->json)
    value_print(json_pack("{s:s, s:s}", "kind", "forgotten", "rule", "L-7"));
  else
    puts("\nall generations are forgotten: the recorder was stopped (L-7)");
}

static int explain_trace(const options *o, roomy_watch *watch)
{
  const replay_options replay = {.how = o->how, .in = o->in, .watch = watch};
  return replay_file(&replay);
}

static int explain_case(const options *o, roomy_watch *watch)
{
  const char *name = strcmp(o->in, "-") == 0 ? "standard input" : o->in;
  json_error_t error;
  FILE *in = strcmp(o->in, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : fopen(o->in, "re");
  if (in == NULL) {
    complain("%s: %s", name, strerror(errno));
    return EXIT_USAGE;
  }
  json_t *from = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
  fclose(in);
  if (from == NULL) {
    complain("%s:%d:%d: %s", name, error.line, error.column, error.text);
    return EXIT_USAGE;
  }
  if (o->how.has_system) json_object_set_new(from, "system", json_string(o->how.system->name));
  if (o->how.has_max_bytes) value_set_signed(from, "max_bytes", o->how.max_bytes);
  if (o->how.has_min_age) value_set_signed(from, "min_age_ns", o->how.min_age);
  runner *r = runner_open();
  if (r == NULL) complain("out of memory");
  const bool good = r != NULL && runner_watched(r, from, name, watch);
  runner_close(r);
  json_decref(from);
  return good ? EXIT_SUCCESS : EXIT_USAGE;
}

/* Puts a file in the place of standard input if one cannot go back in that. */
static bool make_seekable(void)
{
  char bytes[65536];
  ssize_t n = 0;
  if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0) return true;
  FILE *copy = tmpfile();
  while (copy != NULL && (n = read(STDIN_FILENO, bytes, sizeof bytes)) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 || fwrite(bytes, 1, (size_t)n, copy) != (size_t)n) break;
  }
  const bool good = copy != NULL && n == 0 && fflush(copy) == 0 && dup2(fileno(copy), STDIN_FILENO) >= 0 &&
    lseek(STDIN_FILENO, 0, SEEK_SET) == 0;
  if (!good) complain("standard input: %s", strerror(errno));
  if (copy != NULL) fclose(copy);
  return good;
}

/* Whether the file is JSON and no trace, by how it begins. What cannot be opened is none: the reader will say why. Nor
 * is a named pipe, from which one reads but once. */
static bool begins_as_json(const char *in)
{
  char first[64];
  struct stat about;
  const bool standard_input = strcmp(in, "-") == 0;
  if (!standard_input && (stat(in, &about) != 0 || !S_ISREG(about.st_mode))) return false;
  const int fd = standard_input ? STDIN_FILENO : open(in, O_RDONLY | O_CLOEXEC);
  const off_t here = fd < 0 ? -1 : lseek(fd, 0, SEEK_CUR);
  const ssize_t n = here < 0 ? 0 : pread(fd, first, sizeof first, here);
  if (fd > STDIN_FILENO) close(fd);
  for (ssize_t i = 0; i < n; i++)
    if (strchr(" \t\r\n", first[i]) == NULL || first[i] == '\0') return first[i] == '{' || first[i] == '[';
  return false;
}

/* Explains, and draws if that is wanted. */
static int explain(const options *o)
{
  explainer x = {.options = o};
  rotation_watch w = {.tell = tell, .forget = forget, .self = &x};
  if (strcmp(o->in, "-") == 0 && !make_seekable()) return EXIT_USAGE;
  x.is_case = begins_as_json(o->in);
  if (o->svg != NULL && (x.line = timeline_open()) == NULL) {
    complain("out of memory");
    return EXIT_USAGE;
  }
  rotation_watch_open(&w);
  int status = (x.is_case ? explain_case : explain_trace)(o, &w.watch);
  if (w.fault != NULL) {
    complain("%s: %s", o->in, w.fault);
    status = EXIT_USAGE;
  }
  if (status == EXIT_SUCCESS && w.rotations == 0 && !silent(o) && !o->json) puts("no generation is completed");
  if (status == EXIT_SUCCESS && x.line != NULL && !timeline_write(x.line, o->in, o->svg)) status = EXIT_USAGE;
  timeline_close(x.line);
  rotation_watch_close(&w);
  return output_flush() ? status : EXIT_USAGE;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &o->how;
    return 0;
  case 'j':
    o->json = true;
    return 0;
  case KEY_SVG:
    o->svg = arg;
    return 0;
  case ARGP_KEY_ARG:
    if (o->in != NULL) argp_error(state, "one TRACE or CASE only; '%s' is too many", arg);
    o->in = arg;
    return 0;
  case ARGP_KEY_END:
    if (o->in == NULL) argp_error(state, "no TRACE or CASE");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_explain(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"json", 'j', NULL, 0, "Print one JSON object a line; numbers of 64 bits are decimal strings", 0},
    {"svg", KEY_SVG, "FILE", 0, "Draw the time line, too; `-': to standard output, and print nothing else", 0},
    {0},
  };
  static const struct argp_child children[] = {{&recording_argp, 0, NULL, 0}, {0}};
  static const struct argp parser = {
    .options = choices,
    .children = children,
    .parser = parse,
    .args_doc = "TRACE|CASE",
    .doc =
      "Say, each time a flight recorder completes a generation, which ones it keeps and which it drops, by which rule, "
      "and with which numbers. The input is a Go execution trace, recorded as by `flightspec replay', or a case as "
      "`flightspec run' takes it, one JSON object (`-': standard input).\v"
      "In a case, system and limits are its own unless they are given here. An age is how long before now the least "
      "time in a generation is; sizes are as the system accounts them. The picture shows the 100 newest generations: "
      "when each was recorded, how long it was kept, what dropped it, and the bytes kept next to the limit.\n\n"
      "Memory depends on what is kept, not on the length of the trace. What comes through a pipe is first copied to a "
      "temporary file. At the first fault all before it is printed, then a message with file, offset and rule; the "
      "exit "
      "status is 2, and there is no picture.",
  };
  options o = {.how = RECORDING_DEFAULT};
  argp_parse(&parser, argc, argv, 0, NULL, &o);
  return explain(&o);
}
