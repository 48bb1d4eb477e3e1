#include "name.h"
#include <string.h>

static const char *const status_names[] = {
  [FR_OK] = "ok",
  [FR_TRUNCATED] = "truncated",
  [FR_OVERFLOW] = "overflow",
  [FR_BAD_TYPE] = "bad_type",
  [FR_BAD_SIZE] = "bad_size",
  [FR_BAD_HEADER] = "bad_header",
  [FR_BAD_VERSION] = "bad_version",
  [FR_NO_FREQUENCY] = "no_frequency",
  [FR_BAD_FREQUENCY] = "bad_frequency",
  [FR_NO_SPACE] = "no_space",
  [FR_SHORT_HEADER] = "short_header",
  [FR_NOT_ONE_BATCH] = "not_one_batch",
  [FR_BAD_END_MARK] = "bad_end_mark",
  [FR_BAD_GENERATION] = "bad_generation",
  [FR_TRAILING] = "trailing",
  [FR_ALREADY_ENABLED] = "already_enabled",
  [FR_NOT_ENABLED] = "not_enabled",
  [FR_BUSY] = "busy",
  [FR_TRACER_REFUSED] = "tracer_refused",
  [FR_CLOSED] = "closed",
  [FR_BLOCKED] = "blocked",
  [FR_DEADLOCK] = "deadlock",
  [FR_SINK] = "sink",
};

const char *status_name(fr_status status)
{
  return status_names[status];
}

const fr_system *system_named(const char *name)
{
  for (size_t i = 0; name != NULL && i < FR_SYSTEMS; i++)
    if (strcmp(fr_systems[i].name, name) == 0) return &fr_systems[i];
  return NULL;
}
