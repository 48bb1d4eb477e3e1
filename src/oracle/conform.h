#ifndef FLIGHTSPEC_CONFORM_H
#define FLIGHTSPEC_CONFORM_H

/* conform: what a session came to, in words. */

#include "session.h"
#include <stdio.h>

/* A case as corpus/vectors has it: an operation a line, an outcome a line. */
void report_case(FILE *out, const json_t *from);

/* One failure: where want and got part, side by side, and the rules with their sentences. `from` and `got` are the
 * failure's, or smaller ones that fail likewise. */
void report_failure(FILE *out, const failure *f, const json_t *from, const json_t *got);

/* The rules that the vectors show: how many of these failed, a line for each rule that is broken. */
void report_rules(FILE *out, const session *s);

#endif
