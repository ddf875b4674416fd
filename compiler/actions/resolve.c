/*
 * What ref("x") means. A name finds the one action that has the parts which
 * were written, whatever the defaults are; an action's name as SQL is made
 * once, when somebody first asks for it.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

static const char accepted[] =
	"write ref(\"name\"), ref(\"schema\", \"name\"), "
	"ref(\"database\", \"schema\", \"name\") or "
	"ref({schema: \"schema\", name: \"name\"})";

/* One to three texts, the name last. */
static bool read_parts(const struct value *parts, uint32_t n,
		       struct target *out)
{
	if (n == 0 || n > 3)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (parts[i].kind != VALUE_STRING)
			return false;
	out->name = parts[n - 1].string;
	if (n > 1)
		out->schema = parts[n - 2].string;
	if (n > 2)
		out->database = parts[0].string;
	return true;
}

/* {database, schema, name} or, as configs have it, {project, dataset, name}. */
static void read_object(const struct value *v, struct target *out,
			enum include_assertions *include)
{
	const struct value *flag = value_get(v, "includeDependentAssertions");
	bool config = value_get(v, "dataset") || value_get(v, "project");

	out->name = value_get_str(v, "name");
	out->schema = value_get_str(v, config ? "dataset" : "schema");
	out->database = value_get_str(v, config ? "project" : "database");
	if (flag && flag->kind != VALUE_UNDEFINED && flag->kind != VALUE_NULL)
		*include = value_is_truthy(flag) ? INCLUDE_YES : INCLUDE_NO;
}

const char *ref_parse(const struct value *args, uint32_t n, struct target *out,
		      enum include_assertions *include)
{
	*out = (struct target){0};
	*include = INCLUDE_UNSET;
	if (n == 0 || args[0].kind <= VALUE_NULL)
		return "ref() needs the name of an action";
	if (args[0].kind == VALUE_ARRAY && n == 1)
		return read_parts(args[0].items, args[0].n, out)
			       ? NULL
			       : "ref() takes a list of one to three texts";
	if (n == 1 && args[0].kind != VALUE_STRING) {
		read_object(&args[0], out, include);
		return NULL;
	}
	return read_parts(args, n, out) ? NULL
					: "ref() takes one to three texts";
}

bool ref_read(struct session *s, struct script_call *call, struct target *out,
	      enum include_assertions *include)
{
	const char *wrong = ref_parse(call->args, call->nargs, out, include);

	if (!wrong)
		return true;
	return session_throw(s, call, DIAG_BAD_REF, str_of(wrong), accepted);
}

/* What ref() needs to mean t alone. */
static struct str as_ref(struct arena *arena, const struct target *t,
			 bool with_database)
{
	if (with_database && t->database.n)
		return arena_printf(arena, "ref(\"%.*s\", \"%.*s\", \"%.*s\")",
				    STR_ARG(t->database), STR_ARG(t->schema),
				    STR_ARG(t->name));
	return arena_printf(arena, "ref(\"%.*s\", \"%.*s\")",
			    STR_ARG(t->schema), STR_ARG(t->name));
}

const struct draft *ref_test_among(const struct name_entry *e,
				   const struct target *wanted)
{
	for (; e; e = names_next(e, wanted))
		if (e->draft->made.type == ACTION_TEST)
			return e->draft;
	return NULL;
}

static void report_ambiguous(struct session *s, const struct target *wanted,
			     const struct name_entry *first)
{
	enum { SHOWN = 4 };
	struct str name = target_text(s->arena, wanted);
	struct diag *d;
	const struct draft *test = ref_test_among(first, wanted);
	bool same_schema = true, same = true;
	size_t n = 0;

	buf_clear(&s->text);
	for (const struct name_entry *e = first; e; e = names_next(e, wanted)) {
		same_schema &= str_eq(e->target->schema, first->target->schema);
		same &= target_eq(e->target, first->target);
	}
	if (same) {
		d = session_error_here(
			s, DIAG_AMBIGUOUS_REF, wanted->name,
			arena_printf(s->arena,
				     test ? "\"%.*s\" is an action and a test"
					  : "\"%.*s\" means several actions of "
					    "one name",
				     STR_ARG(name)));
		if (test)
			diag_help(s->diags, d,
				  "give the test in %.*s another name",
				  STR_ARG(test->made.file));
		else
			diag_help(s->diags, d,
				  "give one of them another name or schema");
		return;
	}
	for (const struct name_entry *e = first; e; e = names_next(e, wanted)) {
		if (n++ >= SHOWN)
			continue;
		buf_adds(&s->text, n == 1 ? "" : " or ");
		buf_add_str(&s->text, as_ref(s->arena, e->target, same_schema));
	}
	d = session_error_here(s, DIAG_AMBIGUOUS_REF, wanted->name,
			       arena_printf(s->arena,
					    "\"%.*s\" means %zu actions",
					    STR_ARG(name), n));
	diag_help(s->diags, d, "write %.*s%s", STR_ARG(buf_str(&s->text)),
		  n > SHOWN ? ", ..." : "");
}

static void report_unknown(struct session *s, const struct target *wanted)
{
	struct str name = target_text(s->arena, wanted);
	struct diag *d;

	if (!wanted->name.n) {
		d = session_error_here(
			s, DIAG_BAD_REF, wanted->name,
			STR("ref() needs the name of an action"));
		diag_help(s->diags, d, "%s", accepted);
		return;
	}
	d = session_error_here(s, DIAG_UNKNOWN_REF, wanted->name,
			       arena_printf(s->arena,
					    "there is no action \"%.*s\"",
					    STR_ARG(name)));
	session_suggest(s, d, wanted);
}

struct draft *ref_find(struct session *s, const struct target *wanted)
{
	const struct name_entry *e = names_first(&s->names, wanted);

	if (!e) {
		report_unknown(s, wanted);
		return NULL;
	}
	if (names_next(e, wanted)) {
		report_ambiguous(s, wanted, e);
		return NULL;
	}
	return e->draft;
}

static struct str with_suffix(struct session *s, struct str name,
			      struct str suffix)
{
	if (!suffix.n)
		return name;
	return arena_printf(s->arena, "%.*s_%.*s", STR_ARG(name),
			    STR_ARG(suffix));
}

struct target suffixed_target(struct session *s, struct target t)
{
	const struct settings *set = s->settings;

	if (t.database.n)
		t.database = with_suffix(s, t.database, set->database_suffix);
	if (t.schema.n)
		t.schema = with_suffix(s, t.schema, set->schema_suffix);
	if (set->table_prefix.n)
		t.name = arena_printf(s->arena, "%.*s_%.*s",
				      STR_ARG(set->table_prefix),
				      STR_ARG(t.name));
	return t;
}

struct target final_target(struct session *s, const struct draft *d)
{
	struct target t;

	if (d->made.type == ACTION_DECLARATION)
		return d->target;
	t = suffixed_target(s, d->target);
	if (!t.schema.n)
		t.schema = with_suffix(s, t.schema, s->settings->schema_suffix);
	return t;
}

struct str ref_text(struct session *s, struct draft *d)
{
	struct target t;

	if (d->made.type == ACTION_OPERATION && !d->made.has_output) {
		struct diag *diag = session_error_here(
			s, DIAG_NO_OUTPUT, d->target.name,
			arena_printf(
				s->arena,
				"\"%.*s\" is an operation that makes no table",
				STR_ARG(d->target.name)));

		diag_help(s->diags, diag,
			  "set hasOutput: true in its config if it does make "
			  "one");
		return (struct str){0};
	}
	if (d->resolved.p)
		return d->resolved;
	t = final_target(s, d);
	buf_clear(&s->text);
	dialect_put_target(s->dialect, &s->text, &t);
	d->resolved = arena_str(s->arena, buf_str(&s->text));
	return d->resolved;
}

struct str self_text(struct session *s, struct draft *d)
{
	const struct name_entry *e = names_first(&s->names, &d->target);

	if (e && names_next(e, &d->target))
		return (struct str){0};
	return ref_text(s, d);
}
