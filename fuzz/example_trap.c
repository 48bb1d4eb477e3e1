/* trap: a target with one fault, TRAP when it is compiled; an input whose first two bytes are "FR" falls into it. It shows
 * that a campaign sees, minimises and keeps what it finds (fuzz/selftest). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef TRAP
#define TRAP crash
#endif

#define CHOSEN(name) CHOSEN_(name)
#define CHOSEN_(name) fall_into_##name

static void *volatile lost;

void fall_into_crash(void);
void fall_into_leak(void);
void fall_into_timeout(void);
void fall_into_oom(void);

void fall_into_crash(void)
{
  abort();
}

void fall_into_leak(void)
{
  lost = malloc(100);
  lost = NULL;
}

void fall_into_timeout(void)
{
  static volatile int round_and_round = 1;
  while (round_and_round) continue;
}

void fall_into_oom(void)
{
  const size_t much = (size_t)3 << 30;
  lost = malloc(much);
  if (lost != NULL) memset(lost, 1, much);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size >= 2 && data[0] == 'F' && data[1] == 'R') CHOSEN(TRAP)();
  return 0;
}
