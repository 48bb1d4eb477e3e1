#define _GNU_SOURCE
#include "command.h"
#include "export.h"
#include "fault.h"
#include "name.h"
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifndef FLIGHTSPEC_VECTORS /* the Makefile says where they lie */
#define FLIGHTSPEC_VECTORS "corpus/vectors"
#endif

enum { KEY_SYSTEM = 256, KEY_FORMAT, KEY_VECTORS };

static const struct {
  const char *name;
  bool (*write)(const json_t *cases, const char *path);
} formats[] = {{"json", export_json}, {"files", export_files}, {"go-test", export_go_test}};

#define FORMATS "json, files, go-test"

typedef struct {
  const fr_system *system; /* NULL: all */
  size_t format;
  const char *vectors, *out;
} options;

/* Whether this can be a vector's id: a system's name, a slash, and a name that is safe as a file's. */
static bool good_id(const char *id, const char *system)
{
  const size_t len = strlen(system);
  if (id == NULL || strncmp(id, system, len) != 0 || id[len] != '/') return false;
  id += len + 1;
  return *id != '\0' && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

/* Whether all strings of a list are strings; so is one that is left out. */
static bool good_list(const json_t *list)
{
  for (size_t i = 0; i < json_array_size(list); i++)
    if (!json_is_string(json_array_get(list, i))) return false;
  return list == NULL || json_is_array(list);
}

/* Appends the vectors of a system. False: told on standard error. */
static bool load(const char *folder, const char *system, json_t *to)
{
  char *path = NULL;
  json_error_t error;
  if (asprintf(&path, "%s/%s.json", folder, system) < 0) {
    complain("out of memory");
    return false;
  }
  FILE *in = fopen(path, "re");
  json_t *list = in == NULL ? NULL : json_loadf(in, JSON_REJECT_DUPLICATES, &error);
  bool good = json_is_array(list);
  if (in == NULL)
    complain("%s: %s", path, strerror(errno));
  else if (list == NULL)
    complain("%s:%d:%d: %s", path, error.line, error.column, error.text);
  else if (!good)
    complain("%s: not a list of vectors", path);
  for (size_t i = 0; good && i < json_array_size(list); i++) {
    const json_t *one = json_array_get(list, i);
    good = good_id(json_string_value(json_object_get(one, "id")), system) && good_list(json_object_get(one, "rules")) &&
      good_list(json_object_get(one, "flags")) && json_is_array(json_object_get(one, "ops")) &&
      json_is_array(json_object_get(one, "want"));
    if (!good) complain("%s: entry %zu is no vector of %s", path, i + 1, system);
  }
  if (good) json_array_extend(to, list);
  json_decref(list);
  if (in != NULL) fclose(in);
  free(path);
  return good;
}

/* Reads and writes. */
static bool give_out(const options *o)
{
  json_t *cases = json_array();
  bool good = true;
  for (size_t i = 0; good && i < FR_SYSTEMS; i++)
    if (o->system == NULL || o->system == &fr_systems[i]) good = load(o->vectors, fr_systems[i].name, cases);
  good = good && formats[o->format].write(cases, o->out);
  json_decref(cases);
  return good;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  options *o = state->input;
  const size_t count = sizeof formats / sizeof formats[0];
  switch (key) {
  case KEY_SYSTEM:
    o->system = system_named(arg);
    if (o->system == NULL) argp_error(state, "'%s' is no system; there are " SYSTEM_NAMES, arg);
    return 0;
  case KEY_FORMAT:
    for (o->format = 0; o->format < count && strcmp(formats[o->format].name, arg) != 0;) o->format++;
    if (o->format == count) argp_error(state, "'%s' is no format; there are " FORMATS, arg);
    return 0;
  case KEY_VECTORS:
    o->vectors = arg;
    return 0;
  case 'o':
    o->out = arg;
    return 0;
  case ARGP_KEY_ARG:
    argp_error(state, "'%s' is too many", arg);
    return 0;
  case ARGP_KEY_END:
    if (o->format != 0 && (o->out == NULL || strcmp(o->out, "-") == 0))
      argp_error(state, "no DIR: --output is missing");
    if (o->out == NULL) o->out = "-";
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_vectors(int argc, char **argv)
{
  static const struct argp_option choices[] = {
    {"system", KEY_SYSTEM, "S", 0, "Only those of this system: " SYSTEM_NAMES " (default: all)", 0},
    {"format", KEY_FORMAT, "F", 0, "One of " FORMATS " (default json)", 0},
    {"output", 'o', "DIR", 0, "Write to this folder; with json to this file, `-' being standard output (default)", 0},
    {"vectors", KEY_VECTORS, "DIR", 0, "Take the vectors from here (default " FLIGHTSPEC_VECTORS ")", 0},
    {0},
  };
  static const struct argp parser = {
    .options = choices,
    .parser = parse,
    .doc =
      "Give out the conformance vectors: cases for a flight recorder, with what must come of each operation.\v"
      "json: an array, a case a line. files: for the case SYSTEM/NAME the files SYSTEM/NAME.in, the line that a testee "
      "gets, and SYSTEM/NAME.want, the line that it must print, the same as JSON; index.tsv says which rules and "
      "errata "
      "each is about. go-test: a Go test with these files, which runs the program that the variable TESTEE names, or a "
      "function that you give it.\n\n"
      "DIR must not be there yet, or be empty; it comes to be as a whole or not at all.",
  };
  options o = {.vectors = FLIGHTSPEC_VECTORS};
  argp_parse(&parser, argc, argv, 0, NULL, &o);
  return give_out(&o) ? EXIT_SUCCESS : EXIT_USAGE;
}
