#ifndef FLIGHTSPEC_RULE_H
#define FLIGHTSPEC_RULE_H

/* rule: the sentences of spec/rules.md, and which of them an outcome is about. */

#include "difference.h"

/* What a rule says; NULL: there is none of this id. */
const char *rule_text(const char *id);

/* The id of the i-th rule; NULL: there are not so many. */
const char *rule_id(size_t i);

/* Whether a rule only SHOULD be kept, as its own text says; all others MUST be. */
bool rule_should(const char *id);

/* Whether all rules of a list only SHOULD be kept. One without rules MUST be as it is wanted. */
bool rule_all_should(const json_t *ids);

/* The ids of the rules that a difference is most likely about: a list that the caller owns. */
json_t *rule_guess(const difference *d, const json_t *ops);

#endif
