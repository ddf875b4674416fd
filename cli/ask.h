/* Questions on the terminal, or answered through a pipe. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/error.h"
#include "base/str.h"

struct cli;

/* A line of standard input, without the blanks around it. The question goes to
 * standard error. option: what else could have said it, for the error where
 * the input ends; NULL for nothing. */
MUST_CHECK bool ask(struct cli *cli, const char *question, const char *option,
		    struct str *answer, struct error *err);
/* The same, until there is an answer. */
MUST_CHECK bool ask_until(struct cli *cli, const char *question,
			  const char *option, struct str *answer,
			  struct error *err);

#endif
