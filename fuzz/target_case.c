/* case: the reader of cases, which `flightspec run` is.
 *
 * Any bytes: each line that is not empty gives either a line of outcome or a line of error. The exit status is 0 exactly
 * when there are no errors. The same lines once more behind them give the same once more: no case leaves anything to
 * the next (spec/cases.md; L-1).
 *
 * Input: lines of JSON, or what you like. */
#define _GNU_SOURCE
#define FZ_TARGET "case"
#include "check.h"
#include "oracle/command.h"
#include "streams.h"

static int run(uint8_t *lines, size_t size, fz_caught *c)
{
  FILE *const in = fmemopen(lines, size, "r");
  if (in == NULL) abort();
  fz_catch(c);
  const int status = run_cases(in, "-");
  fz_release(c);
  fclose(in);
  return status;
}

/* Lines with anything in them. */
static size_t count_lines(const uint8_t *p, size_t size)
{
  size_t n = 0;
  for (size_t i = 0; i < size; i++) {
    const size_t begin = i;
    while (i < size && p[i] != '\n') i++;
    size_t end = i;
    while (end > begin && p[end - 1] == '\r') end--;
    n += end > begin;
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fz_caught once, twice;
  uint8_t *const lines = malloc(2 * size + 1);
  if (lines == NULL) abort();
  if (size > 0) memcpy(lines, data, size);
  lines[size] = '\n';
  if (size > 0) memcpy(lines + size + 1, data, size);
  const int status = run(lines, size, &once), status_2 = run(lines, 2 * size + 1, &twice);
  const size_t out = fz_lines(once.out, once.out_size), err = fz_lines(once.err, once.err_size);
  if (out + err != count_lines(data, size))
    fz_fail("cases", "%zu lines, %zu outcomes, %zu errors", count_lines(data, size), out, err);
  if ((status == 0) != (err == 0) || status != status_2) fz_fail("cases", "exit status %d, then %d", status, status_2);
  if (twice.out_size != 2 * once.out_size || memcmp(twice.out, once.out, once.out_size) != 0 ||
      memcmp(twice.out + once.out_size, once.out, once.out_size) != 0)
    fz_fail("L-1", "the same cases have another outcome the second time");
  fz_free(&once);
  fz_free(&twice);
  free(lines);
  return 0;
}
