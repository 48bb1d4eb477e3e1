#ifndef FLIGHTSPEC_SHRINK_H
#define FLIGHTSPEC_SHRINK_H

/* shrink: from a case that fails to a small one that fails likewise. Operations, fields, and bytes are left out, payloads
 * shortened with their sizes, and numbers made smaller, as long as the kind of failure is the same; what is wanted of each
 * smaller case is what our own recorder does. */

#include "session.h"

/* The small case, which the caller owns, and what the testee made of it: *got, NULL where no outcome came. NULL: the case
 * does not fail in this way by itself, or our recorder is not the one that its `want` is of. */
json_t *shrink(session *s, const failure *f, json_t **got);

#endif
