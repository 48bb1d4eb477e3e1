/* afl: the loop of AFL++. The process stays, and each input comes through shared memory; without afl-fuzz one comes on
 * standard input. Only its compilers know these macros; to others (a linter) there is nothing here but main. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROUNDS 10000 /* inputs for one process */

#ifdef __AFL_COMPILER
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#pragma clang diagnostic ignored "-Wshorten-64-to-32"

__AFL_FUZZ_INIT()
#endif

int main(void)
{
#ifdef __AFL_COMPILER
  __AFL_INIT();
  const uint8_t *const shared = __AFL_FUZZ_TESTCASE_BUF;
  while (__AFL_LOOP(ROUNDS)) {
    const size_t size = (size_t)__AFL_FUZZ_TESTCASE_LEN;
    uint8_t *data = malloc(size > 0 ? size : 1); /* of exactly this size: a step beyond it is seen */
    if (data == NULL) return 1;
    memcpy(data, shared, size);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
  }
#endif
  return 0;
}
