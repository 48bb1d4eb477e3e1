#define _GNU_SOURCE
#include "conform.h"
#include "command.h"
#include "fault.h"
#include "generate.h"
#include "name.h"
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

#define KINDS_SHOWN 10 /* kinds of failures that are made small and shown whole */

typedef struct {
  const char *system, *vectors, *generator, *filter;
  uint64_t seed, cases;
  bool whole;      /* failing cases stay as they are */
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

/* The summary, and the exit status that follows from it. */
static int summary(const options *o, session *s)
{
  size_t n[2] = {0}, failed[2] = {0};
  for (size_t i = 0; i < s->n; i++) {
    n[s->results[i].random]++;
    if (s->results[i].kind != NULL) failed[s->results[i].random]++;
  }
  for (size_t i = 0; i < s->kinds && i < KINDS_SHOWN && testee_interrupted() == 0; i++) {
    json_t *got = NULL, *small = o->whole ? NULL : shrink(s, &s->failures[i], &got);
    report_failure(stdout, &s->failures[i], small, got);
    if (small == NULL && !o->whole)
      puts("  by itself it does not fail so, or it wants what `flightspec run' does not do: it is as it was");
    json_decref(small);
    json_decref(got);
  }
  for (size_t i = KINDS_SHOWN; i < s->kinds; i++)
    printf("%sFAIL %zu times: %s\n", i == KINDS_SHOWN ? "\n" : "", s->failures[i].count, s->failures[i].kind);
  report_rules(stdout, s);
  printf("%s%s: %zu vectors, %zu failed", s->kinds > 0 ? "\n" : "", o->system, n[0], failed[0]);
  if (o->cases > 0) printf("; %zu random cases of seed %" PRIu64 ", %zu failed", n[1], o->seed, failed[1]);
  if (session_gave_up(s)) printf("; given up after %d in a row without an outcome", SILENT_MAX);
  putchar('\n');
  if (s->n > 0) return s->failed == 0 && !session_gave_up(s) ? EXIT_SUCCESS : EXIT_FAILURE;
  complain("no case to try");
  return EXIT_USAGE;
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

static int conform(const options *o)
{
  session s = {.argv = o->argv, .timeout = o->timeout / 1000000, .jobs = 1};
  json_t *vectors = read_vectors(o);
  if (vectors == NULL) return EXIT_USAGE;
  int status = EXIT_USAGE;
  testee_catch_signals();
  if (!session_open(&s))
    complain("out of memory");
  else if (run_all(o, &s, vectors))
    status = summary(o, &s);
  session_close(&s);
  json_decref(vectors);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    complain("standard output: %s", strerror(errno));
    status = EXIT_USAGE;
  }
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

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  switch (key) {
  case 's':
    if (system_named(arg) == NULL) argp_error(state, "'%s' is no system, none of " SYSTEM_NAMES, arg);
    o->system = arg;
    return 0;
  case 't':
    if (!quantity_duration(arg, &o->timeout) || o->timeout < 1000000)
      argp_error(state, "'%s' is no time to wait: from 1ms on, as 500ms, 10s or 1m30s", arg);
    return 0;
  case 'v':
    o->vectors = arg;
    return 0;
  case 'w':
    o->whole = true;
    return 0;
  case 'g':
    o->generator = arg;
    return 0;
  case 'f':
    o->filter = arg;
    return 0;
  case 'r':
    if (!number(arg, &o->seed)) argp_error(state, "'%s' is no seed: 0, 1, 2, ...", arg);
    return 0;
  case 'c':
    if (!number(arg, &o->cases)) argp_error(state, "'%s' is no number of cases", arg);
    return 0;
  case ARGP_KEY_ARG:
    o->argv = state->argv + state->next - 1;
    state->next = state->argc;
    return 0;
  case ARGP_KEY_END:
    if (o->argv == NULL) argp_error(state, "no TESTEE");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_conform(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"system", 's', "NAME", 0, "What it has to be like: " SYSTEM_NAMES " (left out: strict)", 0},
    {"timeout", 't', "DURATION", 0, "Wait so long for an outcome (left out: 10s)", 0},
    {"seed", 'r', "NUMBER", 0, "Of the random cases; the same number, the same cases (left out: 1)", 0},
    {"cases", 'c', "NUMBER", 0, "So many random cases, after the vectors (left out: 1000)", 0},
    {"filter", 'f', "GLOB", 0, "Only the cases, vectors and random ones, with such an id", 0},
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
               .timeout = INT64_C(10000000000)};
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &o);
  return conform(&o);
}
