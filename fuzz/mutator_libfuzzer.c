/* The mutator as libFuzzer calls it: mostly one to four of its changes, and now and then libFuzzer's own, which knows the
 * dictionary. Text has nothing that the mutator knows. */

#include "mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  const unsigned own = seed % 8;
  if (own < 2 || (size > 0 && data[0] == '{')) return LLVMFuzzerMutate(data, size, max_size);
  for (unsigned i = 0; i <= own / 2; i++) size = fz_mutate(data, size, max_size, seed + 0x10000u * i);
  return size;
}
