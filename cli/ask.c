/* Questions and answers, a line each. */
#include "cli/ask.h"

#include "base/arena.h"
#include "cli/cmd.h"

bool ask(struct cli *cli, const char *question, const char *option,
	 struct str *answer, struct error *err)
{
	char line[4096];

	fputs(question, cli->err.f);
	fflush(cli->err.f);
	if (!fgets(line, sizeof(line), stdin)) {
		fputc('\n', cli->err.f);
		error_set(err, ERROR_USAGE,
			  "the input ended without an answer");
		return option ? error_hint(err, "answer, or say it by %s",
					   option)
			      : false;
	}
	*answer = arena_str(cli->arena, str_trim(str_of(line)));
	return true;
}

bool ask_until(struct cli *cli, const char *question, const char *option,
	       struct str *answer, struct error *err)
{
	do {
		if (!ask(cli, question, option, answer, err))
			return false;
	} while (answer->n == 0);
	return true;
}
