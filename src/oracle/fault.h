#ifndef FLIGHTSPEC_FAULT_H
#define FLIGHTSPEC_FAULT_H

/* fault: what is wrong with a file, where, and which rule says so; and the one way to tell it. */

#include "status.h"
#include <stdint.h>

typedef struct {
  const char *what; /* NULL: nothing is wrong */
  const char *rule; /* id of the rule that is broken; NULL: the system refused, `error` says why */
  uint64_t offset;  /* of the fault in the file, bytes */
  int error;        /* errno of a refused call */
} fault;

/* The fault that a status of the core stands for, at an offset of the file. */
fault fault_of(fr_status status, uint64_t offset);

/* A fault that only this program knows. Both texts must live on. */
fault fault_at(const char *what, const char *rule, uint64_t offset);

/* A system call that was refused with this errno. */
fault fault_system(int error);

/* Prints `flightspec: FILE:OFFSET: what (rule)`, or `flightspec: FILE: reason` where the system refused. */
void fault_print(const char *file, const fault *f);

/* Prints `flightspec: ` and the message to standard error, as one line. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
