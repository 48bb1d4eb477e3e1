#define _GNU_SOURCE
#include "difference.h"
#include "batch.h"
#include "header.h"
#include "name.h"
#include "value.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ROW 8u        /* bytes of a line and side */
#define ROWS_BEFORE 1 /* lines of the same bytes before the one that differs */
#define ROWS 4        /* lines in all */

/* Adds to the name of a field. */
static void name_add(difference *d, const char *text)
{
  const size_t at = strlen(d->field);
  snprintf(d->field + at, sizeof d->field - at, "%s", text);
}

/* Narrows d->want and d->got, which differ, down to the first values in them that do. */
static void narrow(difference *d)
{
  while (json_is_object(d->want) && json_is_object(d->got)) {
    const char *key, *found = NULL;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)d->want, key, value)
    {
      if (found == NULL && !json_equal(value, json_object_get(d->got, key))) found = key;
    }
    json_object_foreach((json_t *)(uintptr_t)d->got, key, value)
    {
      if (found == NULL && json_object_get(d->want, key) == NULL) found = key;
    }
    if (d->field[0] != '\0') name_add(d, ".");
    name_add(d, found);
    d->want = json_object_get(d->want, found);
    d->got = json_object_get(d->got, found);
    size_t i = 0;
    while (json_is_array(d->want) && json_is_array(d->got) &&
           json_equal(json_array_get(d->want, i), json_array_get(d->got, i)))
      i++;
    if (!json_is_object(json_array_get(d->want, i)) || !json_is_object(json_array_get(d->got, i))) continue;
    char index[24];
    snprintf(index, sizeof index, "[%zu]", i);
    name_add(d, index);
    d->want = json_array_get(d->want, i);
    d->got = json_array_get(d->got, i);
  }
}

bool difference_find(const json_t *want, const json_t *got, difference *d)
{
  const size_t n = json_array_size(want), m = json_array_size(got);
  *d = (difference){0};
  while (d->op < n && d->op < m && json_equal(json_array_get(want, d->op), json_array_get(got, d->op))) d->op++;
  if (d->op == n && d->op == m) return false;
  d->want = json_array_get(want, d->op);
  d->got = json_array_get(got, d->op);
  narrow(d);
  return true;
}

/* A value in words: of a list how long it is; at most so many bytes of a text. */
static void show(const json_t *value, char *text, size_t size)
{
  if (value == NULL)
    snprintf(text, size, "nothing");
  else if (json_is_string(value))
    snprintf(text, size, "%.60s%s", json_string_value(value), json_string_length(value) > 60 ? "..." : "");
  else if (json_is_array(value))
    snprintf(text, size, "%zu", json_array_size(value));
  else {
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    snprintf(text, size, "%.60s%s", dump != NULL ? dump : "?", dump != NULL && strlen(dump) > 60 ? "..." : "");
    free(dump);
  }
  for (char *c = text; *c != '\0'; c++)
    if (!isprint((unsigned char)*c)) *c = '?';
}

/* Numbers and bytes differ from case to case; statuses, truths, and what is missing make a kind of their own. */
static bool tells(const difference *d)
{
  const size_t length = strlen(d->field), status = strlen("status");
  if (d->want == NULL || d->got == NULL || json_typeof(d->want) != json_typeof(d->got)) return true;
  return json_is_boolean(d->want) || (length >= status && strcmp(d->field + length - status, "status") == 0);
}

void difference_kind(const difference *d, const json_t *ops, char *text, size_t size)
{
  const char *op = json_string_value(json_object_get(json_array_get(ops, d->op), "op"));
  char field[sizeof d->field], want[72], got[72];
  size_t n = 0;
  for (const char *c = d->field; *c != '\0'; c++)
    if (!isdigit((unsigned char)*c)) field[n++] = *c;
  field[n] = '\0';
  show(d->want, want, sizeof want);
  show(d->got, got, sizeof got);
  const bool whole = field[0] == '\0';
  if (op == NULL)
    snprintf(text, size, "an outcome too many");
  else if (whole && d->got == NULL)
    snprintf(text, size, "%s: no outcome", op);
  else if (whole)
    snprintf(text, size, "%s: not an object", op);
  else if (tells(d))
    snprintf(text, size, "%s.%s: want %s, got %s", op, field, json_is_string(d->want) && d->got == NULL ? "one" : want,
             json_is_string(d->got) && d->want == NULL ? "one" : got);
  else
    snprintf(text, size, "%s.%s differs", op, field);
}

/* Says which part of a snapshot the byte at an offset is. */
static void explain(FILE *out, const uint8_t *p, size_t len, size_t at)
{
  size_t off = FR_HEADER_SIZE, data = 0;
  fr_batch b;
  if (at >= len) {
    fputs("the end", out);
    return;
  }
  if (at < FR_HEADER_SIZE) {
    fputs("the header", out);
    return;
  }
  for (;;) {
    const fr_status status = fr_batch_get(p + off, len - off, &b, &data);
    if (status != FR_OK) {
      fprintf(out, "no batch can be read at %zu: %s", off, status_name(status));
      return;
    }
    if (at - off < data + b.size) break;
    off += data + (size_t)b.size;
  }
  if (b.type == FR_END_OF_GENERATION)
    fputs("an end mark", out);
  else
    fprintf(out, "%s of %s at %zu: generation %" PRIu64 ", thread %" PRIu64 ", time %" PRIu64 ", size %" PRIu64,
            at - off < data ? "header" : "payload", b.type == FR_EVENT_BATCH ? "a batch" : "an experimental batch", off,
            b.gen, b.m, b.time, b.size);
}

/* A line's bytes of one side, as hex and as text. */
static void print_row(FILE *out, const uint8_t *p, size_t len, size_t at)
{
  for (size_t i = at; i < at + ROW; i++)
    if (i < len)
      fprintf(out, "%02x ", p[i]);
    else
      fputs("   ", out);
  for (size_t i = at; i < at + ROW; i++) fputc(i < len ? (isprint(p[i]) ? p[i] : '.') : ' ', out);
}

static void print_bytes(FILE *out, const uint8_t *want, size_t n, const uint8_t *got, size_t m)
{
  size_t at = 0;
  while (at < n && at < m && want[at] == got[at]) at++;
  fprintf(out, "  want %zu bytes, got %zu; byte %zu is\n    want  ", n, m, at);
  explain(out, want, n, at);
  fputs("\n    got   ", out);
  explain(out, got, m, at);
  fprintf(out, "\n    offset  %-*s   %s\n", (int)(4 * ROW), "want", "got");
  const size_t row = at / ROW, begin = row > ROWS_BEFORE ? row - ROWS_BEFORE : 0;
  for (size_t i = begin; i < begin + ROWS && (i * ROW < n || i * ROW < m); i++) {
    fprintf(out, "  %c %6zu  ", i == row ? '>' : ' ', i * ROW);
    print_row(out, want, n, i * ROW);
    fputs(" | ", out);
    print_row(out, got, m, i * ROW);
    fputc('\n', out);
  }
}

void difference_print(FILE *out, const difference *d)
{
  uint8_t *want = NULL, *got = NULL;
  size_t n = 0, m = 0, cap = 0, gap = 0;
  value_fault fault = {0};
  char left[72], right[72];
  if (strcmp(d->field, "hex") == 0 && (d->want == NULL || value_bytes(d->want, &want, &cap, &n, &fault)) &&
      (d->got == NULL || value_bytes(d->got, &got, &gap, &m, &fault))) {
    print_bytes(out, want, n, got, m);
  } else {
    show(d->want, left, sizeof left);
    show(d->got, right, sizeof right);
    fprintf(out, "    want %s | got %s\n", left, right);
  }
  free(want);
  free(got);
}
