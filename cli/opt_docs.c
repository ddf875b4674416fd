/* The manual page and docs/commands.md, from the tables that the parser
 * reads. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/opt.h"

static const struct {
	const char *status, *meaning;
} statuses[] = {
	{"0", "done"},
	{"1", "an action or assertion failed"},
	{"2", "the command line makes no sense"},
	{"3", "the project does not compile"},
	{"4", "the warehouse cannot be reached or refuses the credentials"},
	{"5", "another run holds the lock"},
	{"129, 130, 143", "stopped by SIGHUP, SIGINT or SIGTERM"},
};

enum { NSTATUSES = sizeof(statuses) / sizeof(*statuses) };

/* roff reads a dot or quote at the start of a line as a request, and "-" as a
 * hyphen. */
static void put_roff(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool line_start = b->n == 0 || b->p[b->n - 1] == '\n';

		if (line_start && (c == '.' || c == '\''))
			buf_adds(b, "\\&");
		if (c == '\\')
			buf_adds(b, "\\e");
		else if (c == '-')
			buf_adds(b, "\\-");
		else
			buf_addc(b, c);
	}
}

/* An empty line is a paragraph request in roff. */
static void put_roff_paragraphs(struct buf *b, struct str s)
{
	for (size_t start = 0; start < s.n;) {
		size_t end = str_find(s, '\n', start);

		if (end == start) {
			buf_adds(b, ".PP\n");
		} else {
			put_roff(b, str_sub(s, start, end));
			buf_addc(b, '\n');
		}
		start = end + 1;
	}
}

static void put_roff_options(struct buf *b, const struct opt *o,
			     struct arena *arena)
{
	for (; o->name; o++) {
		buf_adds(b, ".TP\n.B ");
		put_roff(b, opt_synopsis(o, arena));
		buf_addc(b, '\n');
		put_roff(b, opt_description(o, arena));
		buf_addc(b, '\n');
	}
}

static void put_roff_command(struct buf *b, const struct command *cmd,
			     struct arena *arena)
{
	const struct opt_group *g = cmd->groups;

	buf_printf(b, ".SS weir %s [OPTION]... %s\n", cmd->name, cmd->operands);
	put_roff_paragraphs(b, str_of(cmd->summary));
	if (cmd->about) {
		buf_adds(b, ".PP\n");
		put_roff_paragraphs(b, str_of(cmd->about));
	}
	for (; g[1].opts; g++) /* the last group is common to all */
		put_roff_options(b, g->opts, arena);
	if (cmd->examples) {
		buf_adds(b, ".PP\nExamples:\n.PP\n.nf\n.RS\n");
		put_roff_paragraphs(b, str_of(cmd->examples));
		buf_adds(b, ".RE\n.fi\n");
	}
}

static const struct opt *common_of(const struct command *cmd)
{
	const struct opt_group *g = cmd->groups;

	while (g[1].opts)
		g++;
	return g->opts;
}

static void put_roff_statuses(struct buf *b)
{
	buf_adds(b, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < NSTATUSES; i++)
		buf_printf(b, ".TP\n.B %s\n%s\n", statuses[i].status,
			   statuses[i].meaning);
}

static void print(struct buf *b, FILE *f)
{
	fwrite(b->p, 1, b->n, f);
	buf_free(b);
}

void opt_print_man(const struct command *const *commands, FILE *f)
{
	struct arena *arena = arena_new();
	struct buf b = {0};

	buf_printf(&b,
		   ".TH WEIR 1 \"\" \"weir %s\" \"User Commands\"\n"
		   ".SH NAME\nweir \\- compile SQLX projects and run their "
		   "graphs in a warehouse\n"
		   ".SH SYNOPSIS\n.B weir\n.I COMMAND\n[\\fIOPTION\\fR]...\n"
		   ".SH COMMANDS\n",
		   WEIR_VERSION);
	for (size_t i = 0; commands[i]; i++)
		put_roff_command(&b, commands[i], arena);
	buf_adds(&b, ".SH COMMON OPTIONS\n");
	put_roff_options(&b, common_of(commands[0]), arena);
	put_roff_statuses(&b);
	buf_adds(&b, ".SH ENVIRONMENT\n"
		     ".TP\n.B NO_COLOR\nno colours, unless \\-\\-color=always "
		     "asks for them\n"
		     ".TP\n.B WEIR_DUCKDB_LIBRARY\nthe file of DuckDB's "
		     "library\n");
	print(&b, f);
	arena_free(arena);
}

static void put_markdown(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("*|\\", s.p[i]))
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
}

static void put_table(struct buf *b, const struct opt_group *g,
		      struct arena *arena)
{
	buf_printf(b, "\n| %s | |\n|---|---|\n", g->title);
	for (const struct opt *o = g->opts; o->name; o++) {
		buf_printf(b, "| `%.*s` | ", STR_ARG(opt_synopsis(o, arena)));
		put_markdown(b, opt_description(o, arena));
		buf_adds(b, " |\n");
	}
}

static void put_markdown_command(struct buf *b, const struct command *cmd,
				 struct arena *arena)
{
	const struct opt_group *g = cmd->groups;

	buf_printf(b, "\n## weir %s%s%s\n\n%s\n", cmd->name,
		   *cmd->operands ? " " : "", cmd->operands, cmd->summary);
	if (cmd->about)
		buf_printf(b, "\n%s\n", cmd->about);
	for (; g[1].opts; g++)
		put_table(b, g, arena);
	if (cmd->examples)
		buf_printf(b, "\n```\n%s\n```\n", cmd->examples);
}

static void put_statuses(struct buf *b)
{
	buf_adds(b, "\n## Exit status\n\n| | |\n|---|---|\n");
	for (size_t i = 0; i < NSTATUSES; i++)
		buf_printf(b, "| %s | %s |\n", statuses[i].status,
			   statuses[i].meaning);
}

void opt_print_markdown(const struct command *const *commands, FILE *f)
{
	struct arena *arena = arena_new();
	struct buf b = {0};
	struct opt_group common = {"Common options", common_of(commands[0]), 0};

	buf_adds(&b, "# Commands\n\n"
		     "Made by `weir help --markdown`; do not edit. Options and "
		     "arguments may be\nmixed. Long options take `--x=v` and "
		     "`--x v`; Dataform's camelCase spellings\nwork too, and "
		     "`--no-x` undoes a flag.\n");
	for (size_t i = 0; commands[i]; i++)
		put_markdown_command(&b, commands[i], arena);
	buf_adds(&b, "\n## Options of every command\n");
	put_table(&b, &common, arena);
	put_statuses(&b);
	print(&b, f);
	arena_free(arena);
}
