#ifndef FLIGHTSPEC_NAME_H
#define FLIGHTSPEC_NAME_H

/* name: what statuses and systems are called in cases and messages. */

#include "status.h"
#include "system.h"

#define SYSTEM_NAMES "exp-pipe, exp-write, exp-eog, runtime, strict"

const char *status_name(fr_status status);

/* The system of this name; NULL, as for the name NULL: there is none. */
const fr_system *system_named(const char *name);

#endif
