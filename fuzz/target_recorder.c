/* recorder: whole programs, done to a recorder and to the model (model.h), for all five systems.
 *
 * After each operation the statuses, what write and snapshot say of bytes, the snapshots themselves and the states are
 * the same; the errata are those of the systems. Rules: V-1 V-2 V-3 V-4 V-5 V-6, B-1 B-2 B-3 B-4 B-5 B-6 B-7 B-8 B-9 B-10
 * B-11, C-1 C-2 C-3, G-1 G-2 G-3 G-4 G-5 G-6 G-7 G-8 G-9, P-1 P-2 P-3 P-4 P-5, S-1 S-2 S-3 S-4 S-5, L-1 L-2 L-3 L-4 L-5
 * L-6 L-7 L-8 L-9 L-10, but not what several threads make of L-1, L-6 and L-7.
 *
 * The recorder is `fz_subject_under_test`, ours unless another is linked (subject.h). Input: a program (program.h). */
#define FZ_TARGET "recorder"
#include "check.h"
#include "program.h"
#include "subject.h"
#include <string.h>

enum { MOST_OPERATIONS = 300, MOST_GENERATIONS = 64, MOST_FLUSHED = 8 };

static const char *const systems[] = {"exp-pipe", "exp-write", "exp-eog", "runtime", "strict"};

/* What an operation came to. */
typedef struct {
  int status;
  int64_t n;
  int during;     /* of the second snapshot; -1: there was none */
  size_t flushes; /* how often the tracer was flushed */
  uint8_t *bytes; /* of a snapshot */
  size_t len, cap;
} outcome;

/* One of the two. */
typedef struct {
  const fz_subject *by;
  void *self;
  uint64_t clock;
  outcome out;
  const fz_operation *flushed; /* writes to come with the next flushes, */
  size_t of_flush[2];          /* so many with the first and the second */
  uint64_t room;               /* of the sink */
  bool again;                  /* it asks for a second snapshot */
} party;

static party parties[2]; /* the memory of their outcomes stays */
static const char *system_name;
static size_t step; /* for messages */

static bool has_marks(void)
{
  return strcmp(system_name, "runtime") == 0;
}

/* Whether the recorder is told where generations end. */
static bool is_told(void)
{
  return has_marks() || strcmp(system_name, "strict") == 0;
}

static bool is_stream(void)
{
  return strcmp(system_name, "exp-pipe") == 0 || strcmp(system_name, "strict") == 0;
}

/* A write; in `runtime` an end mark alone is followed by the end of the generation. A call that never returns has no n. */
static int write_bytes(party *p, const fz_operation *op)
{
  int64_t *const n = &p->out.n;
  const int status = p->by->write(p->self, op->bytes, op->len, p->clock, n);
  if (status == FZ_BLOCKED || status == FZ_DEADLOCK) *n = 0;
  const bool mark = op->len == 1 && op->bytes[0] == 52 && op->operation % FZ_RECORDER_OPERATIONS != FZ_WRITE_ONLY;
  if (mark && has_marks() && status != FZ_NOT_ENABLED) (void)p->by->end_generation(p->self, p->clock);
  return status;
}

static int flush(void *context)
{
  party *const p = context;
  const size_t i = p->out.flushes++;
  for (size_t k = 0; i < 2 && k < p->of_flush[i]; k++) {
    const int status = write_bytes(p, p->flushed++);
    if (status == FZ_BLOCKED || status == FZ_DEADLOCK) return status;
  }
  return FZ_OK;
}

static size_t sink(void *context, const uint8_t *bytes, size_t len)
{
  party *const p = context;
  if (p->again) {
    const fz_exit to = {p, flush, sink};
    p->again = false;
    p->out.during = p->by->snapshot(p->self, &to);
  }
  const size_t taken = len < p->room ? len : (size_t)p->room;
  if (p->out.len + taken > p->out.cap) {
    p->out.cap = 2 * (p->out.len + taken);
    p->out.bytes = realloc(p->out.bytes, p->out.cap);
    if (p->out.bytes == NULL) abort();
  }
  if (taken > 0) memcpy(p->out.bytes + p->out.len, bytes, taken);
  p->out.len += taken;
  p->room -= taken;
  return taken;
}

static int snapshot(party *p, const fz_operation *op, const fz_operation *flushed, const size_t of_flush[2])
{
  const fz_exit to = {p, flush, sink};
  p->flushed = flushed;
  p->of_flush[0] = of_flush[0];
  p->of_flush[1] = of_flush[1];
  p->room = op->number[2] < 2 ? UINT64_MAX : op->number[2] / 2 - 1;
  p->again = op->number[2] % 2 != 0;
  const int status = p->by->snapshot(p->self, &to);
  p->out.n = (int64_t)p->out.len;
  return status;
}

/* An operation; what only some systems have is none in the others. */
static int perform(party *p, const fz_operation *op, const fz_operation *flushed, const size_t of_flush[2])
{
  switch (op->operation % FZ_RECORDER_OPERATIONS) {
  case FZ_WRITE:
  case FZ_WRITE_ONLY:
    return write_bytes(p, op);
  case FZ_CLOCK:
    p->clock = op->number[0];
    return FZ_OK;
  case FZ_CLOCK_ON:
    p->clock += op->number[0];
    return FZ_OK;
  case FZ_SNAPSHOT:
    return snapshot(p, op, flushed, of_flush);
  case FZ_START:
    return p->by->start(p->self, false);
  case FZ_START_REFUSED:
    return p->by->start(p->self, true);
  case FZ_STOP:
    return p->by->stop(p->self);
  case FZ_SET:
    p->by->set(p->self, fz_signed(op->number[0]), fz_signed(op->number[1]));
    return FZ_OK;
  case FZ_CLOSE:
    return is_stream() ? p->by->close(p->self) : FZ_OK;
  default:
    return is_told() ? p->by->end_generation(p->self, p->clock) : FZ_OK;
  }
}

static const char *name(int status)
{
  const char *const known = fz_status_name(status);
  return status < 0 ? "none" : known != NULL ? known : "unknown";
}

static void check_outcomes(uint32_t operation)
{
  const outcome *const want = &parties[0].out, *const got = &parties[1].out;
  const char *const by = parties[1].by->name;
  if (got->status != want->status)
    fz_fail("L-1 to L-9, B", "%s as %s, operation %zu (%u): %s instead of %s", by, system_name, step, operation,
            name(got->status), name(want->status));
  if (got->n != want->n)
    fz_fail("L-5, S-4", "%s as %s, operation %zu (%u): n is %lld instead of %lld", by, system_name, step, operation,
            (long long)got->n, (long long)want->n);
  if (got->during != want->during || got->flushes != want->flushes)
    fz_fail("L-6, L-10", "%s as %s, operation %zu: a second snapshot is %s instead of %s, %zu flushes instead of %zu",
            by, system_name, step, name(got->during), name(want->during), got->flushes, want->flushes);
  if (got->len != want->len || (got->len > 0 && memcmp(got->bytes, want->bytes, got->len) != 0))
    fz_fail("S-1, S-2, S-5", "%s as %s, operation %zu: another snapshot", by, system_name, step);
}

static void check_states(uint32_t operation)
{
  static fz_generation want[MOST_GENERATIONS], got[MOST_GENERATIONS];
  const fz_subject *const by = parties[1].by;
  if (by->enabled(parties[1].self) != parties[0].by->enabled(parties[0].self))
    fz_fail("L-1", "%s as %s, operation %zu (%u): enabled", by->name, system_name, step, operation);
  if (by->state == NULL) return;
  const size_t n = parties[0].by->state(parties[0].self, want, MOST_GENERATIONS);
  const size_t m = by->state(parties[1].self, got, MOST_GENERATIONS);
  if (n != m)
    fz_fail("P-1 to P-4, G-5", "%s as %s, operation %zu (%u): %zu generations instead of %zu", by->name, system_name,
            step, operation, m, n);
  for (size_t i = 0; i < n && i < MOST_GENERATIONS; i++)
    if (got[i].gen != want[i].gen || got[i].size != want[i].size || got[i].min_time != want[i].min_time)
      fz_fail("G-2, G-7, G-9",
              "%s as %s, operation %zu (%u): generation %zu has number %llu, size %llu, time %llu instead of %llu, "
              "%llu, %llu",
              by->name, system_name, step, operation, i, (unsigned long long)got[i].gen,
              (unsigned long long)got[i].size, (unsigned long long)got[i].min_time, (unsigned long long)want[i].gen,
              (unsigned long long)want[i].size, (unsigned long long)want[i].min_time);
}

/* Takes up to `most` writes from the front of the program. */
static size_t take_writes(fz_input *in, fz_operation *writes, uint64_t most)
{
  size_t n = 0;
  for (fz_input next = *in; n < most && fz_next(&next, &writes[n]); *in = next)
    if (writes[n++].operation % FZ_RECORDER_OPERATIONS > FZ_WRITE_ONLY) return n - 1;
  return n;
}

/* Does the next operation twice. False: there is none, or memory is full and no more can be said. */
static bool run_operation(fz_input *in)
{
  fz_operation op, flushed[MOST_FLUSHED];
  size_t of_flush[2] = {0, 0};
  if (!fz_next(in, &op)) return false;
  if (op.operation % FZ_RECORDER_OPERATIONS == FZ_SNAPSHOT) {
    of_flush[0] = take_writes(in, flushed, op.number[0] % 4);
    of_flush[1] = take_writes(in, flushed + of_flush[0], op.number[1] % 4);
  }
  for (size_t i = 0; i < 2; i++) {
    outcome *const out = &parties[i].out;
    out->n = 0;
    out->during = -1;
    out->flushes = out->len = 0;
    out->status = perform(&parties[i], &op, flushed, of_flush);
    if (out->status == FZ_NO_SPACE) return false;
  }
  step++;
  check_outcomes(op.operation % FZ_RECORDER_OPERATIONS);
  check_states(op.operation % FZ_RECORDER_OPERATIONS);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fz_input in = {data, size};
  system_name = systems[fz_system(&in, sizeof systems / sizeof systems[0])];
  const uint64_t ticks_per_second = fz_number(&in);
  parties[0].by = &fz_model;
  parties[1].by = &fz_subject_under_test;
  for (size_t i = 0; i < 2; i++) {
    parties[i].self = parties[i].by->create(system_name, ticks_per_second);
    parties[i].clock = 0;
  }
  step = 0;
  if (parties[1].self != NULL)
    for (int i = 0; i < MOST_OPERATIONS && run_operation(&in); i++) {
    }
  for (size_t i = 0; i < 2; i++)
    if (parties[i].self != NULL) parties[i].by->destroy(parties[i].self);
  return 0;
}
