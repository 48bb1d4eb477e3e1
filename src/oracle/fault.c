#include "fault.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *what, *rule;
} by_status[] = {
  [FR_TRUNCATED] = {"the file ends inside this batch", "B-5"},
  [FR_OVERFLOW] = {"a number of this batch does not fit 64 bits", "V-5"},
  [FR_BAD_TYPE] = {"no batch begins here: unknown type", "B-2"},
  [FR_BAD_SIZE] = {"this batch says that its payload is larger than 65536 bytes", "B-4"},
  [FR_BAD_HEADER] = {"this is not a Go execution trace", "B-7"},
  [FR_BAD_VERSION] = {"a trace of an unknown version", "B-8"},
  [FR_NO_FREQUENCY] = {"no frequency", "B-9"},
  [FR_BAD_FREQUENCY] = {"this frequency cannot be read, or is 0", "B-10"},
  [FR_NO_SPACE] = {"out of memory", "G-6"},
  [FR_BAD_END_MARK] = {"an end mark without a generation", "G-2"},
  [FR_BAD_GENERATION] = {"the generation's number does not follow that of the one before", "G-3"},
  [FR_TRAILING] = {"bytes follow the frequency in its batch", "B-10"},
};

fault fault_at(const char *what, const char *rule, uint64_t offset)
{
  return (fault){.what = what, .rule = rule, .offset = offset};
}

fault fault_of(fr_status status, uint64_t offset)
{
  return fault_at(by_status[status].what, by_status[status].rule, offset);
}

fault fault_system(int error)
{
  return (fault){.what = strerror(error), .error = error};
}

void fault_print(const char *file, const fault *f)
{
  if (f->rule == NULL)
    complain("%s: %s", file, strerror(f->error));
  else
    complain("%s:%" PRIu64 ": %s (%s)", file, f->offset, f->what, f->rule);
}

void complain(const char *format, ...)
{
  va_list args;
  fflush(stdout);
  fputs("flightspec: ", stderr);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}
