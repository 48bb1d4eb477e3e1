/* trap: what an input whose first two bytes are "FR" falls into, for targets that the self-test plants to see that a
 * campaign finds, minimises and keeps what happens (fuzz/selftest). It is no part of a target itself, so that libFuzzer
 * sees how far an input gets. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *volatile lost;
static volatile int round_and_round = 1;

/* `kind`: the first letter of crash, leak, timeout or oom. */
void fz_trap(char kind, const uint8_t *data, size_t size);

void fz_trap(char kind, const uint8_t *data, size_t size)
{
  const size_t much = (size_t)3 << 30;
  if (size < 2 || data[0] != 'F') return;
  if (data[1] != 'R') return;
  if (kind == 'c') abort();
  while (kind == 't' && round_and_round) continue;
  lost = malloc(kind == 'o' ? much : 100);
  if (kind == 'o' && lost != NULL) memset(lost, 1, much);
  lost = NULL;
}
