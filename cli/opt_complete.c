/*
 * Completions for bash, zsh and fish. Each is a script of its shell that holds
 * the options of every command and asks weir __complete for names of the
 * project; files and folders are completed by the shell itself.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/opt.h"

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

static void put_bash_names(struct buf *b, const char *names)
{
	buf_printf(b, "words=$(weir __complete %s \"$word\" 2>/dev/null)",
		   names);
}

static void put_bash_command(struct buf *b, const struct command *cmd)
{
	buf_printf(b, "\t%s)\n\t\tcase $before:$word in\n", cmd->name);
	for (EACH_GROUP(g, cmd))
		for (EACH_OPT(o, g)) {
			if (!o->choices && !o->names)
				continue;
			buf_printf(b, "\t\t--%s:*) ", o->name);
			if (o->names) {
				put_bash_names(b, o->names);
			} else {
				buf_adds(b, "words='");
				put_choices(b, o);
				buf_addc(b, '\'');
			}
			buf_adds(b, " ;;\n");
		}
	if (cmd->names) {
		buf_adds(b, "\t\t*:[!-]* | *:) ");
		put_bash_names(b, cmd->names);
		buf_adds(b, " ;;\n");
	}
	buf_adds(b, "\t\t*) words='");
	for (EACH_GROUP(g, cmd))
		for (EACH_OPT(o, g))
			buf_printf(b, "--%s ", o->name);
	buf_adds(b, "' ;;\n\t\tesac\n\t\t;;\n");
}

/* bash takes "--x=v" for three words. */
void opt_print_bash(const struct command *const *commands, FILE *f)
{
	struct buf b = {0};

	buf_adds(&b, "_weir() {\n"
		     "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
		     "\tlocal before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
		     "\tif [ \"$word\" = = ]; then\n"
		     "\t\tword=\n"
		     "\telif [ \"$before\" = = ]; then\n"
		     "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
		     "\tfi\n"
		     "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W '");
	put_command_names(&b, commands);
	buf_adds(&b, "' -- \"$word\")\n\t\treturn\n\tfi\n"
		     "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i]; i++)
		put_bash_command(&b, commands[i]);
	buf_adds(&b, "\tesac\n"
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
		   o->name, opt_is_flag(o) ? "" : "=");
	put_zsh_text(b, str_of(o->help));
	buf_addc(b, ']');
	if (o->choices) {
		buf_printf(b, ":%s:(", o->arg);
		put_choices(b, o);
		buf_addc(b, ')');
	} else if (o->names) {
		buf_printf(b, ":%s: _weir_names %s", o->arg, o->names);
	} else if (!opt_is_flag(o)) {
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
	if (cmd->names)
		buf_printf(b, "\t\t\t'1:%s: _weir_names %s' \\\n", cmd->names,
			   cmd->names);
	if (str_has(str_of(cmd->operands), STR("DIR")))
		buf_adds(b, "\t\t\t'*:folder:_files -/'\n\t\t;;\n");
	else
		buf_adds(b, "\t\t\t'*: :'\n\t\t;;\n");
}

void opt_print_zsh(const struct command *const *commands, FILE *f)
{
	struct buf b = {0};

	buf_adds(&b, "#compdef weir\n"
		     "_weir_names() {\n"
		     "\tlocal -a names=(${(f)\"$(weir __complete $1 "
		     "\"$PREFIX\" 2>/dev/null)\"})\n"
		     "\tcompadd -a names\n"
		     "}\n"
		     "_weir() {\n"
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

static void put_fish_names(struct buf *b, const char *names)
{
	buf_printf(b,
		   " -x -a '(weir __complete %s (commandline -ct) "
		   "2>/dev/null)'",
		   names);
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
	} else if (o->names) {
		put_fish_names(b, o->names);
	} else if (!opt_is_flag(o)) {
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
		if (!commands[i]->names)
			continue;
		buf_printf(&b,
			   "complete -c weir -n '__fish_seen_subcommand_from "
			   "%s'",
			   commands[i]->name);
		put_fish_names(&b, commands[i]->names);
		buf_addc(&b, '\n');
	}
	print(&b, f);
}
