#ifndef FLIGHTSPEC_RUN_H
#define FLIGHTSPEC_RUN_H

/* run: cases through the recorder, in this process. */

#include "value.h"

/* What runs one case after another. Each begins with a new recorder. */
typedef struct runner runner;

/* NULL: out of memory. */
runner *runner_open(void);

/* The outcome of a case, as spec/cases.md has it, which the caller owns. NULL: it is no case. */
json_t *runner_outcome(runner *r, const json_t *from);

void runner_close(runner *r);

#endif
