#ifndef FLIGHTSPEC_KNOWN_H
#define FLIGHTSPEC_KNOWN_H

/* known: cases that may fail, from a file with a line `ID: reason` each, where an id may be a glob; empty lines, and those
 * that begin with `#`, say nothing. One that is listed and does not fail is a failure itself, but for a random case that
 * only a glob is for. */

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  char *text;          /* the line as it is in the file */
  char *glob, *reason; /* glob: NULL for a line that says nothing */
} known_line;

typedef struct {
  known_line *lines;
  size_t n;
} known;

/* Reads the file; `-` is standard input. False: it cannot be read, which was said. `new`: it need not be there. */
bool known_read(known *k, const char *path, bool new);

/* The first line that an id fits; NULL: there is none. */
const known_line *known_find(const known *k, const char *id);

/* Whether a line is for more than one id. */
bool known_is_glob(const known_line *line);

void known_free(known *k);

#endif
