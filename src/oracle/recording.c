#include "recording.h"
#include "name.h"
#include "quantity.h"

enum { KEY_MAX_BYTES = 512, KEY_MIN_AGE, KEY_SYSTEM };

static const struct argp_option choices[] = {
  {"max-bytes", KEY_MAX_BYTES, "N", 0, "Keep about N bytes: a number, or one with k, M or G behind it (default 10M)",
   0},
  {"min-age", KEY_MIN_AGE, "D", 0, "Keep at least the last D: 10s, 500ms, 1m30s, 1h, ... (default 10s)", 0},
  {"system", KEY_SYSTEM, "S", 0, "Record as this system does: " SYSTEM_NAMES " (default strict)", 0},
  {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
  recording *how = state->input;
  uint64_t bytes = 0;
  switch (key) {
  case KEY_MAX_BYTES:
    if (!quantity_bytes(arg, &bytes)) argp_error(state, "'%s' is no size; examples: 4096, 64k, 10M, 1G", arg);
    how->max_bytes = bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX; /* no ring holds more */
    how->has_max_bytes = true;
    return 0;
  case KEY_MIN_AGE:
    if (!quantity_duration(arg, &how->min_age))
      argp_error(state, "'%s' is no duration; examples: 10s, 500ms, 1m30s", arg);
    how->has_min_age = true;
    return 0;
  case KEY_SYSTEM:
    how->system = system_named(arg);
    if (how->system == NULL) argp_error(state, "'%s' is no system; there are " SYSTEM_NAMES, arg);
    how->has_system = true;
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

const struct argp recording_argp = {.options = choices, .parser = parse};
