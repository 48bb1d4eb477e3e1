#include "rule.h"
#include <string.h>

static const struct {
  const char *id, *text;
} rules[] = {
#include "../../build/rules.inc" /* the Makefile makes it from spec/rules.md */
};

/* By the status that was wanted, or else by the one that came. */
static const struct {
  const char *status;
  const char *rules[2];
} by_status[] = {
  {"already_enabled", {"L-1"}}, {"not_enabled", {"L-1"}},  {"busy", {"L-6"}},
  {"tracer_refused", {"L-2"}},  {"sink", {"S-4"}},         {"short_header", {"L-4"}},
  {"bad_header", {"B-7"}},      {"bad_version", {"B-8"}},  {"bad_type", {"B-2"}},
  {"truncated", {"B-5"}},       {"overflow", {"V-5"}},     {"bad_size", {"B-4"}},
  {"not_one_batch", {"L-5"}},   {"bad_end_mark", {"G-2"}}, {"bad_frequency", {"B-10", "G-4"}},
  {"no_frequency", {"G-4"}},    {"trailing", {"B-10"}},    {"bad_generation", {"G-3"}},
  {"closed", {"L-8"}},          {"blocked", {"L-8"}},      {"deadlock", {"L-9"}},
};

/* By how the name of the field ends, the longest first. */
static const struct {
  const char *op, *end;
  const char *rules[2];
} by_field[] = {
  {"state", "active.gen", {"G-3"}}, {"state", "gen", {"P-4", "P-5"}},
  {"state", "size", {"G-7"}},       {"state", "min_time", {"G-9"}},
  {"state", "ring", {"P-4"}},       {NULL, "enabled", {"L-1"}},
  {"write", "n", {"L-5"}},          {"snapshot", "during", {"L-6"}},
  {"snapshot", "n", {"S-1"}},       {"snapshot", "hex", {"S-1", "S-2"}},
};

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

const char *rule_text(const char *id)
{
  for (size_t i = 0; i < LENGTH(rules); i++)
    if (strcmp(rules[i].id, id) == 0) return rules[i].text;
  return NULL;
}

const char *rule_id(size_t i)
{
  return i < LENGTH(rules) ? rules[i].id : NULL;
}

bool rule_should(const char *id)
{
  const char *text = rule_text(id);
  return text != NULL && strstr(text, "SHOULD") != NULL;
}

bool rule_all_should(const json_t *ids)
{
  for (size_t i = 0; i < json_array_size(ids); i++) {
    const char *id = json_string_value(json_array_get(ids, i));
    if (id == NULL || !rule_should(id)) return false;
  }
  return json_array_size(ids) > 0;
}

static json_t *list(const char *const *ids)
{
  json_t *out = json_array();
  for (size_t i = 0; i < 2 && ids[i] != NULL; i++) json_array_append_new(out, json_string(ids[i]));
  return out;
}

static bool ends_with(const char *text, const char *end)
{
  const size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

json_t *rule_guess(const difference *d, const json_t *ops)
{
  const char *op = json_string_value(json_object_get(json_array_get(ops, d->op), "op"));
  const json_t *const sides[] = {d->want, d->got};
  if (ends_with(d->field, "status"))
    for (size_t side = 0; side < 2; side++)
      for (size_t i = 0; json_is_string(sides[side]) && i < LENGTH(by_status); i++)
        if (strcmp(json_string_value(sides[side]), by_status[i].status) == 0) return list(by_status[i].rules);
  for (size_t i = 0; op != NULL && i < LENGTH(by_field); i++)
    if ((by_field[i].op == NULL || strcmp(by_field[i].op, op) == 0) && ends_with(d->field, by_field[i].end))
      return list(by_field[i].rules);
  return json_array();
}
