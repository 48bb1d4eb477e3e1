/* A program that knows nothing of this tree but what is installed: it records the trace on standard input, keeps about
 * 20000 bytes, and writes the snapshot to standard output. Each write is as long as the argument says. */

#include <flightspec/recorder.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 16, ARENA = 1 << 20, WRITE_MAX = 65536 };

static uint8_t arena[ARENA], pending[FR_BATCH_MAX], bytes[WRITE_MAX];
static uint64_t start[SLOTS], account[SLOTS], gen[SLOTS], stamp[SLOTS];
static int64_t min_time[SLOTS];

int main(int argc, char **argv)
{
  const fr_table table = {start, account, gen, min_time, stamp, SLOTS};
  const size_t step = argc == 2 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
  fr_recorder recorder;
  fr_segment run[3];
  size_t len;
  int64_t n;
  if (step == 0 || step > WRITE_MAX) return 2;
  fr_recorder_init(&recorder, &fr_systems[FR_STRICT], arena, sizeof arena, &table, pending);
  fr_recorder_set(&recorder, 20000, INT64_MAX);
  if (fr_recorder_start(&recorder, 0) != FR_OK) return 1;
  while ((len = fread(bytes, 1, step, stdin)) > 0)
    if (fr_recorder_write(&recorder, bytes, len, 0, &n) != FR_OK) return 1;
  if (fr_recorder_snapshot(&recorder, run) != FR_OK) return 1;
  for (int i = 0; i < 3; i++) fwrite(run[i].base, 1, run[i].len, stdout);
  fprintf(stderr, "%s kept %u\n", fr_systems[FR_STRICT].name, (unsigned)recorder.keeper.ring.n);
  return fflush(stdout) == 0 ? 0 : 1;
}
