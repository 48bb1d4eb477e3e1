#define _GNU_SOURCE
#include "conform.h"
#include "command.h"
#include "fault.h"
#include "name.h"
#include "quantity.h"
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FLIGHTSPEC_VECTORS /* the Makefile says where they lie */
#define FLIGHTSPEC_VECTORS "corpus/vectors"
#endif

typedef struct {
  const char *system, *vectors;
  int64_t timeout; /* ns */
  char **argv;     /* of the testee */
} options;

/* The vectors in the order of their file. */
typedef struct {
  json_t *all;
  size_t next;
} vector_source;

static json_t *next_vector(void *state)
{
  vector_source *v = state;
  return json_incref(json_array_get(v->all, v->next++));
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
static int summary(const options *o, const session *s, size_t vectors)
{
  for (size_t i = 0; i < s->kinds; i++)
    report_failure(stdout, &s->failures[i], s->failures[i].from, s->failures[i].got);
  report_rules(stdout, s);
  printf("%s%s: %zu vectors, %zu failed", s->kinds > 0 ? "\n" : "", o->system, s->n, s->failed);
  if (s->n < vectors) printf(", %zu not run: %d in a row had no outcome", vectors - s->n, SILENT_MAX);
  putchar('\n');
  return s->failed == 0 && s->n > 0 && s->n == vectors ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int conform(const options *o)
{
  session s = {.argv = o->argv, .timeout = o->timeout / 1000000, .jobs = 1};
  vector_source vectors = {.all = read_vectors(o)};
  if (vectors.all == NULL) return EXIT_USAGE;
  int status = EXIT_USAGE;
  testee_catch_signals();
  if (!session_open(&s))
    complain("out of memory");
  else if (session_run(&s, next_vector, &vectors, false))
    status = summary(o, &s, json_array_size(vectors.all));
  session_close(&s);
  json_decref(vectors.all);
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
  options o = {.system = "strict", .vectors = FLIGHTSPEC_VECTORS, .timeout = INT64_C(10000000000)};
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &o);
  return conform(&o);
}
