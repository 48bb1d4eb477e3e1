#define _GNU_SOURCE
#include "conform.h"
#include "command.h"
#include "fault.h"
#include "generate.h"
#include "name.h"
#include "output.h"
#include "quantity.h"
#include "shrink.h"
#include <argp.h>
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FLIGHTSPEC_VECTORS /* the Makefile says where they lie */
#define FLIGHTSPEC_VECTORS "corpus/vectors"
#define FLIGHTSPEC_GENERATOR "tests/conform/generate"
#endif

#define CASES_MAX 1000000000u
#define KINDS_SHOWN 10 /* kinds of failures that are made small and shown whole */

typedef struct {
  const char *system, *vectors, *generator, *filter;
  const char *as;                   /* the system that the testee is told to be; NULL: the same */
  const char *json, *junit, *known; /* files; NULL: none */
  uint64_t seed, cases, jobs;
  bool whole;      /* failing cases stay as they are */
  bool strict;     /* a warning is a failure */
  bool update;     /* the file of known differences is written anew */
  int64_t timeout; /* ns */
  char **argv;     /* of the testee */
} options;

/* Where cases come from: vectors in the order of their file, or else the generator. */
typedef struct {
  const char *filter; /* glob of the ids; NULL: all */
  json_t *vectors;
  size_t next;
  generator random;
} source;

static json_t *next_case(source *from)
{
  if (from->vectors == NULL) return generator_next(&from->random);
  return json_incref(json_array_get(from->vectors, from->next++));
}

static json_t *next_wanted(void *state)
{
  source *from = state;
  for (;;) {
    json_t *one = next_case(from);
    const char *id = json_string_value(json_object_get(one, "id"));
    if (one == NULL || from->filter == NULL || (id != NULL && fnmatch(from->filter, id, 0) == 0)) return one;
    json_decref(one);
  }
}

/* The vectors of the system. NULL: why not was said. */
static json_t *read_vectors(const options *o)
{
  char *name = NULL;
  json_error_t error;
  if (asprintf(&name, "%s/%s.json", o->vectors, o->system) < 0) return NULL;
  json_t *all = NULL;
  FILE *in = fopen(name, "r");
  if (in == NULL) {
    complain("%s: %s", name, strerror(errno));
    free(name);
    return NULL;
  }
  all = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
  fclose(in);
  if (all == NULL) complain("%s:%d:%d: %s", name, error.line, error.column, error.text);
  if (all != NULL && !json_is_array(all)) complain("%s: not a list of vectors", name);
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *one = json_array_get(all, i);
    if (json_is_string(json_object_get(one, "id")) && json_is_array(json_object_get(one, "want"))) continue;
    complain("%s: vector %zu: no `id' or no `want'", name, i);
    json_decref(all);
    all = NULL;
  }
  free(name);
  if (json_is_array(all)) return all;
  json_decref(all);
  return NULL;
}

/* Draws how far it is, on a terminal. */
static void progress(const session *s)
{
  const int width = 40, done = s->total > 0 ? (int)(s->n * (size_t)width / s->total) : 0;
  fprintf(stderr, "\r[%.*s%.*s] %zu of %zu, %zu failed", done, "########################################", width - done,
          "                                        ", s->n, s->total, s->failed);
}

/* Makes the first failures small, as many as are shown whole. */
static void make_small(const options *o, session *s)
{
  for (size_t i = 0; i < s->kinds && i < KINDS_SHOWN && !o->whole && testee_interrupted() == 0; i++)
    s->failures[i].small = shrink(s, &s->failures[i], &s->failures[i].small_got);
}

/* What is found of one sort of cases. */
static void count(const session *s, bool random)
{
  size_t n[RESULTS] = {0}, all = 0;
  for (size_t i = 0; i < s->n; i++)
    if (s->results[i].random == random) {
      n[result_verdict(&s->results[i])]++;
      all++;
    }
  printf("%zu %s, %zu failed", all, random ? "random cases" : "vectors", n[RESULT_FAILED] + n[RESULT_UNEXPECTED]);
  if (n[RESULT_WARNED] > 0) printf(", %zu warned", n[RESULT_WARNED]);
  if (n[RESULT_KNOWN] > 0) printf(", %zu differ as known", n[RESULT_KNOWN]);
}

/* Prints what was found. */
static void print_all(const options *o, const session *s)
{
  for (size_t i = 0; i < s->kinds && i < KINDS_SHOWN; i++) {
    report_failure(stdout, &s->failures[i]);
    if (s->failures[i].small == NULL && !o->whole)
      puts("  by itself it does not fail so, or it wants what `flightspec run' does not do: it is as it was");
  }
  for (size_t i = KINDS_SHOWN; i < s->kinds; i++)
    printf("%s%s %zu times: %s\n", i == KINDS_SHOWN ? "\n" : "", s->failures[i].warns ? "WARN" : "FAIL",
           s->failures[i].count, s->failures[i].kind);
  report_unexpected(stdout, s);
  report_rules(stdout, s);
  printf("%s%s: ", s->kinds > 0 ? "\n" : "", o->system);
  count(s, false);
  if (o->cases > 0) fputs("; ", stdout);
  if (o->cases > 0) count(s, true);
  if (o->cases > 0) printf(" (seed %" PRIu64 ")", o->seed);
  if (session_gave_up(s)) printf("; given up after %d in a row without an outcome", SILENT_MAX);
  putchar('\n');
}

/* Tells the results, on standard output and in files, and gives the exit status that they have. */
static int tell(const options *o, session *s)
{
  size_t failed = 0;
  if (s->n == 0) {
    complain("no case to try");
    return EXIT_USAGE;
  }
  make_small(o, s);
  if (testee_interrupted() != 0) return EXIT_USAGE;
  print_all(o, s);
  if (!output_flush()) return EXIT_USAGE;
  if (o->json != NULL && !report_json(o->json, s, o->system, o->seed)) return EXIT_USAGE;
  if (o->junit != NULL && !report_junit(o->junit, s, o->system)) return EXIT_USAGE;
  if (o->update && !session_gave_up(s) && !report_known(o->known, s)) return EXIT_USAGE;
  for (size_t i = 0; i < s->n; i++) {
    const verdict v = result_verdict(&s->results[i]);
    const bool written = o->update && (v == RESULT_UNEXPECTED || !s->results[i].random);
    failed += (v == RESULT_FAILED || v == RESULT_UNEXPECTED) && !written;
  }
  return failed == 0 && !session_gave_up(s) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Runs all cases. False: this program has to end, which was said. */
static bool run_all(const options *o, session *s, json_t *vectors)
{
  source from = {.filter = o->filter, .vectors = vectors};
  if (!session_run(s, next_wanted, &from, false)) return false;
  if (o->cases == 0 || session_gave_up(s)) return true;
  from.vectors = NULL;
  if (!generator_open(&from.random, o->generator, o->system, o->seed, o->cases, s->oracle)) return false;
  const bool good = session_run(s, next_wanted, &from, true);
  return generator_close(&from.random, good && !session_gave_up(s)) && good;
}

/* Runs the cases and tells what came of them. */
static int try_all(const options *o, const known *k, json_t *vectors)
{
  session s = {.argv = o->argv,
               .timeout = o->timeout / 1000000,
               .jobs = (int)o->jobs,
               .known = k,
               .as = o->as,
               .strict = o->strict};
  const bool terminal = isatty(STDERR_FILENO) == 1;
  int status = EXIT_USAGE;
  s.total = json_array_size(vectors) + (size_t)o->cases;
  s.progress = terminal ? progress : NULL;
  if (!session_open(&s)) {
    complain("out of memory");
    return EXIT_USAGE;
  }
  const bool good = run_all(o, &s, vectors);
  if (terminal) fputs("\r\033[K", stderr);
  if (good) status = tell(o, &s);
  session_close(&s);
  return status;
}

static int conform(const options *o)
{
  known k = {0};
  int status = EXIT_USAGE;
  json_t *vectors = read_vectors(o);
  testee_catch_signals();
  if (vectors != NULL && (o->known == NULL || known_read(&k, o->known, o->update))) status = try_all(o, &k, vectors);
  known_free(&k);
  json_decref(vectors);
  if (testee_interrupted() != 0) {
    signal(testee_interrupted(), SIG_DFL);
    raise(testee_interrupted());
  }
  return status;
}

/* A number from 0 on. */
static bool number(const char *text, uint64_t *value)
{
  char *end;
  errno = 0;
  *value = strtoull(text, &end, 10);
  return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0';
}

/* Takes a number into an option. */
static void number_option(struct argp_state *state, const char *text, uint64_t *value, uint64_t least, uint64_t most)
{
  if (!number(text, value) || *value < least || *value > most)
    argp_error(state, "'%s' is no number from %" PRIu64 " to %" PRIu64, text, least, most);
}

/* Takes an option that is a name or a text; false: it is none of those. */
static bool text_option(options *o, int key, const char *arg)
{
  const struct {
    int key;
    const char **value;
  } texts[] = {
    {'v', &o->vectors}, {'g', &o->generator}, {'f', &o->filter}, {'J', &o->json}, {'U', &o->junit}, {'k', &o->known},
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (texts[i].key != key) continue;
    *texts[i].value = arg;
    return true;
  }
  return false;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  if (text_option(o, key, arg)) return 0;
  switch (key) {
  case 's':
  case 'a':
    if (system_named(arg) == NULL) argp_error(state, "'%s' is no system, none of " SYSTEM_NAMES, arg);
    *(key == 's' ? &o->system : &o->as) = arg;
    return 0;
  case 't':
    if (!quantity_duration(arg, &o->timeout) || o->timeout < 1000000)
      argp_error(state, "'%s' is no time to wait: from 1ms on, as 500ms, 10s or 1m30s", arg);
    return 0;
  case 'r':
    number_option(state, arg, &o->seed, 0, UINT64_MAX);
    return 0;
  case 'c':
    number_option(state, arg, &o->cases, 0, CASES_MAX);
    return 0;
  case 'j':
    number_option(state, arg, &o->jobs, 1, TESTEES_MAX);
    return 0;
  case 'w':
    o->whole = true;
    return 0;
  case 'S':
    o->strict = true;
    return 0;
  case 'u':
    o->update = true;
    return 0;
  case ARGP_KEY_ARG:
    o->argv = state->argv + state->next - 1;
    state->next = state->argc;
    return 0;
  case ARGP_KEY_END:
    if (o->argv == NULL) argp_error(state, "no TESTEE");
    if (o->update && o->known == NULL) argp_error(state, "--update-known-failures needs --known-failures");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_conform(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"system", 's', "NAME", 0, "What it has to be like: " SYSTEM_NAMES " (left out: strict)", 0},
    {"as", 'a', "NAME", 0, "Call the testee so in the cases that it gets, and expect what --system says", 0},
    {"strict", 'S', NULL, 0, "What it SHOULD do it has to; left out, that is a warning", 0},
    {"timeout", 't', "DURATION", 0, "Wait so long for an outcome (left out: 10s)", 0},
    {"seed", 'r', "NUMBER", 0, "Of the random cases; the same number, the same cases (left out: 1)", 0},
    {"cases", 'c', "NUMBER", 0, "So many random cases, after the vectors (left out: 1000)", 0},
    {"filter", 'f', "GLOB", 0, "Only the cases, vectors and random ones, with such an id", 0},
    {"jobs", 'j', "NUMBER", 0, "Run so many testees at once (left out: 1)", 0},
    {"known-failures", 'k', "FILE", 0,
     "Lines `ID: reason' of cases that may differ, an id or a glob; one that does not is a failure", 0},
    {"update-known-failures", 'u', NULL, 0, "Write that file anew, as the vectors have it now", 0},
    {"json", 'J', "FILE", 0, "Write all results there, too", 0},
    {"junit", 'U', "FILE", 0, "The same for programs that read JUnit's XML", 0},
    {"no-shrink", 'w', NULL, 0, "Show failing cases as they are, not as small as they get", 0},
    {"generator", 'g', "PROGRAM", 0, "Take the random cases from `PROGRAM SYSTEM SEED COUNT'", 0},
    {"vectors", 'v', "DIR", 0, "Take the vectors from DIR/NAME.json", 0},
    {0},
  };
  static const struct argp parser = {
    .options = choices,
    .parser = parse,
    .args_doc = "-- TESTEE [ARGUMENT...]",
    .doc = "See whether a recorder conforms. TESTEE is a program that reads cases, a JSON object a line, and prints an "
           "outcome a line (spec/cases.md). It is started once, and again whenever it crashes, hangs, prints garbage, "
           "closes its output or writes endlessly; each of these is a failure.\v"
           "Exit status: 0 it conforms; 1 it does not; 2 wrong usage, or a file or program that cannot be used.",
  };
  options o = {.system = "strict",
               .vectors = FLIGHTSPEC_VECTORS,
               .generator = FLIGHTSPEC_GENERATOR,
               .seed = 1,
               .cases = 1000,
               .jobs = 1,
               .timeout = INT64_C(10000000000)};
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &o);
  return conform(&o);
}
