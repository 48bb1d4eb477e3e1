/* trace: `dump` and `replay` of a trace file.
 *
 * - Both end with exit status 0 or 2, with 2 after a message of one line; `dump --json` has the status of `dump`.
 * - What `dump` lists of a good trace are as many batches as a plain reading finds (B-1, B-5).
 * - What `replay` keeps of a good trace without limits is all of it, byte for byte, and `dump` finds that good (S-1,
 *   S-2, P-4).
 *
 * Input: a trace. Its length says as which of the other systems it is replayed, too. */
#define _GNU_SOURCE
#define FZ_TARGET "trace"
#include "check.h"
#include "oracle/command.h"
#include "reading.h"
#include "streams.h"
#include <sys/mman.h>
#include <unistd.h>

static int in = -1, out = -1, standard_output; /* files in memory, and where standard output was */
static char path[40];                          /* of `in` */

static void open_files(void)
{
  if (in >= 0) return;
  in = memfd_create("in", 0);
  out = memfd_create("out", 0);
  standard_output = dup(STDOUT_FILENO);
  if (in < 0 || out < 0 || standard_output < 0) abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", in);
}

static void write_file(int file, const uint8_t *data, size_t size)
{
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0) abort();
}

static void check_status(int status, const fz_caught *c, const char *what)
{
  if (status != 0 && status != EXIT_USAGE) fz_fail("B-5", "%s: exit status %d", what, status);
  if (status != 0 && fz_lines(c->err, c->err_size) != 1) fz_fail("B-5", "%s: not one message: %s", what, c->err);
}

/* How many batches there are behind the header, end marks too; SIZE_MAX: they cannot all be read. */
static size_t count_batches(const uint8_t *p, size_t size)
{
  fz_batch b;
  size_t n = 0;
  for (size_t at = 16; at < size; at += b.whole, n++)
    if (fz_read_batch(p + at, size - at, false, &b) != FZ_READ) return SIZE_MAX;
  return n;
}

static bool check_dump(const uint8_t *data, size_t size)
{
  static const char word[] = "{\"kind\":\"batch\"";
  fz_caught text, json;
  fz_catch(&text);
  const int status = dump_file(path, false);
  fz_release(&text);
  check_status(status, &text, "dump");
  fz_catch(&json);
  const int status_2 = dump_file(path, true);
  fz_release(&json);
  check_status(status_2, &json, "dump --json");
  if (status != status_2) fz_fail("B-5", "dump ends with %d, dump --json with %d", status, status_2);
  size_t n = 0;
  for (const char *at = json.out; at != NULL && (at = strstr(at, word)) != NULL; at++) n++;
  if (status == 0 && n != count_batches(data, size))
    fz_fail("B-1", "%zu batches are listed of %zu", n, count_batches(data, size));
  fz_free(&text);
  fz_free(&json);
  return status == 0;
}

/* Replays the trace without limits; what it wrote is in `out`. */
static int replay(const fr_system *system)
{
  const replay_options limits = {
    .how = {.system = system, .max_bytes = INT64_MAX, .min_age = INT64_MAX}, .in = path, .out = "-"};
  fz_caught c;
  write_file(out, NULL, 0);
  dup2(out, STDOUT_FILENO);
  fz_catch(&c);
  const int status = replay_file(&limits);
  fz_release(&c);
  dup2(standard_output, STDOUT_FILENO);
  check_status(status, &c, system->name);
  fz_free(&c);
  return status;
}

/* The replayed trace is the trace. */
static void check_same(const uint8_t *data, size_t size)
{
  uint8_t *const got = malloc(size + 1);
  if (got == NULL) abort();
  if (pread(out, got, size + 1, 0) != (ssize_t)size || memcmp(got, data, size) != 0)
    fz_fail("S-2", "a good trace of %zu bytes is replayed as another", size);
  free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  open_files();
  write_file(in, data, size);
  const bool good = check_dump(data, size);
  if (replay(&fr_systems[FR_STRICT]) == 0) {
    if (!good) fz_fail("G-1 to G-4", "replay takes what dump does not");
    check_same(data, size);
  }
  (void)replay(&fr_systems[size % FR_STRICT]);
  return 0;
}
