/*
 * The option parser. It knows no option by name: a command's groups of tables
 * say what there is, and where in the command's arguments a value goes. A
 * list option written with a space takes every argument up to the next option,
 * as in Dataform ("--actions a b"); written with "=" it takes one.
 */
#include "cli/opt.h"

#include "base/arena.h"
#include "compiler/diag.h"

struct parser {
	const struct command *cmd;
	struct arena *arena;
	char *args;
	char **argv;
	int argc, next;
	struct str_vec operands;
	struct error *err;
};

struct found {
	const struct opt *opt; /* NULL: there is none */
	char *base;
};

static struct found find_long(const struct parser *p, struct str name)
{
	for (const struct opt_group *g = p->cmd->groups; g->opts; g++)
		for (const struct opt *o = g->opts; o->name; o++)
			if (str_is(name, o->name))
				return (struct found){o, p->args + g->offset};
	return (struct found){0};
}

static struct found find_letter(const struct parser *p, char letter)
{
	for (const struct opt_group *g = p->cmd->groups; g->opts; g++)
		for (const struct opt *o = g->opts; o->name; o++)
			if (o->letter == letter)
				return (struct found){o, p->args + g->offset};
	return (struct found){0};
}

/* "includeDeps" is "include-deps". */
static struct str from_camel_case(struct arena *arena, struct str name)
{
	char *out = arena_text(arena, 2 * name.n);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c >= 'A' && c <= 'Z') {
			out[n++] = '-';
			c = (char)(c - 'A' + 'a');
		}
		out[n++] = c;
	}
	return (struct str){out, n};
}

/* "tags" is the last word of "output-tags". */
static bool is_last_word(struct str word, struct str name)
{
	return name.n > word.n + 1 && name.p[name.n - word.n - 1] == '-' &&
	       str_eq(str_sub(name, name.n - word.n, name.n), word);
}

static struct str nearest_option(struct str name, const struct str_vec *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (is_last_word(name, names->v[i]))
			return names->v[i];
	return suggest(name, names->v, names->n);
}

static bool unknown_option(struct parser *p, struct str name)
{
	struct str_vec names = {0};
	struct str near;

	error_set(p->err, ERROR_USAGE, "weir %s has no option \"--%.*s\"",
		  p->cmd->name, STR_ARG(name));
	for (const struct opt_group *g = p->cmd->groups; g->opts; g++)
		for (const struct opt *o = g->opts; o->name; o++)
			VEC_PUSH(p->arena, &names, str_of(o->name));
	near = nearest_option(name, &names);
	if (near.p)
		return error_hint(p->err, "did you mean \"--%.*s\"?",
				  STR_ARG(near));
	return error_hint(p->err, "weir help %s lists its options",
			  p->cmd->name);
}

static bool is_option(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

bool opt_is_flag(const struct opt *o)
{
	return o->type == OPT_FLAG || o->type == OPT_OFF;
}

/* The value of o: given behind "=", or what follows. */
static bool take_value(struct parser *p, struct found f, struct str given)
{
	if (given.p)
		return opt_store(f.opt, given, p->arena, f.base, p->err);
	if (f.opt->may_be &&
	    (p->next >= p->argc || !f.opt->may_be(p->argv[p->next]))) {
		*(struct str *)(void *)(f.base + f.opt->offset) = STR("");
		return true;
	}
	if (p->next >= p->argc || is_option(p->argv[p->next])) {
		error_set(p->err, ERROR_USAGE, "--%s needs a value",
			  f.opt->name);
		return error_hint(p->err, "write --%s=%s", f.opt->name,
				  f.opt->arg);
	}
	do {
		if (!opt_store(f.opt, str_of(p->argv[p->next++]), p->arena,
			       f.base, p->err))
			return false;
	} while (f.opt->type == OPT_LIST && p->next < p->argc &&
		 !is_option(p->argv[p->next]));
	return true;
}

static bool set_flag(struct parser *p, struct found f, struct str given,
		     bool on)
{
	if (given.p && str_is(given, "false"))
		on = !on;
	else if (given.p && !str_is(given, "true"))
		return error_set(p->err, ERROR_USAGE, "--%s takes no value",
				 f.opt->name);
	*(bool *)(f.base + f.opt->offset) = on == (f.opt->type == OPT_FLAG);
	return true;
}

static bool parse_long(struct parser *p, struct str arg)
{
	size_t eq = str_find(arg, '=', 0);
	struct str name = from_camel_case(p->arena, str_sub(arg, 0, eq));
	struct str given = {0};
	struct found f = find_long(p, name);

	if (eq < arg.n)
		given = str_sub(arg, eq + 1, arg.n);
	if (f.opt && opt_is_flag(f.opt))
		return set_flag(p, f, given, true);
	if (f.opt)
		return take_value(p, f, given);
	if (str_starts(name, STR("no-"))) {
		f = find_long(p, str_sub(name, 3, name.n));
		if (f.opt && opt_is_flag(f.opt))
			return set_flag(p, f, given, false);
	}
	return unknown_option(p, name);
}

/* "-qj4": flags may stand together, and a value may follow its letter. */
static bool parse_letters(struct parser *p, const char *letters)
{
	for (; *letters; letters++) {
		struct found f = find_letter(p, *letters);

		if (!f.opt) {
			error_set(p->err, ERROR_USAGE,
				  "weir %s has no option \"-%c\"", p->cmd->name,
				  *letters);
			return error_hint(p->err,
					  "weir help %s lists its options",
					  p->cmd->name);
		}
		if (!opt_is_flag(f.opt)) {
			struct str rest = str_of(letters + 1);

			return take_value(p, f,
					  rest.n ? rest : (struct str){0});
		}
		set_flag(p, f, (struct str){0}, true);
	}
	return true;
}

static bool add_operand(struct parser *p, const char *arg)
{
	if (p->operands.n == p->cmd->max_operands) {
		error_set(p->err, ERROR_USAGE,
			  "weir %s: there is an argument too many: \"%s\"",
			  p->cmd->name, arg);
		return error_hint(p->err, "usage: weir %s [OPTION]... %s",
				  p->cmd->name, p->cmd->operands);
	}
	VEC_PUSH(p->arena, &p->operands, str_of(arg));
	return true;
}

static void set_defaults(const struct command *cmd, void *args)
{
	for (const struct opt_group *g = cmd->groups; g->opts; g++)
		for (const struct opt *o = g->opts; o->name; o++)
			if (o->otherwise)
				*(int *)((char *)args + g->offset + o->offset) =
					o->otherwise;
}

bool opt_parse(const struct command *cmd, int argc, char **argv,
	       struct arena *arena, void *args, struct strs *operands,
	       struct error *err)
{
	struct parser p = {
		.cmd = cmd,
		.arena = arena,
		.args = args,
		.argv = argv,
		.argc = argc,
		.err = err,
	};
	bool only_operands = false;

	set_defaults(cmd, args);
	while (p.next < argc) {
		const char *arg = argv[p.next++];
		bool ok = true;

		if (only_operands || !is_option(arg))
			ok = add_operand(&p, arg);
		else if (strcmp(arg, "--") == 0)
			only_operands = true;
		else if (arg[1] == '-')
			ok = parse_long(&p, str_of(arg + 2));
		else
			ok = parse_letters(&p, arg + 1);
		if (!ok)
			return false;
	}
	*operands = (struct strs){p.operands.v, p.operands.n};
	return true;
}

/* What the official command has, and weir may have some day. */
static bool is_dataforms(struct str name)
{
	static const char *const theirs[] = {
		"test",
		"format",
	};

	for (size_t i = 0; i < sizeof(theirs) / sizeof(*theirs); i++)
		if (str_is(name, theirs[i]))
			return true;
	return false;
}

static void unknown_command(struct str name, const struct str_vec *names,
			    struct error *err)
{
	struct str near = suggest(name, names->v, names->n);

	if (is_dataforms(name)) {
		error_set(err, ERROR_USAGE,
			  "this version has no command "
			  "\"%.*s\"",
			  STR_ARG(name));
		error_hint(err, "weir help lists those that it has");
		return;
	}
	error_set(err, ERROR_USAGE, "there is no command \"%.*s\"",
		  STR_ARG(name));
	if (near.p)
		error_hint(err, "did you mean \"weir %.*s\"?", STR_ARG(near));
	else
		error_hint(err, "weir help lists the commands");
}

const struct command *command_find(const struct command *const *commands,
				   struct str name, struct error *err)
{
	struct arena *arena = arena_new();
	struct str_vec names = {0};

	for (; *commands; commands++) {
		if (str_is(name, (*commands)->name)) {
			arena_free(arena);
			return *commands;
		}
		VEC_PUSH(arena, &names, str_of((*commands)->name));
	}
	unknown_command(name, &names, err);
	arena_free(arena);
	return NULL;
}
