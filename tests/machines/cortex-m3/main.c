/* main: plays all vectors that are linked in, says which fail, and counts them. */

#include "player.h"

#define MOST_SAID 5u /* of those that fail */

/* By semihosting (start.S). */
void say(const char *text);

/* What tests/machines/pack has written (mps2.ld). */
extern const uint8_t vectors_start[], vectors_end[];

int main(void);

static void say_number(uint64_t number)
{
  char text[24], *at = text + sizeof text;
  *--at = '\0';
  do *--at = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  say(at);
}

static void say_failed(const player *p)
{
  char text[128];
  size_t len = p->name_len < sizeof text - 1 ? p->name_len : sizeof text - 1;
  for (size_t i = 0; i < len; i++) text[i] = (char)p->name[i];
  text[len] = '\0';
  say("failed: ");
  say(text);
  say("\n");
}

static void say_count(const char *before, uint64_t all, const char *between, uint64_t failed)
{
  say(before);
  say_number(all);
  say(between);
  say_number(failed);
  say(" failed\n");
}

int main(void)
{
  static player p;
  uint64_t failed = 0, e9 = 0, e9_failed = 0;
  p.in.at = vectors_start;
  const uint64_t all = take_number(&p.in, 4);
  for (uint64_t i = 0; i < all; i++) {
    const bool passed = player_vector(&p);
    e9 += p.shows_e9;
    if (passed) continue;
    if (++failed <= MOST_SAID) say_failed(&p);
    e9_failed += p.shows_e9;
  }
  if (p.in.at != vectors_end) say("the vectors do not end where they should\n");
  say_count("E9: ", e9, " vectors, ", e9_failed);
  say_count("vectors: ", all, ", ", failed);
  return failed > 0 || all == 0 || p.in.at != vectors_end;
}
