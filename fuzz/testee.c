/* testee: makes a testee (spec/cases.md) of any fz_subject: reads cases on standard input, a JSON object a line, and
 * prints an outcome a line. So vectors and random cases (corpus/vectors/run, tests/conform/generate and compare) can be
 * put to the model, or to a recorder of any origin. Checks nothing by itself. A line that is no case, or a subject that
 * is not of the case's system, ends it with exit status 2. */

#define _POSIX_C_SOURCE 200809L
#include "subject.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FZ_TESTEE
#define FZ_TESTEE fz_subject_under_test
#endif

/* Bytes that grow. */
typedef struct {
  uint8_t *p;
  size_t len, cap;
} buffer;

/* A case under way. */
typedef struct {
  const fz_subject *subject;
  void *self;
  bool is_runtime;
  int64_t max_bytes, min_age_ns;
  uint64_t clock;
} run;

/* A snapshot under way. */
typedef struct {
  run *r;
  const json_t *flushes;
  size_t flushed;
  buffer taken;
  uint64_t room;   /* of the sink */
  bool during;     /* a second one is asked for from within the sink */
  json_t *outcome; /* of that one; NULL: it was not asked for yet */
} snapshot;

static _Noreturn void give_up(const char *what)
{
  fprintf(stderr, "testee: %s\n", what);
  exit(2);
}

static void append(buffer *b, const uint8_t *p, size_t len)
{
  if (len > b->cap - b->len || b->p == NULL) {
    b->cap = 2 * (b->len + len) + 16;
    b->p = realloc(b->p, b->cap);
    if (b->p == NULL) give_up("out of memory");
  }
  if (len > 0) memcpy(b->p + b->len, p, len);
  b->len += len;
}

/* The number under a key, or `otherwise`. */
static uint64_t number(const json_t *object, const char *key, uint64_t otherwise, bool is_signed)
{
  const char *text = json_string_value(json_object_get(object, key));
  char *end;
  if (text == NULL) return otherwise;
  errno = 0;
  const uint64_t value = is_signed ? (uint64_t)strtoll(text, &end, 10) : strtoull(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0') give_up(key);
  return value;
}

/* The bytes of a hex string; b->p is not NULL even if there are none. */
static void parse_hex(const json_t *hex, buffer *b)
{
  const char *text = json_string_value(hex);
  if (text == NULL || strlen(text) % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != strlen(text)) give_up("hex");
  append(b, NULL, 0);
  for (; *text != '\0'; text += 2) {
    const char digits[] = {text[0], text[1], '\0'};
    const uint8_t byte = (uint8_t)strtoul(digits, NULL, 16);
    append(b, &byte, 1);
  }
}

static json_t *decimal(bool is_signed, uint64_t value)
{
  char text[24];
  if (is_signed)
    snprintf(text, sizeof text, "%" PRId64, (int64_t)value);
  else
    snprintf(text, sizeof text, "%" PRIu64, value);
  return json_string(text);
}

/* An outcome: the status, and n but for a call that never returns. */
static json_t *outcome(int status, const int64_t *n)
{
  const char *name = fz_status_name(status);
  if (name == NULL) give_up("the subject has returned what is no status");
  json_t *out = json_pack("{ss}", "status", name);
  if (n != NULL && status != FZ_BLOCKED && status != FZ_DEADLOCK)
    json_object_set_new(out, "n", decimal(true, (uint64_t)*n));
  return out;
}

/* A write, with what runtime's multiplexer does behind an end mark. */
static int write_hex(run *r, const json_t *hex, bool only, int64_t *n)
{
  buffer b = {0};
  parse_hex(hex, &b);
  *n = 0;
  const int status = r->subject->write(r->self, b.p, b.len, r->clock, n);
  if (r->is_runtime && !only && b.len == 1 && b.p[0] == 52) (void)r->subject->end_generation(r->self, r->clock);
  free(b.p);
  return status;
}

static int flush(void *context)
{
  snapshot *s = context;
  const json_t *writes = json_array_get(s->flushes, s->flushed++);
  int64_t n;
  for (size_t i = 0; i < json_array_size(writes); i++) {
    const int status = write_hex(s->r, json_array_get(writes, i), false, &n);
    if (status == FZ_BLOCKED || status == FZ_DEADLOCK) return status;
  }
  return FZ_OK;
}

/* Those of the second snapshot, which nothing is expected of. */
static int flush_none(void *context)
{
  (void)context;
  return FZ_OK;
}

static size_t count(void *context, const uint8_t *p, size_t len)
{
  (void)p;
  *(int64_t *)context += (int64_t)len;
  return len;
}

static size_t sink(void *context, const uint8_t *p, size_t len)
{
  snapshot *s = context;
  if (s->during && s->outcome == NULL) {
    int64_t n = 0;
    const int status = s->r->subject->snapshot(s->r->self, &(fz_exit){&n, flush_none, count});
    s->outcome = outcome(status, &n);
  }
  const size_t k = len < s->room - s->taken.len ? len : (size_t)(s->room - s->taken.len);
  append(&s->taken, p, k);
  return k;
}

static json_t *take_snapshot(run *r, const json_t *op)
{
  snapshot s = {
    .r = r,
    .flushes = json_object_get(op, "flushes"),
    .room = number(op, "sink_fails_after", UINT64_MAX, false),
    .during = json_object_get(op, "during") != NULL,
  };
  const int status = r->subject->snapshot(r->self, &(fz_exit){&s, flush, sink});
  const int64_t n = (int64_t)s.taken.len;
  json_t *out = outcome(status, &n);
  if (s.outcome != NULL) json_object_set_new(out, "during", s.outcome);
  if (n > 0) {
    buffer text = {0};
    for (size_t i = 0; i < s.taken.len; i++) {
      char digits[3];
      snprintf(digits, sizeof digits, "%02x", s.taken.p[i]);
      append(&text, (const uint8_t *)digits, 2);
    }
    json_object_set_new(out, "hex", json_stringn((const char *)text.p, text.len));
    free(text.p);
  }
  free(s.taken.p);
  return out;
}

/* Of a subject that has none to show: an empty object, so that only what asks for it differs. */
static json_t *show_state(run *r)
{
  if (r->subject->state == NULL) return json_object();
  const size_t most = r->subject->state(r->self, NULL, 0);
  fz_generation *g = calloc(most, sizeof *g);
  if (g == NULL || r->subject->state(r->self, g, most) != most) give_up("state");
  json_t *ring = json_array(), *active = NULL;
  for (size_t i = 0; i < most; i++) {
    json_t *one = json_pack("{so so so}", "gen", decimal(false, g[i].gen), "size", decimal(false, g[i].size),
                            "min_time", decimal(r->is_runtime, g[i].min_time));
    if (i == 0)
      active = one;
    else
      json_array_append_new(ring, one);
  }
  free(g);
  return json_pack("{sb so so}", "enabled", r->subject->enabled(r->self), "active", active, "ring", ring);
}

static json_t *run_operation(run *r, const json_t *op)
{
  const fz_subject *s = r->subject;
  const char *name = json_string_value(json_object_get(op, "op"));
  if (name == NULL) give_up("an operation without a name");
  if (strcmp(name, "write") == 0) {
    int64_t n;
    const int status = write_hex(r, json_object_get(op, "hex"), json_is_true(json_object_get(op, "only")), &n);
    return outcome(status, &n);
  }
  if (strcmp(name, "snapshot") == 0) return take_snapshot(r, op);
  if (strcmp(name, "state") == 0) return show_state(r);
  if (strcmp(name, "start") == 0) return outcome(s->start(r->self, json_object_get(op, "tracer") != NULL), NULL);
  if (strcmp(name, "stop") == 0) return outcome(s->stop(r->self), NULL);
  if (strcmp(name, "close") == 0) return outcome(s->close(r->self), NULL);
  if (strcmp(name, "end_generation") == 0) return outcome(s->end_generation(r->self, r->clock), NULL);
  json_t *out = outcome(FZ_OK, NULL);
  if (strcmp(name, "clock") == 0) {
    r->clock = number(op, "ticks", r->clock, false);
  } else if (strcmp(name, "set") == 0) {
    r->max_bytes = (int64_t)number(op, "max_bytes", (uint64_t)r->max_bytes, !r->is_runtime);
    r->min_age_ns = (int64_t)number(op, "min_age_ns", (uint64_t)r->min_age_ns, true);
    s->set(r->self, r->max_bytes, r->min_age_ns);
  } else if (strcmp(name, "enabled") == 0) {
    json_object_set_new(out, "enabled", json_boolean(s->enabled(r->self)));
  } else {
    give_up("an operation that is none");
  }
  return out;
}

static json_t *run_case(const json_t *from)
{
  const char *system = json_string_value(json_object_get(from, "system"));
  const json_t *ops = json_object_get(from, "ops"), *id = json_object_get(from, "id");
  if (system == NULL || !json_is_array(ops)) give_up("a line that is no case");
  run r = {.subject = &FZ_TESTEE, .is_runtime = strcmp(system, "runtime") == 0};
  r.self = r.subject->create(system, number(from, "ticks_per_second", 1000000000, false));
  if (r.self == NULL) give_up("the subject has no such system");
  r.max_bytes = (int64_t)number(from, "max_bytes", 10485760, !r.is_runtime);
  r.min_age_ns = (int64_t)number(from, "min_age_ns", 10000000000, true);
  r.subject->set(r.self, r.max_bytes, r.min_age_ns);
  json_t *out = json_array();
  for (size_t i = 0; i < json_array_size(ops); i++)
    json_array_append_new(out, run_operation(&r, json_array_get(ops, i)));
  r.subject->destroy(r.self);
  return json_pack("{sO? so}", "id", id, "out", out);
}

int main(void)
{
  char *line = NULL;
  size_t cap = 0;
  while (getline(&line, &cap, stdin) >= 0) {
    json_t *from = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    if (from == NULL) give_up("a line that is no JSON");
    json_t *out = run_case(from);
    json_dumpf(out, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(out);
    json_decref(from);
  }
  free(line);
  if (ferror(stdin) || ferror(stdout)) give_up("input or output failed");
  return 0;
}
