#ifndef FLIGHTSPEC_RUN_H
#define FLIGHTSPEC_RUN_H

/* run: cases through the recorder, in this process. */

#include "roomy.h"
#include "value.h"

/* What runs one case after another. Each begins with a new recorder. */
typedef struct runner runner;

/* NULL: out of memory. */
runner *runner_open(void);

/* The outcome of a case, as spec/cases.md has it, which the caller owns. NULL: it is no case. */
json_t *runner_outcome(runner *r, const json_t *from);

/* The same for the sake of who watches, whose `where` is the operation under way, counted from 0. False: it is no case, as
 * was said of the first line of the file `name`. */
bool runner_watched(runner *r, const json_t *from, const char *name, roomy_watch *watch);

void runner_close(runner *r);

#endif
