#define _GNU_SOURCE
#include "known.h"
#include "fault.h"
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Splits a line into glob and reason. False: it has none. */
static bool split(known_line *line)
{
  const char *text = line->text + strspn(line->text, " \t");
  if (*text == '\0' || *text == '#') return true;
  const char *colon = strchr(text, ':');
  if (colon == NULL || colon == text) return false;
  const char *reason = colon + 1 + strspn(colon + 1, " \t");
  if (*reason == '\0') return false;
  line->glob = strndup(text, (size_t)(colon - text));
  line->reason = strdup(reason);
  return line->glob != NULL && line->reason != NULL;
}

/* Adds a line, which is copied. */
static bool add(known *k, const char *text)
{
  known_line *moved = realloc(k->lines, (k->n + 1) * sizeof *moved);
  if (moved == NULL) return false;
  k->lines = moved;
  k->lines[k->n] = (known_line){.text = strdup(text)};
  return k->lines[k->n].text != NULL && split(&k->lines[k->n++]);
}

bool known_read(known *k, const char *path, bool new)
{
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  bool good = true;
  *k = (known){0};
  const bool standard_input = strcmp(path, "-") == 0;
  const char *name = standard_input ? "standard input" : path;
  FILE *in = standard_input ? stdin : fopen(path, "re");
  if (in == NULL && new &&errno == ENOENT) return true;
  if (in == NULL) {
    complain("%s: %s", name, strerror(errno));
    return false;
  }
  for (int number = 1; good && (length = getline(&line, &room, in)) >= 0; number++) {
    while (length > 0 && strchr("\r\n \t", line[length - 1]) != NULL) line[--length] = '\0';
    good = add(k, line);
    if (!good) complain("%s:%d: not `ID: reason'", name, number);
  }
  if (ferror(in)) {
    complain("%s: %s", name, strerror(errno));
    good = false;
  }
  if (!standard_input) fclose(in);
  free(line);
  if (!good) known_free(k);
  return good;
}

const known_line *known_find(const known *k, const char *id)
{
  for (size_t i = 0; id != NULL && i < k->n; i++)
    if (k->lines[i].glob != NULL && fnmatch(k->lines[i].glob, id, 0) == 0) return &k->lines[i];
  return NULL;
}

bool known_is_glob(const known_line *line)
{
  return strpbrk(line->glob, "*?[") != NULL;
}

void known_free(known *k)
{
  for (size_t i = 0; i < k->n; i++) {
    free(k->lines[i].text);
    free(k->lines[i].glob);
    free(k->lines[i].reason);
  }
  free(k->lines);
  *k = (known){0};
}
