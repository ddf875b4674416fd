/* The text of an option to its value, by type. */
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/moment.h"
#include "cli/opt.h"
#include "compiler/diag.h"
#include "compiler/project/settings.h"

static bool store_int(const struct opt *o, struct str text, int *at,
		      struct error *err)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text.p, &end, 10);
	if (errno || !text.n || *end || n < o->min || n > o->max)
		return error_set(err, ERROR_USAGE,
				 "--%s needs a number from %d to %d, "
				 "not \"%.*s\"",
				 o->name, o->min, o->max, STR_ARG(text));
	*at = (int)n;
	return true;
}

static bool store_choice(const struct opt *o, struct str text,
			 struct arena *arena, int *at, struct error *err)
{
	struct str_vec names = {0};
	struct buf all = {0};
	struct str near;

	for (int i = 0; o->choices[i]; i++) {
		if (str_is(text, o->choices[i])) {
			*at = i;
			buf_free(&all);
			return true;
		}
		VEC_PUSH(arena, &names, str_of(o->choices[i]));
		buf_printf(&all, "%s%s", i ? ", " : "", o->choices[i]);
	}
	error_set(err, ERROR_USAGE, "--%s cannot be \"%.*s\"", o->name,
		  STR_ARG(text));
	near = suggest(text, names.v, names.n);
	if (near.p)
		error_hint(err, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		error_hint(err, "it is one of %.*s", STR_ARG(buf_str(&all)));
	buf_free(&all);
	return false;
}

static bool refuse_empty(const struct opt *o, struct error *err)
{
	error_set(err, ERROR_USAGE, "the value of --%s is empty", o->name);
	return error_hint(err, "leave the option out, or write --%s=%s",
			  o->name, o->arg);
}

/* A list of nothing, such as of a shell's variable that is not set, is not
 * taken for "no list", which would mean everything. */
static bool add_list(const struct opt *o, struct str text, struct arena *arena,
		     struct str_vec *list, struct error *err)
{
	size_t before = list->n;

	for (size_t start = 0; start <= text.n;) {
		size_t comma = str_find(text, ',', start);
		struct str item = str_trim(str_sub(text, start, comma));

		if (item.n)
			VEC_PUSH(arena, list, arena_str(arena, item));
		start = comma + 1;
	}
	return list->n > before || refuse_empty(o, err);
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* Whether "name=" stands at offset i, perhaps behind blanks. */
static bool starts_pair(struct str text, size_t i)
{
	size_t start;

	while (i < text.n && text.p[i] == ' ')
		i++;
	start = i;
	while (i < text.n && is_name_char(text.p[i]))
		i++;
	return i > start && i < text.n && text.p[i] == '=';
}

/* Of two values for a name the later one counts. */
static void put_var(struct arena *arena, struct var_vec *vars, struct str name,
		    struct str value)
{
	struct variable var = {name, value};

	for (size_t i = 0; i < vars->n; i++)
		if (str_eq(vars->v[i].name, name)) {
			vars->v[i].value = value;
			return;
		}
	VEC_PUSH(arena, vars, var);
}

static bool add_var(const struct opt *o, struct str text, struct arena *arena,
		    struct var_vec *vars, struct error *err)
{
	size_t eq = str_find(text, '=', 0);

	if (eq == 0 || eq == text.n)
		return error_set(err, ERROR_USAGE,
				 "--%s needs name=value, not \"%.*s\"", o->name,
				 STR_ARG(text));
	put_var(arena, vars, str_sub(text, 0, eq),
		arena_str(arena, str_sub(text, eq + 1, text.n)));
	return true;
}

/* A comma ends a pair only where "name=" follows; "\," is a comma. */
static bool add_vars(const struct opt *o, struct str text, struct arena *arena,
		     struct var_vec *vars, struct error *err)
{
	struct buf pair = {0};
	bool ok = true;
	size_t i = 0;

	if (!str_trim(text).n)
		return refuse_empty(o, err);
	while (ok && i < text.n) {
		while (i < text.n && text.p[i] == ' ')
			i++;
		for (; i < text.n; i++) {
			if (text.p[i] == '\\' && i + 1 < text.n &&
			    text.p[i + 1] == ',')
				i++;
			else if (text.p[i] == ',' && starts_pair(text, i + 1))
				break;
			buf_addc(&pair, text.p[i]);
		}
		i++;
		ok = add_var(o, buf_move(&pair, arena), arena, vars, err);
	}
	buf_free(&pair);
	return ok;
}

bool opt_store(const struct opt *o, struct str text, struct arena *arena,
	       void *base, struct error *err)
{
	void *at = (char *)base + o->offset;
	int64_t ms;

	switch (o->type) {
	case OPT_FLAG:
	case OPT_OFF:
		*(bool *)at = true;
		return true;
	case OPT_INT:
		return store_int(o, text, at, err);
	case OPT_STRING:
		*(struct str *)at = text;
		return true;
	case OPT_LIST:
		return add_list(o, text, arena, at, err);
	case OPT_CHOICE:
		return store_choice(o, text, arena, at, err);
	case OPT_DURATION:
		if (duration_read(text, &ms) && ms <= UINT32_MAX &&
		    !(o->needs_unit && ascii_is_digit(text.p[text.n - 1]))) {
			*(uint32_t *)at = (uint32_t)ms;
			return true;
		}
		error_set(err, ERROR_USAGE, "--%s cannot be \"%.*s\"", o->name,
			  STR_ARG(text));
		return error_hint(err, "write a time such as 90s, 20m or 2h");
	case OPT_VARS:
		return add_vars(o, text, arena, at, err);
	case OPT_VAR:
		return add_var(o, text, arena, at, err);
	}
	return true;
}
