#ifndef FLIGHTSPEC_EXPORT_H
#define FLIGHTSPEC_EXPORT_H

/* export: vectors in the forms in which others take them. */

#include <jansson.h>
#include <stdbool.h>

/* Each takes a list of vectors and writes them to a place, as a whole or not at all. False: told on standard error. */

/* One JSON array, a case a line, to a file or to standard output for `-`. */
bool export_json(const json_t *cases, const char *path);

/* A folder: for the case SYSTEM/NAME the files SYSTEM/NAME.in, a line as a testee gets it, and SYSTEM/NAME.want, the line
 * that it must print; index.tsv has what each case is about. */
bool export_files(const json_t *cases, const char *path);

/* A folder with a Go test, and these files as its testdata. */
bool export_go_test(const json_t *cases, const char *path);

#endif
