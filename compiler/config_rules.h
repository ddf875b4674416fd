/* Rules about several keys of one config at once. For config*.c. */
#ifndef COMPILER_CONFIG_RULES_H
#define COMPILER_CONFIG_RULES_H

#include "compiler/config.h"

/* config is what config_check() made of written. Reports; the action stays. */
void config_rules(enum config_kind kind, const struct value *written,
		  struct config_place place, struct diags *diags,
		  const struct value *config);

#endif
