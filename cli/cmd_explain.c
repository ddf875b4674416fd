/* weir explain CODE: what a diagnostic means and what to do about it. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/cmd.h"
#include "cli/explain.h"
#include "cli/render.h"

struct explain_args {
	struct common_args common;
	bool markdown;
};

static const struct opt explain_opts[] = {
	{"markdown", 0, OPT_FLAG, offsetof(struct explain_args, markdown), NULL,
	 "print every code as docs/errors.md"},
	{NULL},
};

static const struct opt_group explain_groups[] = {
	{"Options", explain_opts, 0},
	{"Common options", common_opts, offsetof(struct explain_args, common)},
	{NULL},
};

static const char *const texts[DIAG_NCODES] = {
#define EXPLAIN(name, text) [DIAG_##name] = text,
#include "cli/explain.def"
#undef EXPLAIN
};

const char *explain_text(enum diag_code code)
{
	return texts[code];
}

static void put_text(struct cli *cli, enum diag_code code, struct buf *b)
{
	const char *text = explain_text(code);

	buf_printf(b, "%s%s: %s%s\n\n", term_paint(&cli->out, PAINT_STRONG),
		   diag_code_name(code), diag_code_title(code),
		   term_paint(&cli->out, PAINT_OFF));
	if (text)
		buf_printf(b, "%s\n", text);
}

static void put_list(struct buf *b)
{
	for (unsigned i = 0; i < DIAG_NCODES; i++)
		buf_printf(b, "%s  %s\n", diag_code_name((enum diag_code)i),
			   diag_code_title((enum diag_code)i));
}

/* The texts are Markdown as they stand. */
static void put_markdown(struct buf *b)
{
	buf_adds(b, "# Errors and warnings\n\nMade by `weir explain "
		    "--markdown`; do not edit.\n");
	for (unsigned i = 0; i < DIAG_NCODES; i++) {
		const char *text = explain_text((enum diag_code)i);

		buf_printf(b, "\n## %s: %s\n\n%s\n",
			   diag_code_name((enum diag_code)i),
			   diag_code_title((enum diag_code)i),
			   text ? text : "");
	}
}

static bool unknown_code(struct str code, struct error *err)
{
	error_set(err, ERROR_USAGE, "there is no diagnostic \"%.*s\"",
		  STR_ARG(code));
	return error_hint(err, "weir explain lists them");
}

static int explain_run(struct cli *cli, const void *values)
{
	const struct explain_args *args = values;
	struct error err = {0};
	struct buf b = {0};
	enum diag_code code;

	if (args->markdown)
		put_markdown(&b);
	else if (cli->operands.n == 0)
		put_list(&b);
	else if (diag_code_find(cli->operands.v[0].p, &code))
		put_text(cli, code, &b);
	else
		unknown_code(cli->operands.v[0], &err);
	term_write(&cli->out, &b);
	buf_free(&b);
	if (err.kind)
		render_error(cli, &err);
	return (int)cli_exit_of(&err);
}

const struct command cmd_explain = {
	.name = "explain",
	.operands = "[CODE]",
	.summary = "Explain an error or warning at length.",
	.about = "Without CODE every code is listed.",
	.examples = "weir explain W201",
	.groups = explain_groups,
	.max_operands = 1,
	.names = "codes",
	.args_size = sizeof(struct explain_args),
	.run = explain_run,
};
