/* memory: the functions that compilers call on their own account, here where there is no library. They are compiled so
 * that none of them becomes a call of itself. */

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);
void aeabi_memset(void *to, size_t n, int c);
void aeabi_memclr(void *to, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
  return memmove(to, from, n);
}

void *memmove(void *to, const void *from, size_t n)
{
  volatile uint8_t *t = to;
  const volatile uint8_t *f = from;
  if ((uintptr_t)to <= (uintptr_t)from)
    for (size_t i = 0; i < n; i++) t[i] = f[i];
  else
    for (size_t i = n; i > 0; i--) t[i - 1] = f[i - 1];
  return to;
}

void *memset(void *to, int c, size_t n)
{
  volatile uint8_t *t = to;
  for (size_t i = 0; i < n; i++) t[i] = (uint8_t)c;
  return to;
}

/* As Arm's ABI has them; mps2.ld gives them their names. */
void aeabi_memset(void *to, size_t n, int c)
{
  memset(to, c, n);
}

void aeabi_memclr(void *to, size_t n)
{
  memset(to, 0, n);
}
