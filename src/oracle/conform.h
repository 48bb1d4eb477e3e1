#ifndef FLIGHTSPEC_CONFORM_H
#define FLIGHTSPEC_CONFORM_H

/* conform: what a session came to, in words and in files. */

#include "session.h"
#include <stdio.h>

/* One failure: where want and got part, side by side, of the small case if there is one; the rules with their sentences;
 * and the small case as a vector. */
void report_failure(FILE *out, const failure *f);

/* The small case of a failure that has one, as a vector, which the caller owns. */
json_t *report_vector(const failure *f);

/* A line for each case that is known to differ and does not. */
void report_unexpected(FILE *out, const session *s);

/* A line for each rule of which a vector differs, whether or not that is known. */
void report_rules(FILE *out, const session *s);

/* How many vectors show this rule, and how many of them differ. False: none shows it. */
bool report_rule(const session *s, const char *id, size_t *shown, size_t *broken);

/* Writes all results to a file (`-`: standard output), which is there as a whole or not at all. False: told. */
bool report_json(const char *path, const session *s, const char *system, uint64_t seed);
bool report_junit(const char *path, const session *s, const char *system);

/* Writes the file of known differences anew: each of its lines that still holds, or is for cases that were not run, and
 * one for each vector that differs and has none. Random cases are not for it, since another seed has others. False: told. */
bool report_known(const char *path, const session *s);

#endif
