#define _GNU_SOURCE
#include "conform.h"
#include "fault.h"
#include "output.h"
#include "rule.h"
#include <stdlib.h>
#include <string.h>

static const char *const verdicts[RESULTS] = {
  [RESULT_PASSED] = "passed", [RESULT_FAILED] = "failed",         [RESULT_WARNED] = "warned",
  [RESULT_KNOWN] = "known",   [RESULT_UNEXPECTED] = "unexpected",
};

/* A file that is made in memory first. */
typedef struct {
  FILE *out;
  char *text;
  size_t size;
} draft;

static bool draft_open(draft *d)
{
  d->text = NULL;
  d->out = open_memstream(&d->text, &d->size);
  if (d->out == NULL) complain("out of memory");
  return d->out != NULL;
}

static bool draft_write(draft *d, const char *path)
{
  fflush(stdout); /* what `-` adds comes behind it */
  const bool good = fclose(d->out) == 0;
  if (!good) complain("out of memory");
  const fr_segment all = {(const uint8_t *)d->text, d->size};
  const bool written = good && output_write(path, &all, 1);
  free(d->text);
  return written;
}

/* The level of what is so or not. */
static const char *level(bool should)
{
  return should ? "SHOULD" : "MUST";
}

static json_t *json_rules(const session *s)
{
  json_t *rules = json_object();
  const char *id;
  size_t shown, broken;
  for (size_t i = 0; (id = rule_id(i)) != NULL; i++)
    if (report_rule(s, id, &shown, &broken))
      json_object_set_new(rules, id,
                          json_pack("{s:I, s:I, s:s}", "vectors", (json_int_t)shown, "differ", (json_int_t)broken,
                                    "level", level(rule_should(id))));
  return rules;
}

static json_t *json_failures(const session *s)
{
  json_t *list = json_array();
  for (size_t i = 0; i < s->kinds; i++) {
    const failure *f = &s->failures[i];
    json_t *one = json_pack("{s:O, s:s, s:b, s:I}", "id", json_object_get(f->from, "id"), "kind", f->kind, "warning",
                            f->warns, "count", (json_int_t)f->count);
    if (f->small != NULL) json_object_set_new(one, "vector", report_vector(f));
    if (f->small_got != NULL) json_object_set(one, "got", f->small_got);
    json_array_append_new(list, one);
  }
  return list;
}

bool report_json(const char *path, const session *s, const char *system, uint64_t seed)
{
  draft d;
  json_int_t counts[RESULTS] = {0};
  json_t *cases = json_array(), *sum = json_object(), *all = json_object();
  for (size_t i = 0; i < s->n; i++) {
    const result *r = &s->results[i];
    counts[result_verdict(r)]++;
    json_t *one = json_pack("{s:O, s:b, s:s, s:s}", "id", r->id, "random", r->random, "level",
                            level(rule_all_should(r->rules)), "result", verdicts[result_verdict(r)]);
    if (r->kind != NULL) json_object_set_new(one, "kind", json_string(r->kind));
    if (r->known != NULL) json_object_set_new(one, "reason", json_string(r->known->reason));
    json_array_append_new(cases, one);
  }
  for (int i = 0; i < RESULTS; i++) json_object_set_new(sum, verdicts[i], json_integer(counts[i]));
  json_object_set_new(all, "system", json_string(system));
  json_object_set_new(all, "seed", json_sprintf("%" PRIu64, seed));
  json_object_set_new(all, "given_up", json_boolean(session_gave_up(s)));
  json_object_set_new(all, "summary", sum);
  json_object_set_new(all, "rules", json_rules(s));
  json_object_set_new(all, "failures", json_failures(s));
  json_object_set_new(all, "cases", cases);
  const bool open = draft_open(&d);
  if (open) {
    json_dumpf(all, d.out, JSON_INDENT(1));
    fputc('\n', d.out);
  }
  json_decref(all);
  return open && draft_write(&d, path);
}

/* Text for an attribute or an element. What XML cannot say at all becomes a question mark; all else here is UTF-8. */
static void xml(FILE *out, const char *text)
{
  for (const char *c = text != NULL ? text : ""; *c != '\0'; c++) switch (*c) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    case '"':
      fputs("&quot;", out);
      break;
    default:
      fputc(((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7f ? '?' : *c, out);
    }
}

/* The failure that is shown whole, if this case is the one. */
static const failure *shown_of(const session *s, size_t number)
{
  for (size_t i = 0; i < s->kinds; i++)
    if (s->failures[i].number == number) return &s->failures[i];
  return NULL;
}

/* How the case differs, as the element of JUnit, which has none for warnings: they are output of a case that passed. With
 * all that the text report says of it. */
static void junit_failure(FILE *out, const session *s, size_t number)
{
  draft d;
  const failure *f = shown_of(s, number);
  const bool warns = s->results[number].warns;
  fputs(warns ? "<system-out>WARN " : "<failure message=\"", out);
  xml(out, s->results[number].kind);
  fputs(warns ? "\n" : "\">", out);
  if (f != NULL && draft_open(&d)) {
    report_failure(d.out, f);
    fclose(d.out);
    xml(out, d.text);
    free(d.text);
  }
  fputs(warns ? "</system-out>" : "</failure>", out);
}

bool report_junit(const char *path, const session *s, const char *system)
{
  draft d;
  size_t counts[RESULTS] = {0};
  if (!draft_open(&d)) return false;
  for (size_t i = 0; i < s->n; i++) counts[result_verdict(&s->results[i])]++;
  fprintf(d.out,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
          "<testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
          system, s->n, counts[RESULT_FAILED] + counts[RESULT_UNEXPECTED], counts[RESULT_KNOWN]);
  for (size_t i = 0; i < s->n; i++) {
    const result *r = &s->results[i];
    char *id = json_is_string(r->id) ? strdup(json_string_value(r->id)) : json_dumps(r->id, JSON_ENCODE_ANY);
    fprintf(d.out, "<testcase classname=\"%s.%s\" name=\"", system, r->random ? "random" : "vectors");
    xml(d.out, id);
    fputs("\">", d.out);
    free(id);
    const verdict v = result_verdict(r);
    if (v == RESULT_FAILED || v == RESULT_WARNED) junit_failure(d.out, s, i);
    if (v == RESULT_UNEXPECTED) fputs("<failure message=\"known to differ, and does not\"/>", d.out);
    if (v == RESULT_KNOWN) {
      fputs("<skipped message=\"", d.out);
      xml(d.out, r->known->reason);
      fputs("\"/>", d.out);
    }
    fputs("</testcase>\n", d.out);
  }
  fputs("</testsuite>\n</testsuites>\n", d.out);
  return draft_write(&d, path);
}

/* Whether no case that the line is for has shown it to be wrong. */
static bool holds(const session *s, const known_line *line)
{
  for (size_t i = 0; i < s->n; i++)
    if (s->results[i].known == line && result_verdict(&s->results[i]) == RESULT_UNEXPECTED) return false;
  return true;
}

bool report_known(const char *path, const session *s)
{
  draft d;
  if (!draft_open(&d)) return false;
  for (size_t i = 0; i < s->known->n; i++)
    if (s->known->lines[i].glob == NULL || holds(s, &s->known->lines[i]))
      fprintf(d.out, "%s\n", s->known->lines[i].text);
  for (size_t i = 0; i < s->n; i++) {
    const result *r = &s->results[i];
    const verdict v = result_verdict(r);
    if (r->random || (v != RESULT_FAILED && v != RESULT_KNOWN) || (r->known != NULL && holds(s, r->known))) continue;
    fprintf(d.out, "%s: %s\n", json_string_value(r->id), r->known != NULL ? r->known->reason : r->kind);
  }
  return draft_write(&d, path);
}
