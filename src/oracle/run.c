#define _GNU_SOURCE
#include "command.h"
#include "fault.h"
#include "name.h"
#include "output.h"
#include "run.h"
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A case that runs: its recorder, its clock, and what is wrong with it. */
struct runner {
  roomy memory;
  uint8_t *bytes; /* of the write being made */
  size_t bytes_cap;
  uint64_t clock;
  uint64_t ticks_per_second;
  value_fault fault;
};

/* An outcome that is a status alone. */
static json_t *outcome(fr_status status)
{
  json_t *out = json_object();
  json_object_set_new_nocheck(out, "status", json_string_nocheck(status_name(status)));
  return out;
}

/* The same with a number; a call that never returns has none. */
static json_t *outcome_n(fr_status status, int64_t n)
{
  json_t *out = outcome(status);
  if (status != FR_BLOCKED && status != FR_DEADLOCK) value_set_signed(out, "n", n);
  return out;
}

static json_t *op_start(runner *r, const json_t *op)
{
  fr_recorder *recorder = &r->memory.recorder;
  const char *tracer = json_string_value(json_object_get(op, "tracer"));
  fr_status status = fr_recorder_start(recorder, r->ticks_per_second);
  if (status == FR_OK && tracer != NULL && strcmp(tracer, "refuses") == 0) {
    fr_recorder_refuse(recorder);
    status = FR_TRACER_REFUSED;
  }
  return outcome(status);
}

static json_t *op_stop(runner *r, const json_t *op)
{
  (void)op;
  return outcome(fr_recorder_stop(&r->memory.recorder));
}

static json_t *op_enabled(runner *r, const json_t *op)
{
  (void)op;
  json_t *out = outcome(FR_OK);
  json_object_set_new_nocheck(out, "enabled", json_boolean(r->memory.recorder.enabled));
  return out;
}

/* Sets the limits that an object names; the others stay. */
static bool set_limits(runner *r, const json_t *from)
{
  int64_t max_bytes = r->memory.recorder.next.max_bytes, min_age = r->memory.recorder.next.min_age;
  const bool no_sign = r->memory.recorder.keeper.system->zero_is_default;
  if (!(no_sign ? value_size : value_signed)(from, "max_bytes", &max_bytes, &r->fault)) return false;
  if (!value_signed(from, "min_age_ns", &min_age, &r->fault)) return false;
  fr_recorder_set(&r->memory.recorder, max_bytes, min_age);
  return true;
}

static json_t *op_set(runner *r, const json_t *op)
{
  return set_limits(r, op) ? outcome(FR_OK) : NULL;
}

static json_t *op_clock(runner *r, const json_t *op)
{
  return value_unsigned(op, "ticks", &r->clock, &r->fault) ? outcome(FR_OK) : NULL;
}

/* Writes the len bytes that are to be written. Under a watch a stream gets them one by one, which makes no difference but
 * that no write completes two generations. */
static fr_status feed(runner *r, size_t len, int64_t *n)
{
  const bool stream = r->memory.recorder.keeper.system->framing == FR_FRAMING_STREAM;
  const size_t step = stream && r->memory.watch != NULL && len > 0 ? 1 : len;
  size_t at = 0;
  int64_t all = 0;
  fr_status status;
  do {
    status = roomy_write(&r->memory, r->bytes + at, step, r->clock, n);
    all += *n;
    at += step;
  } while (status == FR_OK && at < len);
  *n = all;
  return status;
}

/* One write by the tracer. `alone`: a single end mark is not followed by the end of the generation. */
static fr_status write_hex(runner *r, const json_t *hex, bool alone, int64_t *n)
{
  size_t len = 0;
  *n = 0;
  if (!value_bytes(hex, &r->bytes, &r->bytes_cap, &len, &r->fault)) return FR_OK;
  const fr_system *system = r->memory.recorder.keeper.system;
  const fr_status status = feed(r, len, n);
  const bool mark = len == 1 && r->bytes[0] == FR_END_OF_GENERATION;
  if (mark && !alone && system->rotation == FR_ROTATION_MARK && status != FR_NOT_ENABLED)
    (void)roomy_end_generation(&r->memory, r->clock);
  return status;
}

static json_t *op_write(runner *r, const json_t *op)
{
  int64_t n;
  const bool alone = json_is_true(json_object_get(op, "only"));
  const fr_status status = write_hex(r, json_object_get(op, "hex"), alone, &n);
  return r->fault.what == NULL ? outcome_n(status, n) : NULL;
}

static json_t *op_close(runner *r, const json_t *op)
{
  (void)op;
  if (r->memory.recorder.keeper.system->framing == FR_FRAMING_STREAM)
    return outcome(fr_recorder_close(&r->memory.recorder));
  return value_wrong(&r->fault, "close", "this system has no stream that could be closed");
}

static json_t *op_end_generation(runner *r, const json_t *op)
{
  (void)op;
  if (r->memory.recorder.keeper.system->rotation != FR_ROTATION_NEXT)
    return outcome(roomy_end_generation(&r->memory, r->clock));
  return value_wrong(&r->fault, "end_generation", "this system is not told where generations end");
}

/* The writes that the tracer makes while it is flushed before a snapshot, to the first that never returns. */
static fr_status flush(runner *r, const json_t *flushes)
{
  int64_t n;
  const size_t most = r->memory.recorder.keeper.system->flushes;
  if (flushes != NULL && !json_is_array(flushes)) value_wrong(&r->fault, "flushes", "not a list");
  for (size_t i = 0; i < json_array_size(flushes) && i < most; i++) {
    const json_t *writes = json_array_get(flushes, i);
    if (!json_is_array(writes)) value_wrong(&r->fault, "flushes", "not a list of lists");
    for (size_t k = 0; k < json_array_size(writes); k++) {
      const fr_status status = write_hex(r, json_array_get(writes, k), false, &n);
      if (status == FR_BLOCKED || status == FR_DEADLOCK || r->fault.what != NULL) return status;
    }
  }
  return FR_OK;
}

static json_t *op_snapshot(runner *r, const json_t *op)
{
  fr_segment segments[3];
  uint64_t room = UINT64_MAX;
  if (!value_unsigned(op, "sink_fails_after", &room, &r->fault)) return NULL;
  if (!r->memory.recorder.enabled) return outcome_n(FR_NOT_ENABLED, 0);
  fr_status status = flush(r, json_object_get(op, "flushes"));
  if (r->fault.what != NULL) return NULL;
  if (status == FR_OK) status = fr_recorder_snapshot(&r->memory.recorder, segments);
  if (status != FR_OK) return outcome_n(status, 0);
  size_t size = 0;
  for (int i = 0; i < 3; i++) {
    size_t k = segments[i].len;
    if (k > room - size) {
      k = (size_t)(room - size);
      status = FR_SINK;
    }
    segments[i].len = k;
    size += k;
  }
  json_t *out = outcome_n(status, (int64_t)size);
  if (size > 0) value_set_bytes(out, "hex", segments, 3);
  if (json_object_get(op, "during") != NULL) json_object_set_new_nocheck(out, "during", outcome_n(FR_BUSY, 0));
  return out;
}

/* What `state` tells of one generation. */
static json_t *generation(const fr_recorder *r, const fr_generation *g)
{
  json_t *out = json_object();
  value_set_unsigned(out, "gen", g->gen);
  value_set_unsigned(out, "size", g->size);
  if (r->keeper.system->nanoseconds)
    value_set_signed(out, "min_time", (int64_t)g->stamp);
  else
    value_set_unsigned(out, "min_time", g->stamp);
  return out;
}

static json_t *op_state(runner *r, const json_t *op)
{
  (void)op;
  const fr_recorder *recorder = &r->memory.recorder;
  json_t *out = json_object(), *ring = json_array();
  fr_generation g;
  for (uint32_t i = 0; i < recorder->keeper.ring.n; i++) {
    fr_ring_generation(&recorder->keeper.ring, i, &g);
    json_array_append_new(ring, generation(recorder, &g));
  }
  fr_ring_generation(&recorder->keeper.ring, recorder->keeper.ring.n, &g);
  json_object_set_new_nocheck(out, "enabled", json_boolean(recorder->enabled));
  json_object_set_new_nocheck(out, "active", generation(recorder, &g));
  json_object_set_new_nocheck(out, "ring", ring);
  return out;
}

static const struct {
  const char *name;
  const char *keys;                            /* that it may have, each between spaces */
  json_t *(*run)(runner *r, const json_t *op); /* NULL: r->fault says why */
} operations[] = {
  {"write", " op hex only ", op_write},
  {"clock", " op ticks ", op_clock},
  {"snapshot", " op flushes sink_fails_after during ", op_snapshot},
  {"state", " op ", op_state},
  {"start", " op tracer ", op_start},
  {"stop", " op ", op_stop},
  {"enabled", " op ", op_enabled},
  {"set", " op max_bytes min_age_ns ", op_set},
  {"close", " op ", op_close},
  {"end_generation", " op ", op_end_generation},
};

/* Those of a case. The second half only says what the case is for. */
static const char case_keys[] =
  " id system max_bytes min_age_ns ticks_per_second ops comment flags rules want seen_on ";

/* Runs one operation. */
static json_t *run_operation(runner *r, const json_t *op)
{
  const char *name = json_string_value(json_object_get(op, "op"));
  for (size_t i = 0; name != NULL && i < sizeof operations / sizeof operations[0]; i++)
    if (strcmp(operations[i].name, name) == 0)
      return value_only_keys(op, operations[i].keys, &r->fault) ? operations[i].run(r, op) : NULL;
  return value_wrong(&r->fault, "op", name == NULL ? "missing, or not a string" : "no such operation");
}

/* Runs a case: its outcome, or NULL and the fault. */
static json_t *run_case(runner *r, const json_t *from, size_t *at)
{
  const json_t *ops = json_object_get(from, "ops");
  const fr_system *system = system_named(json_string_value(json_object_get(from, "system")));
  r->fault = (value_fault){0};
  r->clock = 0;
  r->ticks_per_second = 1000000000u;
  *at = SIZE_MAX;
  if (!json_is_object(from)) return value_wrong(&r->fault, "case", "not an object");
  if (!value_only_keys(from, case_keys, &r->fault)) return NULL;
  if (system == NULL) return value_wrong(&r->fault, "system", "missing, or none of " SYSTEM_NAMES);
  if (!json_is_array(ops)) return value_wrong(&r->fault, "ops", "missing, or not a list");
  roomy_reset(&r->memory, system);
  if (!set_limits(r, from)) return NULL;
  if (!value_unsigned(from, "ticks_per_second", &r->ticks_per_second, &r->fault)) return NULL;
  json_t *out = json_array();
  for (size_t i = 0; i < json_array_size(ops); i++) {
    *at = i;
    if (r->memory.watch != NULL) r->memory.watch->where = i;
    json_t *one = run_operation(r, json_array_get(ops, i));
    if (one == NULL) {
      json_decref(out);
      return NULL;
    }
    json_array_append_new(out, one);
  }
  const json_t *id = json_object_get(from, "id");
  return json_pack("{s:o, s:o}", "id", id == NULL ? json_null() : json_deep_copy(id), "out", out);
}

/* Says what is wrong with the case on a line: in the operation `at`, or SIZE_MAX. */
static void complain_case(const runner *r, const char *name, uint64_t number, size_t at)
{
  if (at == SIZE_MAX)
    complain("%s:%" PRIu64 ":1: %s: %s", name, number, r->fault.where, r->fault.what);
  else
    complain("%s:%" PRIu64 ":1: ops[%zu].%s: %s", name, number, at, r->fault.where, r->fault.what);
}

/* Runs the case on a line; false: it is not one, and that was said. */
static bool run_line(runner *r, const char *line, size_t len, uint64_t number, const char *name)
{
  json_error_t error;
  size_t at;
  json_t *from = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
  if (from == NULL) {
    complain("%s:%" PRIu64 ":%d: %s", name, number, error.column, error.text);
    return false;
  }
  json_t *out = run_case(r, from, &at);
  json_decref(from);
  if (out == NULL) {
    complain_case(r, name, number, at);
    return false;
  }
  value_print(out);
  fflush(stdout); /* whoever compares may wait for it */
  return true;
}

runner *runner_open(void)
{
  runner *r = calloc(1, sizeof *r);
  if (r == NULL || roomy_open(&r->memory)) return r;
  free(r);
  return NULL;
}

json_t *runner_outcome(runner *r, const json_t *from)
{
  size_t at;
  return run_case(r, from, &at);
}

bool runner_watched(runner *r, const json_t *from, const char *name, roomy_watch *watch)
{
  size_t at;
  r->memory.watch = watch;
  json_t *out = run_case(r, from, &at);
  if (out == NULL) complain_case(r, name, 1, at);
  watch->before(watch->self, &r->memory.recorder.keeper); /* it sees a stop at the end, too */
  r->memory.watch = NULL;
  json_decref(out);
  return out != NULL;
}

void runner_close(runner *r)
{
  if (r == NULL) return;
  roomy_close(&r->memory);
  free(r->bytes);
  free(r);
}

int run_cases(FILE *in, const char *name)
{
  char *line = NULL;
  size_t cap = 0;
  ssize_t len;
  int status = EXIT_SUCCESS;
  runner *r = runner_open();
  if (r == NULL) {
    complain("out of memory");
    return EXIT_USAGE;
  }
  for (uint64_t number = 1; !ferror(stdout) && (len = getline(&line, &cap, in)) >= 0; number++) {
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) len--;
    if (len > 0 && !run_line(r, line, (size_t)len, number, name)) status = EXIT_USAGE;
  }
  if (!output_flush()) status = EXIT_USAGE;
  if (ferror(in)) {
    complain("%s: %s", name, strerror(errno));
    status = EXIT_USAGE;
  }
  free(line);
  runner_close(r);
  return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  const char **name = state->input;
  if (key != ARGP_KEY_ARG) return ARGP_ERR_UNKNOWN;
  if (*name != NULL) argp_error(state, "one FILE only; '%s' is too many", arg);
  *name = arg;
  return 0;
}

int command_run(int argc, char **argv)
{
  static const struct argp parser = {
    .parser = parse,
    .args_doc = "[FILE]",
    .doc =
      "Run the cases in FILE (none or `-': standard input), a JSON object a line, and print what comes of each, a line "
      "too.\v"
      "A line that is no case gives a message with its number and column, no output, and exit status 2 at the end; "
      "the others are run all the same.",
  };
  const char *name = NULL;
  argp_parse(&parser, argc, argv, 0, NULL, &name);
  if (name == NULL || strcmp(name, "-") == 0) return run_cases(stdin, "standard input");
  FILE *in = fopen(name, "r");
  if (in == NULL) {
    complain("%s: %s", name, strerror(errno));
    return EXIT_USAGE;
  }
  const int status = run_cases(in, name);
  fclose(in);
  return status;
}
