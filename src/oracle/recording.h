#ifndef FLIGHTSPEC_RECORDING_H
#define FLIGHTSPEC_RECORDING_H

/* recording: the options that say how a trace is recorded: --max-bytes, --min-age, --system. */

#include "recorder.h"
#include <argp.h>
#include <stdbool.h>

typedef struct {
  const fr_system *system;
  int64_t max_bytes;
  int64_t min_age;                             /* ns */
  bool has_system, has_max_bytes, has_min_age; /* it was given, and is not the default */
} recording;

#define RECORDING_DEFAULT                                                                                              \
  ((recording){.system = &fr_systems[FR_STRICT], .max_bytes = FR_DEFAULT_MAX_BYTES, .min_age = FR_DEFAULT_MIN_AGE})

/* For the children of a command's parser; its input is a recording. */
extern const struct argp recording_argp;

#endif
