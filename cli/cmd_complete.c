/*
 * weir __complete KIND [WORD]: the words that the shells' completions offer
 * where a target, an action and so on is to be named, one a line. Nobody waits
 * long for them or wants to read errors, so there are none.
 *
 * bash expands the words once more, as if they stood in a script: names that
 * hold more than letters, digits and the like are left out.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "cli/project.h"
#include "cli/topics.h"
#include "compiler/project/tree.h"
#include "compiler/project/weirfile.h"

enum { PATIENCE_MS = 2000 };

struct complete_args {
	struct common_args common;
};

static const struct opt_group complete_groups[] = {
	{"Common options", common_opts, offsetof(struct complete_args, common)},
	{NULL},
};

struct completion {
	struct cli *cli;
	struct str word; /* as far as it is written */
	struct map seen;
	struct buf out;
};

static bool is_harmless(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr("_-.", c) ||
		      (unsigned char)c >= 0x80))
			return false;
	}
	return s.n > 0;
}

static void offer(struct completion *c, struct str word)
{
	if (map_has(&c->seen, word) || !is_harmless(word))
		return;
	map_intern(&c->seen, word);
	buf_add_str(&c->out, word);
	buf_addc(&c->out, '\n');
}

static void offer_targets(struct completion *c)
{
	struct arena *arena = c->cli->arena;
	struct error err = {0};
	struct weirfile file;
	struct diags diags;
	const char *root;

	diags_init(&diags, arena);
	if (!project_find(c->cli, (struct str){0}, &root, &err))
		return;
	if (!weirfile_read(tree_disk(arena, root), arena, &diags, &file))
		return;
	for (uint32_t i = 0; i < file.nprofiles; i++)
		offer(c, file.profiles[i].name);
}

static bool compile(struct completion *c, struct project *p)
{
	const struct project_args args = {.timeout_ms = PATIENCE_MS};

	return project_read(c->cli, &args, (struct str){0}, p) == EXIT_OK &&
	       p->compilation.has_graph;
}

/* Names alone, until a dot says that the schema is meant. */
static void offer_actions(struct completion *c)
{
	const struct graph *g;
	struct project p;

	if (!compile(c, &p))
		return;
	g = &p.compilation.graph;
	for (uint32_t i = 0; i < g->nactions; i++) {
		const struct target *t = &g->actions[i].target;

		offer(c, str_find(c->word, '.', 0) < c->word.n
				 ? target_short(c->cli->arena, t)
				 : t->name);
	}
}

static void offer_tags(struct completion *c)
{
	struct project p;

	if (!compile(c, &p))
		return;
	for (uint32_t i = 0; i < p.compilation.graph.nactions; i++) {
		const struct strs *tags = &p.compilation.graph.actions[i].tags;

		for (size_t k = 0; k < tags->n; k++)
			offer(c, tags->v[k]);
	}
}

static void offer_codes(struct completion *c)
{
	for (unsigned i = 0; i < DIAG_NCODES; i++)
		offer(c, str_of(diag_code_name((enum diag_code)i)));
}

static void offer_pages(struct completion *c)
{
	for (size_t i = 0; commands[i]; i++)
		offer(c, str_of(commands[i]->name));
	for (const struct topic *t = topics; t->name; t++)
		offer(c, str_of(t->name));
}

static void offer_shells(struct completion *c)
{
	offer(c, STR("bash"));
	offer(c, STR("zsh"));
	offer(c, STR("fish"));
}

static int complete_run(struct cli *cli, const void *args)
{
	static const struct {
		const char *name;
		void (*offer)(struct completion *c);
	} kinds[] = {
		{"targets", offer_targets}, {"actions", offer_actions},
		{"tags", offer_tags},       {"codes", offer_codes},
		{"pages", offer_pages},     {"shells", offer_shells},
	};
	struct completion c = {.cli = cli, .word = cli_operand(cli, 1)};

	(void)args;
	map_init(&c.seen, cli->arena);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(cli_operand(cli, 0), kinds[i].name))
			kinds[i].offer(&c);
	term_write(&cli->out, &c.out);
	buf_free(&c.out);
	return EXIT_OK;
}

const struct command cmd_complete = {
	.name = "__complete",
	.operands = "KIND [WORD]",
	.summary = "Print words for the completions of shells.",
	.groups = complete_groups,
	.max_operands = 2,
	.args_size = sizeof(struct complete_args),
	.run = complete_run,
};
