/* example: a recorder of somebody else's, with one rule wrong, to show that the recorder target finds it.
 *
 * It knows `strict` alone. To have something short it is the model with another limit: a generation goes as soon as
 * those taken before it come to max_bytes, and not when they are above (against rule P-2). With a limit of N bytes one
 * generation less stays than should, if those that are newer have exactly N.
 *
 *   make test-subject SUBJECT=fuzz/example_wrong.c
 *   make fuzz-subject SUBJECT=fuzz/example_wrong.c */

#include "subject.h"
#include <string.h>

static void *wrong_create(const char *system, uint64_t ticks_per_second)
{
  if (strcmp(system, "strict") != 0) return NULL;
  void *self = fz_model.create(system, ticks_per_second);
  if (self != NULL) fz_model.set(self, 10485760 - 1, 10000000000);
  return self;
}

static void wrong_destroy(void *self)
{
  fz_model.destroy(self);
}

static void wrong_set(void *self, int64_t max_bytes, int64_t min_age_ns)
{
  fz_model.set(self, max_bytes > 0 ? max_bytes - 1 : max_bytes, min_age_ns);
}

static int wrong_start(void *self, bool refuses)
{
  return fz_model.start(self, refuses);
}

static int wrong_stop(void *self)
{
  return fz_model.stop(self);
}

static bool wrong_enabled(const void *self)
{
  return fz_model.enabled(self);
}

static int wrong_write(void *self, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  return fz_model.write(self, p, len, clock, n);
}

static int wrong_close(void *self)
{
  return fz_model.close(self);
}

static int wrong_end_generation(void *self, uint64_t clock)
{
  return fz_model.end_generation(self, clock);
}

static int wrong_snapshot(void *self, const fz_exit *to)
{
  return fz_model.snapshot(self, to);
}

static size_t wrong_state(const void *self, fz_generation *g, size_t cap)
{
  return fz_model.state(self, g, cap);
}

const fz_subject fz_subject_under_test = {
  .name = "example_wrong",
  .create = wrong_create,
  .destroy = wrong_destroy,
  .set = wrong_set,
  .start = wrong_start,
  .stop = wrong_stop,
  .enabled = wrong_enabled,
  .write = wrong_write,
  .close = wrong_close,
  .end_generation = wrong_end_generation,
  .snapshot = wrong_snapshot,
  .state = wrong_state,
};
