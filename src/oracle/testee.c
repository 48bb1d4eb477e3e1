#define _GNU_SOURCE
#include "testee.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUND_MAX 60000 /* ms */
#define GRACE 1000 /* ms from the end of the output to the end of the process: later than that, it only closed it */

static volatile sig_atomic_t interrupted;

const char *testee_fate_name(testee_fate fate)
{
  static const char *const names[] = {
    [TESTEE_ANSWERED] = "answered",       [TESTEE_CRASHED] = "crashed",          [TESTEE_HUNG] = "hung",
    [TESTEE_GARBAGE] = "printed garbage", [TESTEE_CLOSED] = "closed its output", [TESTEE_ENDLESS] = "wrote endlessly",
  };
  return names[fate];
}

static int64_t now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The program, with these two as standard input and output, in a group of its own, with the usual signals. */
static int spawn(testee *t, char *const *argv, int in, int out)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t usual, none;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGXFSZ);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawnp(&t->pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) t->pid = 0;
  return error;
}

int testee_start(testee *t, char *const *argv)
{
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0) return errno;
  if (pipe2(from, O_CLOEXEC) != 0) {
    const int error = errno;
    close(to[0]);
    close(to[1]);
    return error;
  }
  const int error = spawn(t, argv, to[0], from[1]);
  close(to[0]);
  close(from[1]);
  t->in = to[1];
  t->out = from[0];
  t->started = now();
  if (error == 0) {
    fcntl(t->in, F_SETFL, O_NONBLOCK);
    fcntl(t->out, F_SETFL, O_NONBLOCK);
    return 0;
  }
  close(t->in);
  close(t->out);
  return error;
}

/* Ends it and its group. */
static void end(testee *t)
{
  if (t->pid <= 0) return;
  close(t->in);
  close(t->out);
  kill(-t->pid, SIGKILL);
  while (waitpid(t->pid, NULL, 0) < 0 && errno == EINTR) {
  }
  t->pid = 0;
}

void testee_stop(testee *t)
{
  end(t);
  free(t->question);
  free(t->answer);
  *t = (testee){0};
}

void testee_ask(testee *t, char *question, size_t length, size_t most, int64_t timeout)
{
  free(t->question);
  t->question = question;
  t->length = length;
  t->asked = t->got = 0;
  if (t->answer != NULL) t->answer[0] = '\0';
  t->most = most;
  t->deadline = now() + timeout;
  t->busy = true;
}

/* Its fate is known. One that did not answer is not of use any more. */
static void done(testee *t, testee_fate fate, const char *detail)
{
  t->busy = false;
  t->told = true;
  t->fate = fate;
  if (detail != t->detail) snprintf(t->detail, sizeof t->detail, "%s", detail);
  if (fate == TESTEE_ANSWERED) {
    t->took = t->started > 0 ? now() - t->started : 0;
    t->started = 0;
    return;
  }
  t->took = 0;
  end(t);
}

/* Its output has ended: has it, too? It is only looked at here, and reaped when all of its group has been ended. */
static void ended(testee *t)
{
  const int64_t until = now() + GRACE;
  siginfo_t info = {0};
  while (waitid(P_PID, (id_t)t->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0 && now() < until)
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  if (info.si_pid == 0) {
    done(t, TESTEE_CLOSED, "and runs on");
    return;
  }
  if (info.si_code == CLD_EXITED)
    snprintf(t->detail, sizeof t->detail, "exit status %d", info.si_status);
  else
    snprintf(t->detail, sizeof t->detail, "signal %d, %s", info.si_status, strsignal(info.si_status));
  done(t, TESTEE_CRASHED, t->detail);
}

/* Gives it what it takes of the question. One that takes no more may still answer. */
static void give(testee *t)
{
  const ssize_t n = write(t->in, t->question + t->asked, t->length - t->asked);
  if (n > 0)
    t->asked += (size_t)n;
  else if (n < 0 && errno != EAGAIN && errno != EINTR)
    t->asked = t->length;
}

/* Takes what there is of the answer. */
static void take(testee *t)
{
  if (t->room - t->got < 4096) {
    const size_t room = 2 * t->room + 65536;
    char *moved = realloc(t->answer, room);
    if (moved == NULL) {
      done(t, TESTEE_ENDLESS, "memory is full");
      return;
    }
    t->answer = moved;
    t->room = room;
  }
  const ssize_t n = read(t->out, t->answer + t->got, t->room - t->got - 1);
  if (n < 0) {
    if (errno != EAGAIN && errno != EINTR) ended(t);
    return;
  }
  if (n == 0) {
    ended(t);
    return;
  }
  char *end = memchr(t->answer + t->got, '\n', (size_t)n);
  t->got += (size_t)n;
  t->answer[t->got] = '\0';
  if (end == NULL) {
    if (t->got > t->most) done(t, TESTEE_ENDLESS, "a line longer than any outcome");
    return;
  }
  const bool more = end + 1 < t->answer + t->got;
  *end = '\0';
  t->got = (size_t)(end - t->answer);
  if (more)
    done(t, TESTEE_GARBAGE, "more than a line");
  else
    done(t, TESTEE_ANSWERED, "");
}

/* One round of poll. False: a signal asks to end. */
static bool round_of(testee *all, int n)
{
  struct pollfd fds[2 * TESTEES_MAX];
  int64_t first = INT64_MAX;
  for (int i = 0; i < n; i++) {
    testee *t = &all[i];
    fds[i] = (struct pollfd){.fd = t->busy ? t->out : -1, .events = POLLIN};
    fds[n + i] = (struct pollfd){.fd = t->busy && t->asked < t->length ? t->in : -1, .events = POLLOUT};
    if (t->busy && t->deadline < first) first = t->deadline;
  }
  const int64_t left = first - now();
  if (poll(fds, 2 * (nfds_t)n, left < 0 ? 0 : left > ROUND_MAX ? ROUND_MAX : (int)left) < 0 && interrupted != 0)
    return false;
  for (int i = 0; i < n; i++) {
    testee *t = &all[i];
    if (!t->busy) continue;
    if (fds[n + i].revents != 0) give(t);
    if (fds[i].revents != 0) take(t);
    if (t->busy && now() >= t->deadline) done(t, TESTEE_HUNG, "no outcome in time");
  }
  return true;
}

int testee_wait(testee *all, int n)
{
  for (;;) {
    bool busy = false;
    for (int i = 0; i < n; i++) {
      busy = busy || all[i].busy;
      if (!all[i].told) continue;
      all[i].told = false;
      return i;
    }
    if (!busy || interrupted != 0 || !round_of(all, n)) return -1;
  }
}

static void note(int number)
{
  interrupted = number;
}

void testee_catch_signals(void)
{
  struct sigaction action = {.sa_handler = note};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

int testee_interrupted(void)
{
  return interrupted;
}
