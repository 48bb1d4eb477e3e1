#ifndef FLIGHTSPEC_RULE_H
#define FLIGHTSPEC_RULE_H

/* rule: the sentences of spec/rules.md, and which of them an outcome is about. */

#include "difference.h"

/* What a rule says; NULL: there is none of this id. */
const char *rule_text(const char *id);

/* The id of the i-th rule; NULL: there are not so many. */
const char *rule_id(size_t i);

/* The ids of the rules that a difference is most likely about: a list that the caller owns. */
json_t *rule_guess(const difference *d, const json_t *ops);

#endif
