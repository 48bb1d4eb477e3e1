#ifndef FLIGHTSPEC_GENERATE_H
#define FLIGHTSPEC_GENERATE_H

/* generate: random cases, each with the outcome that our own recorder has. They come from a program that is called as
 * tests/conform/generate, `PROGRAM SYSTEM SEED COUNT`, which the comparison with the originals uses as well; so there is
 * one generator, and what it finds there it can find here. */

#include "run.h"
#include <stdio.h>
#include <sys/types.h>

typedef struct {
  const char *program;
  runner *oracle;
  FILE *in; /* what it prints */
  pid_t pid;
  char *line;
  size_t room;
  uint64_t count; /* of cases that came */
  bool good;      /* nothing went wrong; what did was said */
} generator;

/* False: it cannot be started, which was said. The oracle stays the caller's. */
bool generator_open(generator *g, const char *program, const char *system, uint64_t seed, uint64_t count,
                    runner *oracle);

/* The next case, which the caller owns; NULL: no more. */
json_t *generator_next(generator *g);

/* False: something went wrong, and not all cases came. `whole`: all were asked for. */
bool generator_close(generator *g, bool whole);

#endif
