#define _GNU_SOURCE
#include "generate.h"
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_FOUND 127 /* exit status of env(1) where the interpreter of a script is missing */

/* The program, with its standard output into this pipe, and ended when nobody reads that any more. */
static int spawn(generator *g, char *const *argv, int out)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawnp(&g->pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

bool generator_open(generator *g, const char *program, const char *system, uint64_t seed, uint64_t count,
                    runner *oracle)
{
  char numbers[2][24];
  int fds[2];
  *g = (generator){.program = program, .oracle = oracle, .good = true};
  snprintf(numbers[0], sizeof numbers[0], "%" PRIu64, seed);
  snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, count);
  char *const argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)system, numbers[0], numbers[1], NULL};
  if (pipe2(fds, O_CLOEXEC) != 0) {
    complain("%s: %s", program, strerror(errno));
    return false;
  }
  const int error = spawn(g, argv, fds[1]);
  close(fds[1]);
  g->in = fdopen(fds[0], "r");
  if (error == 0 && g->in != NULL) return true;
  complain("%s: %s", program, strerror(error != 0 ? error : errno));
  g->good = false;
  if (g->in == NULL) close(fds[0]);
  if (error != 0) g->pid = 0;
  (void)generator_close(g, false);
  return false;
}

json_t *generator_next(generator *g)
{
  json_error_t error;
  const ssize_t length = g->good ? getline(&g->line, &g->room, g->in) : -1;
  if (length < 0) return NULL;
  json_t *from = json_loadb(g->line, (size_t)length, JSON_REJECT_DUPLICATES, &error);
  json_t *outcome = from != NULL ? runner_outcome(g->oracle, from) : NULL;
  g->count++;
  if (outcome == NULL) {
    complain("%s: line %" PRIu64 " is no case", g->program, g->count);
    g->good = false;
    json_decref(from);
    return NULL;
  }
  json_object_set(from, "want", json_object_get(outcome, "out"));
  json_decref(outcome);
  return from;
}

bool generator_close(generator *g, bool whole)
{
  int status = 0;
  if (g->in != NULL) fclose(g->in);
  while (g->pid > 0 && waitpid(g->pid, &status, 0) < 0 && errno == EINTR) {
  }
  free(g->line);
  if (g->good && whole && status != 0) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
      complain("%s: cannot be run: there is no python3, which random cases need; --cases 0 has none", g->program);
    else
      complain("%s: it failed", g->program);
    g->good = false;
  }
  return g->good;
}
