/* model: the five systems. This is the table of spec/systems.md, and nothing else; what is 0 or no is left out. */

#include "model.h"
#include <string.h>

static const md_system systems[] = {
  {
    .name = "exp-pipe",
    .framing = MD_STREAM,
    .rotation = MD_NEXT,
    .frequency = MD_PLAIN,
    .error = MD_BLOCKS,
    .version_since = 0,
    .end_marks_since = MD_NEVER,
    .header_in_place = true,
    .estimated = true,
    .zero_is_time = true,
    .stop_tells = true,
    .stop_needs_start = true,
    .flushes = 2,
    .read_ahead = 4096,
  },
  {
    .name = "exp-write",
    .framing = MD_FIRST,
    .rotation = MD_NEXT,
    .frequency = MD_PLAIN,
    .error = MD_STAYS,
    .version_since = 0,
    .end_marks_since = MD_NEVER,
    .estimated = true,
    .zero_is_time = true,
    .stop_tells = true,
    .takes_after_stop = true,
    .stop_needs_start = true,
    .flushes = 2,
  },
  {
    .name = "exp-eog",
    .framing = MD_FIRST,
    .rotation = MD_NEXT,
    .frequency = MD_LOOSE,
    .error = MD_STAYS,
    .version_since = 11,
    .end_marks_since = 0,
    .experimental = true,
    .payload_marks = true,
    .estimated = true,
    .zero_is_time = true,
    .stop_tells = true,
    .takes_after_stop = true,
    .stop_needs_start = true,
    .flushes = 2,
  },
  {
    .name = "runtime",
    .framing = MD_EXACT,
    .rotation = MD_MARK,
    .frequency = MD_GIVEN,
    .error = MD_PASSES,
    .version_since = 0,
    .end_marks_since = 0,
    .experimental = true,
    .experiment_is_field = true,
    .verbatim = true,
    .nanoseconds = true,
    .zero_is_default = true,
    .takes_after_stop = true,
    .unsigned_limit = true,
    .flushes = 1,
  },
  {
    .name = "strict",
    .framing = MD_STREAM,
    .rotation = MD_BOTH,
    .frequency = MD_STRICT,
    .error = MD_ENDS,
    .version_since = 22,
    .end_marks_since = 26,
    .experimental = true,
    .verbatim = true,
    .stop_tells = true,
    .stop_needs_start = true,
    .saturates = true,
    .flushes = 1,
  },
};

const md_system *md_system_named(const char *name)
{
  for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
    if (strcmp(systems[i].name, name) == 0) return &systems[i];
  return NULL;
}
