/*
 * The four keys of defaultIcebergConfig, asked one by one. An answer that
 * BigQuery would refuse is asked again; an empty one leaves its key out.
 */
#include "cli/iceberg.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/render.h"
#include "compiler/config/config.h"

static bool is_of(struct str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_word(s.p[i]) && !strchr(more, s.p[i]))
			return false;
	return true;
}

static bool is_letter_or_digit(char c)
{
	return ascii_is_word(c) && c != '_';
}

/* As a part of a path in a bucket. */
static bool is_part(struct str s, const char *more)
{
	return s.n >= 3 && s.n <= 222 && is_of(s, more) &&
	       is_letter_or_digit(s.p[0]) && is_letter_or_digit(s.p[s.n - 1]) &&
	       !str_has(s, STR(".."));
}

/* https://cloud.google.com/storage/docs/buckets#naming */
static bool is_bucket(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_to_lower(s.p[i]) != s.p[i])
			return false;
	return is_part(s, "-.") && s.n <= 63 && !str_has(s, STR("--")) &&
	       !str_starts(s, STR("goog")) && !str_has(s, STR("google")) &&
	       !str_has(s, STR("g00gle"));
}

static bool is_root(struct str s)
{
	return is_part(s, "-.");
}

static bool is_subpath(struct str s)
{
	return is_part(s, "-./") && !str_has(s, STR("./"));
}

static const struct {
	const char *key, *question, *rule;
	bool (*check)(struct str s);
} questions[] = {
	{"bucketName", "The bucket of Iceberg tables, or nothing: ",
	 "a bucket's name has 3 to 63 lower-case letters, digits, \"-\", \"_\" "
	 "and \".\", and neither \"--\", \"..\" nor \"google\" in it",
	 is_bucket},
	{"tableFolderRoot", "The folder in it, or nothing: ",
	 "a folder's name starts and ends with a letter or digit, and has "
	 "\"-\", \"_\" and \".\" between",
	 is_root},
	{"tableFolderSubpath", "The path in the folder, or nothing: ",
	 "a path starts and ends with a letter or digit, and has \"/\", \"-\", "
	 "\"_\" and \".\" between",
	 is_subpath},
	{"connection", "The connection, or nothing: ",
	 "write project.location.name, or "
	 "projects/PROJECT/locations/LOCATION/connections/NAME, or DEFAULT",
	 config_is_connection},
};

static bool ask_valid(struct cli *cli, size_t q, struct str *answer,
		      struct error *err)
{
	while (ask(cli, questions[q].question, NULL, answer, err)) {
		struct error wrong = {0};

		if (answer->n == 0 || questions[q].check(*answer))
			return true;
		error_set(&wrong, ERROR_USAGE, "%s cannot be \"%.*s\"",
			  questions[q].key, STR_ARG(*answer));
		error_hint(&wrong, "%s", questions[q].rule);
		render_error(cli, &wrong);
	}
	return false;
}

bool iceberg_ask(struct cli *cli, struct buf *yaml, struct error *err)
{
	bool any = false;

	for (size_t q = 0; q < sizeof(questions) / sizeof(*questions); q++) {
		struct str answer;

		if (!ask_valid(cli, q, &answer, err))
			return false;
		if (!answer.n)
			continue;
		if (!any)
			buf_adds(yaml, "defaultIcebergConfig:\n");
		any = true;
		buf_printf(yaml, "  %s: \"%.*s\"\n", questions[q].key,
			   STR_ARG(answer));
	}
	return true;
}
