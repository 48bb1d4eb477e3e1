#define _GNU_SOURCE
#include "session.h"
#include "difference.h"
#include "fault.h"
#include "rule.h"
#include <stdlib.h>
#include <string.h>

/* What a testee has no use for: what the case is about, and what it should answer. */
static const char *const hidden[] = {"comment", "flags", "rules", "want", "seen_on"};

bool session_open(session *s)
{
  s->starting = STARTING;
  s->oracle = runner_open();
  return s->oracle != NULL;
}

verdict result_verdict(const result *r)
{
  if (r->kind != NULL) return r->known != NULL ? RESULT_KNOWN : r->warns ? RESULT_WARNED : RESULT_FAILED;
  return r->known == NULL || (r->random && known_is_glob(r->known)) ? RESULT_PASSED : RESULT_UNEXPECTED;
}

bool session_gave_up(const session *s)
{
  return s->silent >= SILENT_MAX;
}

/* Learns from the first start how long others may take. */
static void learn(session *s, const testee *t)
{
  if (s->starting != STARTING) return;
  if (t->fate == TESTEE_ANSWERED && t->took > 0) s->starting = 4 * t->took;
  if (t->fate == TESTEE_HUNG) s->starting = 0;
}

/* Starts the testee if it does not run, and asks it. */
static bool ask(session *s, testee *t, const json_t *from)
{
  if (t->pid == 0) {
    const int error = testee_start(t, s->argv);
    if (error != 0) {
      complain("%s: %s", s->argv[0], strerror(error));
      return false;
    }
  }
  json_t *shown = json_copy((json_t *)(uintptr_t)from);
  for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) json_object_del(shown, hidden[i]);
  if (s->as != NULL) json_object_set_new(shown, "system", json_string(s->as));
  char *text = json_dumps(shown, JSON_COMPACT), *line = NULL;
  json_decref(shown);
  const size_t most = 65536 + 4 * json_dumpb(json_object_get(from, "want"), NULL, 0, 0);
  const int length = text != NULL ? asprintf(&line, "%s\n", text) : -1;
  free(text);
  if (length < 0) {
    complain("out of memory");
    return false;
  }
  testee_ask(t, line, (size_t)length, most, s->timeout + (t->started > 0 ? s->starting : 0));
  return true;
}

/* What the testee's answer says of the case; empty: what it should. */
static json_t *judge(testee *t, const json_t *from, char kind[KIND_MAX])
{
  difference d;
  kind[0] = '\0';
  json_t *answer = NULL, *out = NULL;
  if (t->fate == TESTEE_ANSWERED) {
    answer = json_loadb(t->answer, t->got, JSON_REJECT_DUPLICATES, NULL);
    out = json_object_get(answer, "out");
    const json_t *id = json_object_get(from, "id");
    if (answer == NULL)
      snprintf(t->detail, sizeof t->detail, "not JSON");
    else if (!json_is_array(out))
      snprintf(t->detail, sizeof t->detail, "JSON, but no outcome");
    else if (!json_equal(json_object_get(answer, "id"), id))
      snprintf(t->detail, sizeof t->detail, "the outcome of another case");
    else if (difference_find(json_object_get(from, "want"), out, &d))
      difference_kind(&d, json_object_get(from, "ops"), kind, KIND_MAX);
    if (t->detail[0] != '\0') t->fate = TESTEE_GARBAGE;
  }
  if (t->fate != TESTEE_ANSWERED) {
    snprintf(kind, KIND_MAX, "%s: %s", testee_fate_name(t->fate), t->detail);
    json_decref(answer);
    return NULL;
  }
  json_incref(out);
  json_decref(answer);
  return out;
}

/* After garbage the testee may be out of step. What came stays. */
static void restart_later(testee *t)
{
  if (t->fate != TESTEE_GARBAGE || t->pid == 0) return;
  testee_stop(t);
}

static void *grown(void *list, size_t n, size_t size)
{
  void *moved = realloc(list, n * size);
  if (moved == NULL) {
    complain("out of memory");
    exit(2);
  }
  return moved;
}

/* Room for the result of the next case. */
static size_t add_result(session *s, const json_t *from, bool random)
{
  if (s->n == s->room) {
    s->room = 2 * s->room + 256;
    s->results = grown(s->results, s->room, sizeof s->results[0]);
  }
  json_t *rules = random ? NULL : json_object_get(from, "rules");
  json_t *id = json_object_get(from, "id");
  s->results[s->n] = (result){
    .id = json_incref(id),
    .rules = json_incref(rules),
    .random = random,
    .known = known_find(s->known, json_string_value(id)),
  };
  return s->n++;
}

/* Counts a failure among those alike; the first of them is kept whole. */
static void add_failure(session *s, size_t number, const json_t *from, json_t *got, const testee *t)
{
  size_t i = 0;
  const char *kind = s->results[number].kind;
  const bool warns = s->results[number].warns;
  if (!warns) s->failed++;
  while (i < s->kinds && (strcmp(s->failures[i].kind, kind) != 0 || s->failures[i].warns != warns)) i++;
  if (i == s->kinds) {
    s->failures = grown(s->failures, ++s->kinds, sizeof s->failures[0]);
    s->failures[i] = (failure){.kind = strdup(kind), .warns = warns, .number = SIZE_MAX};
  }
  failure *f = &s->failures[i];
  f->count++;
  if (number > f->number) return;
  json_decref(f->from);
  json_decref(f->got);
  free(f->answer);
  f->number = number;
  f->from = json_incref((json_t *)(uintptr_t)from);
  f->got = json_incref(got);
  f->answer = got == NULL && t->answer != NULL ? strndup(t->answer, 4096) : NULL;
}

/* The testee is done with this case. */
static void finish(session *s, testee *t, json_t *from, size_t number)
{
  char kind[KIND_MAX];
  learn(s, t);
  json_t *got = judge(t, from, kind);
  s->silent = got != NULL ? 0 : s->silent + 1;
  if (kind[0] != '\0') {
    result *r = &s->results[number];
    r->kind = strdup(kind);
    r->warns = got != NULL && !s->strict && rule_all_should(r->rules);
    if (r->known == NULL) add_failure(s, number, from, got, t);
  }
  json_decref(got);
  json_decref(from);
  restart_later(t);
  if (s->progress != NULL) s->progress(s);
}

static int by_number(const void *a, const void *b)
{
  const failure *x = a, *y = b;
  if (x->warns != y->warns) return x->warns ? 1 : -1;
  return x->number < y->number ? -1 : x->number > y->number;
}

bool session_run(session *s, session_source *next, void *state, bool random)
{
  json_t *from[TESTEES_MAX] = {NULL};
  size_t number[TESTEES_MAX];
  bool more = true, good = true;
  for (;;) {
    for (int i = 0; i < s->jobs && more && good && !session_gave_up(s); i++) {
      if (from[i] != NULL) continue;
      more = (from[i] = next(state)) != NULL;
      if (!more) break;
      good = ask(s, &s->testees[i], from[i]);
      if (good) number[i] = add_result(s, from[i], random);
    }
    const int i = good ? testee_wait(s->testees, s->jobs) : -1;
    if (i < 0) break;
    finish(s, &s->testees[i], from[i], number[i]);
    from[i] = NULL;
  }
  for (int i = 0; i < s->jobs; i++) json_decref(from[i]);
  if (s->kinds > 0) qsort(s->failures, s->kinds, sizeof s->failures[0], by_number);
  return good && testee_interrupted() == 0;
}

bool session_try(session *s, const json_t *from, char kind[KIND_MAX], json_t **got)
{
  testee *t = &s->testees[0];
  if (!ask(s, t, from) || testee_wait(t, 1) < 0) return false;
  *got = judge(t, from, kind);
  restart_later(t);
  return true;
}

void session_close(session *s)
{
  for (int i = 0; i < s->jobs; i++) testee_stop(&s->testees[i]);
  for (size_t i = 0; i < s->n; i++) {
    json_decref(s->results[i].id);
    json_decref(s->results[i].rules);
    free(s->results[i].kind);
  }
  for (size_t i = 0; i < s->kinds; i++) {
    free(s->failures[i].kind);
    free(s->failures[i].answer);
    json_decref(s->failures[i].from);
    json_decref(s->failures[i].got);
    json_decref(s->failures[i].small);
    json_decref(s->failures[i].small_got);
  }
  free(s->results);
  free(s->failures);
  runner_close(s->oracle);
}
