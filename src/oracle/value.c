#define _GNU_SOURCE
#include "value.h"
#include "command.h"
#include "fault.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *value_wrong(value_fault *f, const char *where, const char *what)
{
  f->where = where;
  f->what = what;
  return NULL;
}

/* The decimal digits of a number, without its sign; NULL: left out, or a fault in *f. */
static const char *digits(const json_t *object, const char *key, bool *negative, value_fault *f)
{
  const json_t *value = json_object_get(object, key);
  if (value == NULL) return NULL;
  const char *text = json_string_value(value);
  if (text == NULL) return value_wrong(f, key, "a number must be a decimal string");
  *negative = *text == '-';
  if (*negative) text++;
  if (*text == '\0' || strspn(text, "0123456789") != strlen(text)) return value_wrong(f, key, "not a decimal number");
  return text;
}

bool value_unsigned(const json_t *object, const char *key, uint64_t *value, value_fault *f)
{
  bool negative = false;
  const char *text = digits(object, key, &negative, f);
  if (text == NULL) return f->what == NULL;
  errno = 0;
  const unsigned long long number = strtoull(text, NULL, 10);
  if (negative || errno != 0) return value_wrong(f, key, "not in 0 .. 2^64 - 1") != NULL;
  *value = number;
  return true;
}

bool value_signed(const json_t *object, const char *key, int64_t *value, value_fault *f)
{
  bool negative = false;
  const char *text = digits(object, key, &negative, f);
  if (text == NULL) return f->what == NULL;
  errno = 0;
  const long long number = strtoll(text - negative, NULL, 10);
  if (errno != 0) return value_wrong(f, key, "not in -2^63 .. 2^63 - 1") != NULL;
  *value = number;
  return true;
}

bool value_size(const json_t *object, const char *key, int64_t *value, value_fault *f)
{
  uint64_t size = *value < 0 ? 0 : (uint64_t)*value;
  if (!value_unsigned(object, key, &size, f)) return false;
  *value = size > INT64_MAX ? INT64_MAX : (int64_t)size;
  return true;
}

/* The value of a hex digit; negative: it is none. */
static int nibble(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool value_bytes(const json_t *hex, uint8_t **bytes, size_t *cap, size_t *len, value_fault *f)
{
  const char *text = json_string_value(hex);
  const size_t digits = json_string_length(hex);
  if (text == NULL) return value_wrong(f, "hex", "missing, or not a string") != NULL;
  if (digits % 2 != 0) return value_wrong(f, "hex", "an odd number of digits") != NULL;
  *len = digits / 2;
  if (*len + 1 > *cap) {
    const size_t larger = 2 * (*len + 1);
    uint8_t *moved = realloc(*bytes, larger);
    if (moved == NULL) return value_wrong(f, "hex", "out of memory") != NULL;
    *bytes = moved;
    *cap = larger;
  }
  for (size_t i = 0; i < *len; i++) {
    const int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return value_wrong(f, "hex", "not a hex digit") != NULL;
    (*bytes)[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

bool value_only_keys(const json_t *object, const char *keys, value_fault *f)
{
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, key, value)
  {
    const size_t len = strlen(key);
    const char *at = len > 0 && strchr(key, ' ') == NULL ? strstr(keys, key) : NULL;
    while (at != NULL && (at[-1] != ' ' || at[len] != ' ')) at = strstr(at + 1, key);
    if (at != NULL) continue;
    snprintf(f->name, sizeof f->name, "%s", key);
    for (char *c = f->name; *c != '\0'; c++)
      if ((unsigned char)*c < ' ') *c = '?'; /* the message is one line */
    return value_wrong(f, f->name, "no such field here") != NULL;
  }
  return true;
}

json_t *value_text(const char *text)
{
  json_t *value = json_string(text);
  char *copy = value == NULL ? strdup(text) : NULL;
  if (copy == NULL) return value;
  for (char *c = copy; *c != '\0'; c++)
    if ((unsigned char)*c >= 128) *c = '?';
  value = json_string(copy);
  free(copy);
  return value;
}

json_t *value_number(uint64_t number)
{
  return json_sprintf("%" PRIu64, number);
}

void value_print(json_t *object)
{
  if (object == NULL || (json_dumpf(object, stdout, JSON_COMPACT) != 0 && !ferror(stdout))) {
    complain("out of memory");
    exit(EXIT_USAGE);
  }
  putchar('\n');
  json_decref(object);
}

void value_set_unsigned(json_t *object, const char *key, uint64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRIu64, value);
  json_object_set_new_nocheck(object, key, json_string_nocheck(text));
}

void value_set_signed(json_t *object, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, value);
  json_object_set_new_nocheck(object, key, json_string_nocheck(text));
}

void value_set_bytes(json_t *object, const char *key, const fr_segment *segments, size_t n)
{
  static const char digit[] = "0123456789abcdef";
  size_t size = 0, at = 0;
  for (size_t i = 0; i < n; i++) size += segments[i].len;
  char *text = malloc(2 * size + 1);
  if (text == NULL) return;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < segments[i].len; k++) {
      text[at++] = digit[segments[i].base[k] >> 4];
      text[at++] = digit[segments[i].base[k] & 15];
    }
  json_object_set_new_nocheck(object, key, json_stringn_nocheck(text, at));
  free(text);
}
