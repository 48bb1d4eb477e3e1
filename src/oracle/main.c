#define _GNU_SOURCE
#include "command.h"
#include "output.h"
#include "version.h"
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *argp_program_version = "flightspec " FLIGHTSPEC_VERSION;

static const struct {
  const char *name;      /* as it is called */
  const char *full_name; /* as its messages name it */
  int (*run)(int argc, char **argv);
  const char *summary;
} commands[] = {
  {"replay", "flightspec replay", command_replay, "run a trace through the flight recorder, write its snapshot"},
  {"run", "flightspec run", command_run, "run the cases of the case format, print their outcomes"},
  {"dump", "flightspec dump", command_dump, "list header, generations and batches of a trace"},
  {"conform", "flightspec conform", command_conform, "see whether a recorder, in any language, keeps the rules"},
  {"check", "flightspec check", command_check, "say whether traces and snapshots are well formed"},
  {"vectors", "flightspec vectors", command_vectors, "give out the conformance vectors, for other test suites"},
  {"explain", "flightspec explain", command_explain, "say of each generation why it was kept or dropped"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

/* Adds the list of commands to the help text. */
static char *help_filter(int key, const char *text, void *input)
{
  (void)input;
  if (key != ARGP_KEY_HELP_PRE_DOC) return (char *)(uintptr_t)text;
  char *list = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&list, &size);
  if (out == NULL) return (char *)(uintptr_t)text;
  fprintf(out, "%s\n\nCommands:\n", text);
  for (size_t i = 0; i < COMMANDS; i++) fprintf(out, "  %-8s  %s\n", commands[i].name, commands[i].summary);
  fputs("\nOptions:", out);
  fclose(out);
  return list;
}

/* Runs the command that the arguments from `first` on name. */
static int run(struct argp_state *state, const char *name, int first)
{
  for (size_t i = 0; i < COMMANDS; i++) {
    if (strcmp(commands[i].name, name) != 0) continue;
    state->argv[first] = (char *)(uintptr_t)commands[i].full_name;
    return commands[i].run(state->argc - first, state->argv + first);
  }
  argp_error(state, "unknown command '%s'", name);
  return EXIT_USAGE;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
  int *status = state->input;
  if (key == ARGP_KEY_ARG) {
    *status = run(state, arg, state->next - 1);
    state->next = state->argc;
    return 0;
  }
  if (key == ARGP_KEY_NO_ARGS) {
    argp_error(state, "no command");
    return 0;
  }
  return ARGP_ERR_UNKNOWN;
}

/* At the end: the help and the version, too, have to get where they were sent. */
static void end(void)
{
  if (!output_flush()) _exit(EXIT_USAGE);
}

int main(int argc, char **argv)
{
  static const struct argp parser = {
    .parser = parse,
    .args_doc = "COMMAND [ARGUMENT...]",
    .doc =
      "The Go flight recorder, as it is specified.\v"
      "`flightspec COMMAND --help' tells of a command. Exit status: 0 done; 1 what was to be judged does not conform; "
      "2 wrong usage, an input that cannot be read or, where it is not to be judged, breaks a rule, an output that "
      "cannot be written.",
    .help_filter = help_filter,
  };
  int status = EXIT_USAGE;
  argp_err_exit_status = EXIT_USAGE;
  (void)atexit(end);
  signal(SIGXFSZ, SIG_IGN); /* a write beyond the largest file allowed is then an error like others */
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &status);
  return status;
}
