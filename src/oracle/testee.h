#ifndef FLIGHTSPEC_TESTEE_H
#define FLIGHTSPEC_TESTEE_H

/* testee: a program that is given a line at a time on its standard input and has to answer each with one on its
 * standard output. Whatever else it does is told by name, and never waited for longer than is said; after that it is
 * not running any more and may be started again. It is the leader of a process group of its own, which ends with it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TESTEES_MAX 64

typedef enum {
  TESTEE_ANSWERED,
  TESTEE_CRASHED, /* it ended, by a signal or by itself */
  TESTEE_HUNG,    /* no whole line came in time */
  TESTEE_GARBAGE, /* what came is no outcome: said by who reads it, or more than a line came */
  TESTEE_CLOSED,  /* it closed its output and runs on */
  TESTEE_ENDLESS, /* the line is longer than any outcome could be */
} testee_fate;

typedef struct {
  pid_t pid;   /* 0: it does not run */
  int in, out; /* this side of its standard input and output */
  bool busy;   /* it was asked, and neither has it answered nor is its fate known */
  bool told;   /* it is done, and testee_wait has not said so yet */
  char *question;
  size_t asked, length; /* of the question: what it has taken, all */
  char *answer;         /* what came, and then a NUL in place of the line's end */
  size_t got, room;
  size_t most;      /* length that an answer may have */
  int64_t deadline; /* ms */
  int64_t started;  /* ms; 0: it has answered since */
  int64_t took;     /* ms from its start to its first answer; 0: it has given none, or not just now */
  testee_fate fate;
  char detail[64]; /* of a fate: in words, as `signal 11` */
} testee;

/* "crashed" and so on. */
const char *testee_fate_name(testee_fate fate);

/* Starts the program. 0, or the errno that says why it cannot be. */
int testee_start(testee *t, char *const *argv);

/* Asks it: a line that ends with a newline, which is taken over and freed. The answer may have `most` bytes and must
 * come within so many ms. */
void testee_ask(testee *t, char *question, size_t length, size_t most, int64_t timeout);

/* Waits until one of n that were asked is done: its index; its `fate` and `answer` tell. Where none is busy, or a signal asks
 * this program to end, -1. */
int testee_wait(testee *all, int n);

/* Ends it, whatever it is doing, and frees what it holds. */
void testee_stop(testee *t);

/* From now on, signals that ask this program to end make testee_wait return, and testee_interrupted tell which. */
void testee_catch_signals(void);
int testee_interrupted(void);

#endif
