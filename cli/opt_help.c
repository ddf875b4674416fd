/* --help: the tables, laid out in 80 columns. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/opt.h"
#include "cli/text.h"
#include "cli/topics.h"

enum { HELP_COLUMN = 30 };

struct str opt_synopsis(const struct opt *o, struct arena *arena)
{
	struct buf b = {0};
	struct str s;

	if (o->letter)
		buf_printf(&b, "-%c, ", o->letter);
	buf_printf(&b, "--%s%s", o->type == OPT_OFF ? "no-" : "", o->name);
	if (o->arg)
		buf_printf(&b, " %s", o->arg);
	if (o->type == OPT_LIST)
		buf_adds(&b, "...");
	s = buf_move(&b, arena);
	buf_free(&b);
	return s;
}

struct str opt_description(const struct opt *o, struct arena *arena)
{
	struct buf b = {0};
	struct str s;

	buf_adds(&b, o->help);
	if (o->type == OPT_INT)
		buf_printf(&b, " (%d to %d)", o->min, o->max);
	for (int i = 0; o->choices && o->choices[i]; i++)
		buf_printf(&b, "%s%s%s", i ? ", " : " (", o->choices[i],
			   o->choices[i + 1] ? "" : ")");
	s = buf_move(&b, arena);
	buf_free(&b);
	return s;
}

static void put_entry(struct buf *b, size_t indent, struct str left,
		      struct str right)
{
	size_t column = indent + left.n;

	text_pad(b, indent);
	buf_add_str(b, left);
	if (column + 2 > HELP_COLUMN) {
		buf_addc(b, '\n');
		column = 0;
	}
	text_pad(b, HELP_COLUMN - column);
	text_wrap(b, right, HELP_COLUMN, HELP_COLUMN);
	buf_addc(b, '\n');
}

static void put_group(struct buf *b, const struct opt_group *g)
{
	struct arena *arena = arena_new();

	buf_printf(b, "\n%s:\n", g->title);
	for (const struct opt *o = g->opts; o->name; o++)
		put_entry(b, o->letter ? 2 : 6, opt_synopsis(o, arena),
			  opt_description(o, arena));
	arena_free(arena);
}

/* Paragraphs stand apart by an empty line. */
static void put_paragraphs(struct buf *b, struct str text)
{
	for (size_t start = 0; start < text.n;) {
		size_t end = start;

		while (end < text.n &&
		       !str_starts(str_sub(text, end, text.n), STR("\n\n")))
			end++;
		buf_addc(b, '\n');
		text_wrap(b, str_sub(text, start, end), 0, 0);
		buf_addc(b, '\n');
		start = end + 2;
	}
}

static void put_examples(struct buf *b, struct str lines)
{
	buf_adds(b, "\nExamples:\n");
	buf_adds(b, "  ");
	text_put_lines(b, lines, "  ");
	buf_addc(b, '\n');
}

static void print(struct buf *b, FILE *f)
{
	fwrite(b->p, 1, b->n, f);
	buf_free(b);
}

void opt_print_help(const struct command *cmd, FILE *f)
{
	struct buf b = {0};

	buf_printf(&b, "usage: weir %s [OPTION]...%s%s\n\n%s\n", cmd->name,
		   *cmd->operands ? " " : "", cmd->operands, cmd->summary);
	if (cmd->about)
		put_paragraphs(&b, str_of(cmd->about));
	for (const struct opt_group *g = cmd->groups; g->opts; g++)
		put_group(&b, g);
	if (cmd->examples)
		put_examples(&b, str_of(cmd->examples));
	print(&b, f);
}

static void put_named(struct buf *b, const char *name, const char *summary)
{
	buf_printf(b, "  %-12s  ", name);
	text_wrap(b, str_of(summary), 16, 16);
	buf_addc(b, '\n');
}

void opt_print_overview(const struct command *const *commands,
			const struct topic *pages, FILE *f)
{
	struct buf b = {0};

	buf_adds(&b,
		 "usage: weir COMMAND [OPTION]...\n\n"
		 "Compiles SQLX projects to a graph and runs the graph in a "
		 "warehouse.\n\nCommands:\n");
	for (; *commands; commands++)
		put_named(&b, (*commands)->name, (*commands)->summary);
	buf_adds(&b, "\nTopics:\n");
	for (; pages->name; pages++)
		put_named(&b, pages->name, pages->summary);
	buf_adds(&b, "\nweir help NAME explains one of them.\n");
	print(&b, f);
}
