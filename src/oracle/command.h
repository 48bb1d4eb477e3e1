#ifndef FLIGHTSPEC_COMMAND_H
#define FLIGHTSPEC_COMMAND_H

/* command: what each part of the program is given, and what it gives back. */

#define EXIT_USAGE 2 /* wrong usage, an input that cannot be read, an output that cannot be written */

/* Each takes its own arguments, argv[0] being `flightspec NAME`, and returns the exit status. */
int command_replay(int argc, char **argv);
int command_run(int argc, char **argv);
int command_dump(int argc, char **argv);

#endif
