#ifndef FZ_PROGRAM_H
#define FZ_PROGRAM_H

/* program: operations with operands, as bytes. Every sequence of bytes is a program, so that no engine wastes its time
 * on inputs that are none, and the mutator can take each apart without knowing whose it is.
 *
 *   program     head, number, operations to the end
 *   head        a byte; its low seven bits, modulo the number of systems, are the system. Its top bit says nothing to
 *               the targets, and to the mutator that this is a program; a trace does not begin with such a byte
 *   number      0 to 199: a byte that is the number itself; 200 to 207: 1 to 8 bytes follow, the lowest first;
 *               208 to 255: 48 to 1 below 2^64
 *   operation   a code, as many numbers as it says, and if it says so a length (a number) and so many bytes
 *   code        a byte: the low five bits, modulo the number of operations, are the operation; the next two say how
 *               many numbers follow; the top bit says whether bytes do
 *
 * Numbers that an operation wants and does not have are 0, those that it does not want are skipped. At the end of the
 * input all that is missing is 0, or empty. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FZ_HEAD 0x80u  /* the top bit of a head */
#define FZ_BYTES 0x80u /* in a code: bytes follow */
#define FZ_NUMBERS 3u  /* the most that an operation has */
#define FZ_CODE(operation, numbers) ((uint8_t)((operation) | (unsigned)(numbers) << 5))

/* What is left of an input. */
typedef struct {
  const uint8_t *p;
  size_t left;
} fz_input;

typedef struct {
  uint32_t operation; /* 0 .. 31 */
  uint32_t numbers;   /* how many it came with */
  uint64_t number[FZ_NUMBERS];
  bool has_bytes;
  const uint8_t *bytes;
  size_t len;
} fz_operation;

static inline uint8_t fz_byte(fz_input *in)
{
  if (in->left == 0) return 0;
  in->left--;
  return *in->p++;
}

static inline uint64_t fz_number(fz_input *in)
{
  const uint8_t first = fz_byte(in);
  if (first < 200) return first;
  if (first >= 208) return UINT64_MAX - (255u - first);
  uint64_t x = 0;
  for (unsigned i = 0; i <= first - 200u; i++) x |= (uint64_t)fz_byte(in) << (8 * i);
  return x;
}

/* `want` bytes, or as many as there are. */
static inline const uint8_t *fz_bytes(fz_input *in, uint64_t want, size_t *len)
{
  const uint8_t *const at = in->p;
  *len = want < in->left ? (size_t)want : in->left;
  in->p += *len;
  in->left -= *len;
  return at;
}

/* The system that the head of a program names, of so many. */
static inline uint32_t fz_system(fz_input *in, uint32_t systems)
{
  return (fz_byte(in) & 0x7fu) % systems;
}

/* The next operation. False: there are no more. */
static inline bool fz_next(fz_input *in, fz_operation *op)
{
  if (in->left == 0) return false;
  const uint8_t code = fz_byte(in);
  *op = (fz_operation){.operation = code & 31u, .numbers = code >> 5 & 3u, .has_bytes = (code & FZ_BYTES) != 0};
  for (uint32_t i = 0; i < op->numbers; i++) op->number[i] = fz_number(in);
  op->bytes = in->p;
  if (op->has_bytes) op->bytes = fz_bytes(in, fz_number(in), &op->len);
  return true;
}

/* The number of these bits, as a limit or a time has a sign. */
static inline int64_t fz_signed(uint64_t bits)
{
  return bits > INT64_MAX ? -(int64_t)(UINT64_MAX - bits) - 1 : (int64_t)bits;
}

/* The operations of the recorder's programs, which are those of spec/cases.md; the number behind the head is the ticks
 * per second. With a snapshot the a and b writes that come next, each modulo 4, are made within the first flush and the
 * second. Its sink takes sink/2 - 1 bytes, or all if sink is below 2; if sink is odd it asks for a second one meanwhile. */
enum {
  FZ_WRITE,          /* bytes; in `runtime` an end mark alone is followed by the end of the generation */
  FZ_WRITE_ONLY,     /* bytes; without that */
  FZ_CLOCK,          /* ticks: sets the clock */
  FZ_CLOCK_ON,       /* ticks: sets it forward, modulo 2^64 */
  FZ_SNAPSHOT,       /* a, b, sink: see below */
  FZ_START,          /* */
  FZ_START_REFUSED,  /* */
  FZ_STOP,           /* */
  FZ_SET,            /* max_bytes, min_age */
  FZ_CLOSE,          /* */
  FZ_END_GENERATION, /* */
  FZ_RECORDER_OPERATIONS
};

#endif
