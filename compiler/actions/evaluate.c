/*
 * Drafts to SQL. Every function of the project is called here, when all names
 * are known: tables first, then operations, then assertions, as Dataform does,
 * because what an assertion reads decides who waits for it.
 */
#include "base/arena.h"
#include "base/array.h"
#include "compiler/actions/session.h"
#include "compiler/sqlx/lower.h"

enum { EVALUATION_BITS = 2 };

static void value_error(struct session *s, struct draft *d, const char *what)
{
	struct diag *diag = draft_error(s, d, DIAG_SCRIPT_VALUE, draft_span(d),
					"%s must be text", what);

	diag_help(s->diags, diag, "return a string");
	d->failed = true;
}

/* Which functions d's code may call. */
static unsigned functions_of(const struct draft *d)
{
	enum action_type type = d->made.type;
	unsigned all = (1u << CONTEXT_NFUNCTIONS) - 1;

	if (type == ACTION_OPERATION || type == ACTION_ASSERTION)
		all &= ~(1u << CONTEXT_INCREMENTAL);
	return all;
}

uint32_t context_pack(const struct draft *d, enum evaluation e)
{
	return d->number << EVALUATION_BITS | (uint32_t)e;
}

struct draft *context_unpack(const struct session *s, uint32_t number,
			     enum evaluation *out)
{
	*out = (enum evaluation)(number & ((1u << EVALUATION_BITS) - 1));
	return s->numbers.v[number >> EVALUATION_BITS];
}

static bool call(struct session *s, struct draft *d, const struct producer *p,
		 enum evaluation e, struct value *out)
{
	struct script_context ctx = {
		.object = context_pack(d, e),
		.functions = functions_of(d),
		.sqlx = p->sql != NULL,
		.src = p->src ? p->src : d->made.place.src,
	};
	struct script_error err;

	if (d->made.type == ACTION_DATA_PREPARATION)
		ctx.expect = STR(" /* @@VALIDATION */ WHERE ");
	if (s->stopped) {
		d->failed = true;
		return false;
	}
	if (script_call_function(s->script,
				 p->sql ? p->function : p->value->function,
				 &ctx, out, &err))
		return true;
	session_report(s, &err, d->made.file, d);
	d->failed = true;
	return false;
}

/* One text, or a list of them. What is neither is an error; undefined and an
 * object are nothing, if it is optional. */
static bool texts_of(struct session *s, struct draft *d, const struct value *v,
		     bool optional, const char *what, struct strs *out)
{
	*out = (struct strs){0};
	if (optional && (v->kind == VALUE_UNDEFINED || v->kind == VALUE_OBJECT))
		return true;
	for (uint32_t i = 0; v->kind == VALUE_ARRAY && i < v->n; i++) {
		if (v->items[i].kind != VALUE_STRING) {
			value_error(s, d, what);
			return false;
		}
	}
	if (v->kind != VALUE_ARRAY && v->kind != VALUE_STRING) {
		value_error(s, d, what);
		return false;
	}
	*out = value_strings(s->arena, v);
	return true;
}

static bool produce_sql(struct session *s, struct draft *d,
			const struct producer *p, enum evaluation e,
			struct strs *out)
{
	struct value v;

	*out = (struct strs){0};
	if (p->function && !call(s, d, p, e, &v))
		return false;
	*out = lower_join(p->src, p->sql, p->function ? &v : NULL, s->arena);
	return true;
}

/* What JavaScript gave, or what the function that it gave answers. */
static bool produce_value(struct session *s, struct draft *d,
			  const struct producer *p, enum evaluation e,
			  struct value *out)
{
	*out = (struct value){.kind = VALUE_UNDEFINED};
	if (p->value)
		*out = *p->value;
	return out->kind != VALUE_FUNCTION || call(s, d, p, e, out);
}

static bool produce(struct session *s, struct draft *d,
		    const struct producer *p, enum evaluation e, bool optional,
		    const char *what, struct strs *out)
{
	struct value v;

	if (p->sql)
		return produce_sql(s, d, p, e, out);
	return produce_value(s, d, p, e, &v) &&
	       texts_of(s, d, &v, optional, what, out);
}

void evaluate_text(struct session *s, struct draft *d, const struct producer *p,
		   enum evaluation e, const char *what, struct str *out)
{
	struct strs texts;
	struct value v;

	if (p->sql) {
		if (produce_sql(s, d, p, e, &texts) && texts.n > 0)
			*out = texts.v[0];
		return;
	}
	if (!produce_value(s, d, p, e, &v))
		return;
	if (v.kind == VALUE_STRING)
		*out = v.string;
	else if (!what)
		*out = script_to_text(s->script, &v);
	else if (v.kind != VALUE_UNDEFINED)
		value_error(s, d, what);
}

static bool is_blank(struct str s)
{
	return str_trim(s).n == 0;
}

/* Blank texts stay in an incremental run only, as in Dataform. */
static void produce_all(struct session *s, struct draft *d,
			const struct producers *list, enum evaluation e,
			const char *what, struct strs *out)
{
	struct str_vec all = {0};

	for (size_t i = 0; i < list->n && !d->failed; i++) {
		struct producer p = list->v[i];
		struct strs texts;

		if (!produce(s, d, &p, e, false, what, &texts))
			return;
		for (size_t t = 0; t < texts.n; t++)
			if (e == EVALUATE_INCREMENTAL || !is_blank(texts.v[t]))
				VEC_PUSH(s->arena, &all, texts.v[t]);
	}
	*out = (struct strs){all.v, all.n};
}

static void check_semicolon(struct session *s, struct draft *d,
			    const struct producer *p, struct str sql)
{
	struct str text = str_trim(sql);
	struct span span = draft_span(d);
	struct diag *diag;

	if (!text.n || text.p[text.n - 1] != ';')
		return;
	if (p->sql && p->sql->npieces > 0) {
		const struct sqlx_piece *last =
			&p->sql->pieces[p->sql->npieces - 1];
		uint32_t at = last->end;

		while (at > last->start && p->src->text.p[at - 1] != ';')
			at--;
		if (at > last->start)
			span = span_of(p->src, at - 1, at);
	}
	diag = draft_error(s, d, DIAG_SEMICOLON, span,
			   "the SQL ends with a semicolon");
	diag_help(s->diags, diag,
		  "remove it: the statement becomes a part of another one");
}

static bool is_given(const struct producer *p)
{
	return p->sql || value_is_truthy(p->value);
}

static bool are_given(const struct producers *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct producer *p = &list->v[i];

		if (p->sql || p->value->kind != VALUE_ARRAY || p->value->n > 0)
			return true;
	}
	return false;
}

/* The code is kept as it was written: it runs when the action does, and has
 * the place of all SQL. An assertion with both is printed with neither. */
static void evaluate_jit(struct session *s, struct draft *d)
{
	const char *other = is_given(&d->query)   ? "a query"
			    : is_given(&d->where) ? "incremental_where"
			    : are_given(&d->pre)  ? "pre-operations"
			    : are_given(&d->post) ? "post-operations"
						  : NULL;
	struct diag *diag;

	if (!other) {
		d->made.jit_code = script_to_text(s->script, d->jit);
		return;
	}
	diag = draft_error(s, d, DIAG_CONFIG_CONFLICT, draft_span(d),
			   "the action has jitCode() and %s", other);
	diag_help(s->diags, diag,
		  "remove one of them: jitCode() makes all of the action's "
		  "SQL");
	d->failed = d->made.type != ACTION_ASSERTION;
}

static void evaluate_table(struct session *s, struct draft *d)
{
	struct action *a = &d->made;
	bool incremental = a->type == ACTION_INCREMENTAL;

	if (d->jit) {
		evaluate_jit(s, d);
		return;
	}

	evaluate_text(s, d, &d->query, EVALUATE_FULL, "a query", &a->query);
	if (incremental && !d->failed) {
		evaluate_text(s, d, &d->query, EVALUATE_INCREMENTAL, "a query",
			      &a->incremental_query);
		produce_all(s, d, &d->pre, EVALUATE_INCREMENTAL,
			    "a pre-operation", &a->incremental_pre_ops);
		produce_all(s, d, &d->post, EVALUATE_INCREMENTAL,
			    "a post-operation", &a->incremental_post_ops);
	}
	if (!d->failed && is_given(&d->where))
		evaluate_text(s, d, &d->where, EVALUATE_FULL,
			      "incremental_where", &a->where);
	produce_all(s, d, &d->pre, EVALUATE_FULL, "a pre-operation",
		    &a->pre_ops);
	produce_all(s, d, &d->post, EVALUATE_FULL, "a post-operation",
		    &a->post_ops);
	if (d->failed)
		return;
	check_semicolon(s, d, &d->query, a->query);
	if (incremental && !str_eq(a->query, a->incremental_query))
		check_semicolon(s, d, &d->query, a->incremental_query);
}

/* A SQLX file's config has been checked as a whole; JavaScript may have said
 * hasOutput later. */
static void evaluate_operation(struct session *s, struct draft *d)
{
	struct diag *diag;

	if (d->jit)
		evaluate_jit(s, d);
	else
		produce(s, d, &d->query, EVALUATE_FULL, true, "a statement",
			&d->made.queries);
	if (!d->config.is_call || !d->columns || !d->columns->n ||
	    d->made.has_output)
		return;
	diag = draft_error(s, d, DIAG_CONFIG_CONFLICT, draft_span(d),
			   "an operation without output has no columns");
	diag_help(s->diags, diag, "call hasOutput(true) if it makes \"%.*s\"",
		  STR_ARG(d->target.name));
}

/* The parent may be defined twice, which is reported elsewhere. */
static void evaluate_inline(struct session *s, struct draft *d)
{
	const struct target *t = &d->parent->target;
	const struct name_entry *e = names_first(&s->names, t);
	struct str dataset = {0};

	draft_depend(s, d, t, INCLUDE_UNSET);
	if (e && !names_next(e, t))
		dataset = ref_text(s, e->draft);
	d->made.query = assertion_sql(s, d, dataset);
}

static void evaluate_assertion(struct session *s, struct draft *d)
{
	if (d->inline_kind != INLINE_NONE) {
		evaluate_inline(s, d);
		return;
	}
	if (d->jit) {
		evaluate_jit(s, d);
		return;
	}
	evaluate_text(s, d, &d->query, EVALUATE_FULL, "a query",
		      &d->made.query);
	if (!d->failed)
		check_semicolon(s, d, &d->query, d->made.query);
}

static void evaluate_preparation(struct session *s, struct draft *d)
{
	evaluate_text(s, d, &d->query, EVALUATE_FULL, "a query",
		      &d->made.query);
	if (!d->failed && d->made.query.p) {
		d->made.query = str_trim(d->made.query);
		check_semicolon(s, d, &d->query, d->made.query);
	}
}

static void fill_names(struct session *s)
{
	names_init(&s->names, s->arena);
	for (size_t i = 0; i < s->order.n; i++)
		names_add(&s->names, &s->order.v[i]->target, s->order.v[i]);
}

typedef void evaluate_fn(struct session *s, struct draft *d);

/* In the order in which Dataform calls them. What is missing has no SQL. */
static const struct {
	enum action_type first, last;
	evaluate_fn *evaluate;
} passes[] = {
	{ACTION_TABLE, ACTION_INCREMENTAL, evaluate_table},
	{ACTION_OPERATION, ACTION_OPERATION, evaluate_operation},
	{ACTION_ASSERTION, ACTION_ASSERTION, evaluate_assertion},
	{ACTION_TEST, ACTION_TEST, test_evaluate},
	{ACTION_DATA_PREPARATION, ACTION_DATA_PREPARATION,
	 evaluate_preparation},
};

/* What a table's SQL defines comes too late for the tables, as in Dataform,
 * but in time for what is evaluated after them. */
void session_evaluate(struct session *s)
{
	size_t ntables;

	for (size_t i = 0; i < s->tests.n; i++)
		VEC_PUSH(s->arena, &s->order, s->tests.v[i]);
	ntables = s->order.n;
	fill_names(s);
	for (size_t p = 0; p < ARRAY_LEN(passes); p++) {
		for (size_t i = 0; i < s->order.n; i++) {
			struct draft *d = s->order.v[i];

			if (d->made.type >= passes[p].first &&
			    d->made.type <= passes[p].last &&
			    (p > 0 || i < ntables))
				passes[p].evaluate(s, d);
			if (!session_goes_on(s, d->made.place.src))
				return;
		}
	}
	for (size_t i = ntables; i < s->order.n; i++)
		if (s->order.v[i]->made.type <= ACTION_INCREMENTAL)
			s->order.v[i]->failed = true;
}
