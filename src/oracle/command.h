#ifndef FLIGHTSPEC_COMMAND_H
#define FLIGHTSPEC_COMMAND_H

/* command: what each part of the program is given, and what it gives back. */

#include "recording.h"
#include "roomy.h"
#include <stdio.h>

#define EXIT_USAGE 2 /* wrong usage, an input that cannot be read, an output that cannot be written */

/* Each takes its own arguments, argv[0] being `flightspec NAME`, and returns the exit status. */
int command_replay(int argc, char **argv);
int command_run(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_conform(int argc, char **argv);
int command_check(int argc, char **argv);
int command_vectors(int argc, char **argv);
int command_explain(int argc, char **argv);

typedef struct {
  recording how;
  const char *in, *out; /* out is NULL: no snapshot is wanted */
  roomy_watch *watch;   /* gets the offset of each batch in `where`; NULL: nobody */
} replay_options;

/* The same when the arguments have been read: to standard output and standard error, and back with the exit status. */
int replay_file(const replay_options *limits);
int run_cases(FILE *in, const char *name);
int dump_file(const char *in, bool json);

#endif
