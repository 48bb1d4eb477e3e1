#ifndef FLIGHTSPEC_CONFORM_H
#define FLIGHTSPEC_CONFORM_H

/* conform: what a session came to, in words. */

#include "session.h"
#include <stdio.h>

/* One failure: where want and got part, side by side, and the rules with their sentences. `small` is the case that
 * `shrink` made of it, and `got` its outcome; or NULL. */
void report_failure(FILE *out, const failure *f, const json_t *small, const json_t *got);

/* The rules that the vectors show: how many of these failed, a line for each rule that is broken. */
void report_rules(FILE *out, const session *s);

#endif
