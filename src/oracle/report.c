#include "conform.h"
#include "rule.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 100 /* bytes of an operation or an answer */

/* A value on one line. */
static void print_value(FILE *out, const json_t *value, size_t most)
{
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
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

/* The small case with all that a vector has. */
static json_t *as_vector(const json_t *small, const failure *f, const json_t *guess)
{
  static const char *const asked[] = {"system", "max_bytes", "min_age_ns", "ticks_per_second", "ops", "want"};
  const char *system = json_string_value(json_object_get(small, "system"));
  const char *id = json_string_value(json_object_get(small, "id"));
  json_t *out = json_object(), *rules = json_object_get(small, "rules");
  if (id != NULL && strchr(id, '/') != NULL)
    json_object_set_new(out, "id", json_sprintf("%s-small", id));
  else if (id != NULL) /* SYSTEM-SEED-NUMBER */
    json_object_set_new(out, "id",
                        json_sprintf("%s/random%s", system, id + (strstr(id, system) == id ? strlen(system) : 0)));
  for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
    if (i == 4) {
      json_object_set_new(out, "comment", json_string(f->kind));
      json_object_set_new(out, "flags", json_array());
      json_object_set(out, "rules", json_array_size(guess) > 0 || rules == NULL ? (json_t *)(uintptr_t)guess : rules);
    }
    json_object_set(out, asked[i], json_object_get(small, asked[i]));
  }
  json_object_set_new(out, "seen_on", json_string("flightspec"));
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

void report_failure(FILE *out, const failure *f, const json_t *small, const json_t *got)
{
  const json_t *from = small != NULL ? small : f->from;
  const json_t *ops = json_object_get(from, "ops");
  json_t *guess = json_array();
  difference d;
  fputs("\nFAIL ", out);
  print_value(out, json_object_get(f->from, "id"), SHOWN);
  fprintf(out, ": %s", f->kind);
  if (f->count > 1) fprintf(out, " (and %zu more like it)", f->count - 1);
  fputc('\n', out);
  if (small == NULL) got = f->got;
  if (got != NULL && difference_find(json_object_get(from, "want"), got, &d)) {
    fprintf(out, "  ops[%zu] ", d.op);
    print_value(out, json_array_get(ops, d.op), SHOWN);
    fputs(small != NULL ? " of the small case below\n" : "\n", out);
    difference_print(out, &d);
    json_decref(guess);
    guess = rule_guess(&d, ops);
  } else if (f->answer != NULL && f->answer[0] != '\0')
    print_answer(out, f->answer);
  print_rules(out, guess, NULL);
  print_rules(out, json_object_get(from, "rules"), guess);
  if (small != NULL) {
    json_t *vector = as_vector(small, f, guess);
    fputs("  a small case that fails so, as a vector:\n", out);
    print_case(out, vector);
    json_decref(vector);
  }
  json_decref(guess);
}

void report_rules(FILE *out, const session *s)
{
  const char *id;
  bool title = false;
  for (size_t rule = 0; (id = rule_id(rule)) != NULL; rule++) {
    size_t shown = 0, broken = 0;
    for (size_t i = 0; i < s->n; i++)
      for (size_t k = 0; k < json_array_size(s->results[i].rules); k++) {
        const char *name = json_string_value(json_array_get(s->results[i].rules, k));
        if (name == NULL || strcmp(name, id) != 0) continue;
        shown++;
        if (s->results[i].kind != NULL) broken++;
      }
    if (broken == 0) continue;
    if (!title) fputs("\nrule   vectors   failed\n", out);
    title = true;
    fprintf(out, "%-4s %9zu%9zu\n", id, shown, broken);
  }
}
