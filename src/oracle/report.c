#include "conform.h"
#include "rule.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 100 /* bytes of an operation or an answer */

/* A value on one line. */
static void print_value(FILE *out, const json_t *value, size_t most)
{
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  const size_t length = text != NULL ? strlen(text) : 0;
  fprintf(out, "%.*s%s", (int)(length < most ? length : most), text != NULL ? text : "", length < most ? "" : "...");
  free(text);
}

/* `"key": [` and a line for each value. */
static void print_list(FILE *out, const char *key, const json_t *list)
{
  fprintf(out, " \"%s\": [", key);
  for (size_t i = 0; i < json_array_size(list); i++) {
    fputs(i == 0 ? "\n  " : ",\n  ", out);
    print_value(out, json_array_get(list, i), SIZE_MAX);
  }
  fputs(json_array_size(list) == 0 ? "]" : "\n ]", out);
}

/* A case as corpus/vectors has it: an operation a line, an outcome a line. */
static void print_case(FILE *out, const json_t *from)
{
  const char *key, *before = "{\n";
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)from, key, value)
  {
    fputs(before, out);
    before = ",\n";
    if (strcmp(key, "ops") == 0 || strcmp(key, "want") == 0) {
      print_list(out, key, value);
      continue;
    }
    fprintf(out, " \"%s\": ", key);
    print_value(out, value, SIZE_MAX);
  }
  fputs("\n}\n", out);
}

/* The rules that the first difference of a failure is about. A warning is about those of its case, and no others. */
static json_t *guess_of(const failure *f)
{
  const json_t *from = f->small != NULL ? f->small : f->from, *got = f->small != NULL ? f->small_got : f->got;
  difference d;
  if (f->warns || got == NULL || !difference_find(json_object_get(from, "want"), got, &d)) return json_array();
  return rule_guess(&d, json_object_get(from, "ops"));
}

json_t *report_vector(const failure *f)
{
  static const char *const asked[] = {"system", "max_bytes", "min_age_ns", "ticks_per_second", "ops", "want"};
  const json_t *small = f->small;
  const char *system = json_string_value(json_object_get(small, "system"));
  const char *id = json_string_value(json_object_get(small, "id"));
  json_t *out = json_object(), *rules = json_object_get(small, "rules"), *guess = guess_of(f);
  if (id != NULL && strchr(id, '/') != NULL)
    json_object_set_new(out, "id", json_sprintf("%s-small", id));
  else if (id != NULL) /* SYSTEM-SEED-NUMBER */
    json_object_set_new(out, "id",
                        json_sprintf("%s/random%s", system, id + (strstr(id, system) == id ? strlen(system) : 0)));
  for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
    if (i == 4) {
      json_object_set_new(out, "comment", json_string(f->kind));
      json_object_set_new(out, "flags", json_array());
      json_object_set(out, "rules", json_array_size(guess) > 0 || rules == NULL ? guess : rules);
    }
    json_object_set(out, asked[i], json_object_get(small, asked[i]));
  }
  json_object_set_new(out, "seen_on", json_string("flightspec"));
  json_decref(guess);
  return out;
}

/* Each rule with its sentence, but for those that were printed before. */
static void print_rules(FILE *out, const json_t *ids, const json_t *before)
{
  for (size_t i = 0; i < json_array_size(ids); i++) {
    const char *id = json_string_value(json_array_get(ids, i));
    const char *text = id != NULL ? rule_text(id) : NULL;
    for (size_t k = 0; k < json_array_size(before) && text != NULL; k++)
      if (json_equal(json_array_get(ids, i), json_array_get(before, k))) text = NULL;
    if (text != NULL) fprintf(out, "  %s: %s\n", id, text);
  }
}

/* What came and is no outcome. */
static void print_answer(FILE *out, const char *answer)
{
  fputs("  what came: ", out);
  for (size_t i = 0; i < SHOWN && answer[i] != '\0'; i++)
    fputc(isprint((unsigned char)answer[i]) ? answer[i] : '?', out);
  fputs(strlen(answer) > SHOWN ? "...\n" : "\n", out);
}

void report_failure(FILE *out, const failure *f)
{
  const json_t *from = f->small != NULL ? f->small : f->from, *got = f->small != NULL ? f->small_got : f->got;
  const json_t *ops = json_object_get(from, "ops");
  json_t *guess = guess_of(f);
  difference d;
  fputs(f->warns ? "\nWARN " : "\nFAIL ", out);
  print_value(out, json_object_get(f->from, "id"), SHOWN);
  fprintf(out, ": %s", f->kind);
  if (f->count > 1) fprintf(out, " (and %zu more like it)", f->count - 1);
  fputc('\n', out);
  if (got != NULL && difference_find(json_object_get(from, "want"), got, &d)) {
    fprintf(out, "  ops[%zu] ", d.op);
    print_value(out, json_array_get(ops, d.op), SHOWN);
    fputs(f->small != NULL ? " of the small case below\n" : "\n", out);
    difference_print(out, &d);
  } else if (f->answer != NULL && f->answer[0] != '\0')
    print_answer(out, f->answer);
  print_rules(out, guess, NULL);
  print_rules(out, json_object_get(from, "rules"), guess);
  if (f->small != NULL) {
    json_t *vector = report_vector(f);
    fputs("  a small case that fails so, as a vector:\n", out);
    print_case(out, vector);
    json_decref(vector);
  }
  json_decref(guess);
}

bool report_rule(const session *s, const char *id, size_t *shown, size_t *broken)
{
  *shown = *broken = 0;
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < json_array_size(s->results[i].rules); k++) {
      const char *name = json_string_value(json_array_get(s->results[i].rules, k));
      if (name == NULL || strcmp(name, id) != 0) continue;
      ++*shown;
      if (s->results[i].kind != NULL) ++*broken;
    }
  return *shown > 0;
}

void report_rules(FILE *out, const session *s)
{
  const char *id;
  size_t shown, broken;
  bool title = false;
  for (size_t rule = 0; (id = rule_id(rule)) != NULL; rule++) {
    if (!report_rule(s, id, &shown, &broken) || broken == 0) continue;
    if (!title) fputs("\nrule   vectors   differ\n", out);
    title = true;
    fprintf(out, "%-4s %9zu%9zu%s\n", id, shown, broken, rule_should(id) ? "  SHOULD" : "");
  }
}

void report_unexpected(FILE *out, const session *s)
{
  for (size_t i = 0; i < s->n; i++) {
    const result *r = &s->results[i];
    if (result_verdict(r) != RESULT_UNEXPECTED) continue;
    fputs("\nFAIL ", out);
    print_value(out, r->id, SHOWN);
    fprintf(out, ": known to differ, and does not (%s: %s)\n", r->known->glob, r->known->reason);
  }
}
