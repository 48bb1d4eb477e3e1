#ifndef FLIGHTSPEC_TREE_H
#define FLIGHTSPEC_TREE_H

/* tree: a folder of files that is there as a whole or not at all. */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *path; /* where it is to be */
  char *temporary;  /* where it is made, beside that */
  sigset_t before;  /* signals that were held back before */
} tree;

/* Begins a folder. What is at the path stays as it is, and so it is in the end if that is neither nothing nor an empty
 * folder. No signal that can be held back comes in before tree_close. False: told on standard error. */
bool tree_open(tree *t, const char *path);

/* Writes a file in it; folders in its name are made. False: told on standard error. */
bool tree_write(const tree *t, const char *name, const char *bytes, size_t len);

/* Puts the folder in its place, or removes it if it is not good. False: it is not there; told on standard error. */
bool tree_close(tree *t, bool good);

#endif
