#ifndef FLIGHTSPEC_SESSION_H
#define FLIGHTSPEC_SESSION_H

/* session: cases through testees, several at once, and what came of each. A case here always has its `want`. */

#include "known.h"
#include "run.h"
#include "testee.h"

#define KIND_MAX 192
#define STARTING 20000 /* ms that a testee may take to start, beside the timeout; later, some times what it took then */
#define SILENT_MAX 10  /* so many cases in a row without any outcome, and the others are not tried */

typedef struct {
  json_t *id, *rules; /* rules: NULL for a random case */
  char *kind;         /* how it differs; NULL: it does not */
  bool random;
  bool warns;              /* it SHOULD not differ, and nobody asked for more */
  const known_line *known; /* it may differ; NULL: it may not */
} result;

typedef enum { RESULT_PASSED, RESULT_FAILED, RESULT_WARNED, RESULT_KNOWN, RESULT_UNEXPECTED, RESULTS } verdict;

/* RESULT_WARNED: it differs, and only SHOULD not; RESULT_KNOWN: it differs as it is known to; RESULT_UNEXPECTED: it is
 * known to differ, and does not. */
verdict result_verdict(const result *r);

/* The first of those that failed alike. */
typedef struct {
  char *kind;
  bool warns;    /* it is only a warning */
  size_t count;  /* of them */
  size_t number; /* of the first, in results */
  json_t *from;
  json_t *got;               /* its outcome; NULL: none came */
  char *answer;              /* what came instead; NULL: nothing */
  json_t *small, *small_got; /* a small case that fails likewise, and its outcome; NULL: as above, or not made */
} failure;

typedef struct session session;
struct session {
  char *const *argv; /* of the testee */
  int64_t timeout;   /* ms a case */
  int jobs;
  const known *known;
  const char *as;                     /* what cases tell the testee that it is; NULL: the system that they are of */
  bool strict;                        /* what it SHOULD do it has to */
  size_t total;                       /* cases that there will be, at most */
  void (*progress)(const session *s); /* called after each case; may be NULL */

  testee testees[TESTEES_MAX];
  runner *oracle;
  result *results; /* in the order of the cases */
  size_t n, room;
  size_t failed;     /* of them; without warnings, and those that are known to differ */
  failure *failures; /* in the order in which they were found, and then by number, warnings last */
  size_t kinds;
  int64_t starting; /* ms that a start may take */
  int silent;       /* cases in a row without an outcome */
};

/* False: out of memory. */
bool session_open(session *s);

/* The next case, which the session takes over; NULL: no more. */
typedef json_t *session_source(void *state);

/* Runs them all, or until SILENT_MAX. False: this program has to end, which was said. */
bool session_run(session *s, session_source *next, void *state, bool random);

/* Runs one case by itself: how it failed, and what came. Empty kind: it did not, and *got is as wanted. False as above. */
bool session_try(session *s, const json_t *from, char kind[KIND_MAX], json_t **got);

/* Whether the testee was given up. */
bool session_gave_up(const session *s);

void session_close(session *s);

#endif
