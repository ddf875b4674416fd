/*
 * Completions for bash, zsh and fish. Each is a script of its shell that holds
 * the options of every command; folders are completed by the shell itself.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/opt.h"
#include "cli/topics.h"

#define EACH_GROUP(g, cmd)                                                     \
	const struct opt_group *g = (cmd)->groups;                             \
	g->opts;                                                               \
	g++
#define EACH_OPT(o, g)                                                         \
	const struct opt *o = (g)->opts;                                       \
	o->name;                                                               \
	o++

static void print(struct buf *b, FILE *f)
{
	fwrite(b->p, 1, b->n, f);
	buf_free(b);
}

/* In single quotes, which sh, zsh and fish read alike but for "'". */
static void put_quoted(struct buf *b, struct str s)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, s.p[i]);
	buf_addc(b, '\'');
}

static void put_choices(struct buf *b, const struct opt *o)
{
	for (int i = 0; o->choices[i]; i++)
		buf_printf(b, "%s%s", i ? " " : "", o->choices[i]);
}

static void put_command_names(struct buf *b,
			      const struct command *const *commands)
{
	for (size_t i = 0; commands[i]; i++)
		buf_printf(b, "%s%s", i ? " " : "", commands[i]->name);
}

static void put_bash_command(struct buf *b, const struct command *cmd)
{
	buf_printf(b, "\t%s)\n\t\tcase $before in\n", cmd->name);
	for (EACH_GROUP(g, cmd))
		for (EACH_OPT(o, g))
			if (o->choices) {
				buf_printf(b, "\t\t--%s) words='", o->name);
				put_choices(b, o);
				buf_adds(b, "' ;;\n");
			}
	buf_adds(b, "\t\t*) words='");
	for (EACH_GROUP(g, cmd))
		for (EACH_OPT(o, g))
			buf_printf(b, "--%s ", o->name);
	buf_adds(b, "' ;;\n\t\tesac\n\t\t;;\n");
}

void opt_print_bash(const struct command *const *commands, FILE *f)
{
	struct buf b = {0};

	buf_adds(&b, "_weir() {\n"
		     "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
		     "\tlocal before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
		     "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	put_command_names(&b, commands);
	buf_adds(&b, "' -- \"$word\")\n\t\treturn\n\tfi\n"
		     "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i]; i++)
		put_bash_command(&b, commands[i]);
	buf_adds(&b, "\tesac\n\tif [ \"$before\" = help ]; then\n"
		     "\t\twords='");
	put_command_names(&b, commands);
	for (const struct topic *t = topics; t->name; t++)
		buf_printf(&b, " %s", t->name);
	buf_adds(&b, "'\n\tfi\n"
		     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
		     "\"$word\")\n"
		     "}\ncomplete -o default -F _weir weir\n");
	print(&b, f);
}

/* zsh's _arguments reads [, ], : and \ in a description. */
static void put_zsh_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("[]:\\", s.p[i]))
			buf_addc(b, '\\');
		if (s.p[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, s.p[i]);
	}
}

static void put_zsh_opt(struct buf *b, const struct opt *o)
{
	buf_printf(b, "\t\t\t'%s--%s%s[", o->type == OPT_LIST ? "*" : "",
		   o->name, o->type == OPT_FLAG ? "" : "=");
	put_zsh_text(b, str_of(o->help));
	buf_addc(b, ']');
	if (o->choices) {
		buf_printf(b, ":%s:(", o->arg);
		put_choices(b, o);
		buf_addc(b, ')');
	} else if (o->type != OPT_FLAG) {
		buf_printf(b, ":%s: ", o->arg);
	}
	buf_adds(b, "' \\\n");
}

static void put_zsh_command(struct buf *b, const struct command *cmd)
{
	buf_printf(b, "\t%s)\n\t\t_arguments \\\n", cmd->name);
	for (EACH_GROUP(g, cmd))
		for (EACH_OPT(o, g))
			put_zsh_opt(b, o);
	if (str_has(str_of(cmd->operands), STR("DIR")))
		buf_adds(b, "\t\t\t'*:folder:_files -/'\n\t\t;;\n");
	else
		buf_adds(b, "\t\t\t'*: :'\n\t\t;;\n");
}

void opt_print_zsh(const struct command *const *commands, FILE *f)
{
	struct buf b = {0};

	buf_adds(&b, "#compdef weir\n_weir() {\n"
		     "\tif ((CURRENT == 2)); then\n"
		     "\t\tlocal -a commands=(\n");
	for (size_t i = 0; commands[i]; i++) {
		buf_printf(&b, "\t\t\t'%s:", commands[i]->name);
		put_zsh_text(&b, str_of(commands[i]->summary));
		buf_adds(&b, "'\n");
	}
	buf_adds(&b, "\t\t)\n\t\t_describe command commands\n\t\treturn\n"
		     "\tfi\n\tlocal command=$words[2]\n"
		     "\tshift words\n\t((CURRENT--))\n\tcase $command in\n");
	for (size_t i = 0; commands[i]; i++)
		put_zsh_command(&b, commands[i]);
	buf_adds(&b, "\tesac\n}\n_weir \"$@\"\n");
	print(&b, f);
}

static void put_fish_opt(struct buf *b, const struct command *cmd,
			 const struct opt *o)
{
	buf_printf(b,
		   "complete -c weir -n '__fish_seen_subcommand_from %s' -l %s",
		   cmd->name, o->name);
	if (o->letter)
		buf_printf(b, " -s %c", o->letter);
	if (o->choices) {
		buf_adds(b, " -x -a '");
		put_choices(b, o);
		buf_addc(b, '\'');
	} else if (o->type != OPT_FLAG) {
		buf_adds(b, " -r");
	}
	buf_adds(b, " -d ");
	put_quoted(b, str_of(o->help));
	buf_addc(b, '\n');
}

void opt_print_fish(const struct command *const *commands, FILE *f)
{
	struct buf b = {0};

	for (size_t i = 0; commands[i]; i++) {
		buf_printf(&b,
			   "complete -c weir -n __fish_use_subcommand -f "
			   "-a %s -d ",
			   commands[i]->name);
		put_quoted(&b, str_of(commands[i]->summary));
		buf_addc(&b, '\n');
		for (EACH_GROUP(g, commands[i]))
			for (EACH_OPT(o, g))
				put_fish_opt(&b, commands[i], o);
	}
	print(&b, f);
}
