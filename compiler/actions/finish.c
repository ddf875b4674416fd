/*
 * Whole drafts to the graph: final names, no name twice, descriptors as
 * printed, and what the warehouse's names allow.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

/* Dataform changes names only if there is a suffix or prefix at all; then a
 * database or schema that is not set becomes an empty one. */
static void set_final_target(struct session *s, struct draft *d)
{
	const struct settings *set = s->settings;
	bool changes = set->database_suffix.n || set->schema_suffix.n ||
		       set->table_prefix.n;

	d->made.target = final_target(s, d);
	if (!changes || d->made.type == ACTION_DECLARATION)
		return;
	if (!d->made.target.database.p)
		d->made.target.database = STR("");
	if (!d->made.target.schema.p)
		d->made.target.schema = STR("");
}

static char *append(char *to, struct str s)
{
	if (s.n)
		memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	return to + s.n + 1;
}

static struct str target_key(struct arena *arena, const struct target *t)
{
	size_t n = t->database.n + t->schema.n + t->name.n + 3;
	char *p = arena_text(arena, n);

	append(append(append(p, t->database), t->schema), t->name);
	return (struct str){p, n};
}

static void report_duplicate(struct session *s, struct draft *d,
			     const struct draft *other)
{
	struct span span = draft_span(d);
	struct str key = STR("name");
	struct diag *diag;

	if (d->inline_kind != INLINE_NONE && d->parent->twin)
		return;
	if (d->config.is_call)
		span = session_narrow(span, d->target.name);
	else if (d->config.src && d->config.end > d->config.start)
		span = config_locate(d->config, &key, 1);
	diag = draft_error(s, d, DIAG_DUPLICATE_ACTION, span,
			   "there are several actions \"%.*s\"",
			   STR_ARG(target_text(s->arena, &d->made.target)));
	diag->action = &d->made.target;
	if (other->made.place.src)
		diag_help(s->diags, diag,
			  "another one is in %.*s:%u: give one of them another "
			  "name or schema",
			  STR_ARG(other->made.place.src->path),
			  source_position(other->made.place.src,
					  other->made.place.offset)
				  .line);
}

/* Marks every draft whose target, or canonical target, another one has. */
static void find_duplicates(struct session *s, bool canonical)
{
	struct arena *scratch = arena_new();
	struct map seen;

	map_init(&seen, scratch);
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i], *first;
		struct str key;

		if (d->failed || d->made.type == ACTION_TEST)
			continue;
		key = target_key(scratch, canonical ? &d->made.canonical
						    : &d->made.target);
		first = map_get(&seen, key);
		if (!first) {
			map_put(&seen, key, d);
			continue;
		}
		if (!first->twin)
			first->twin = d;
		if (!d->twin)
			d->twin = first;
	}
	arena_free(scratch);
}

static void drop_duplicates(struct session *s)
{
	find_duplicates(s, false);
	find_duplicates(s, true);
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (!d->twin)
			continue;
		report_duplicate(s, d, d->twin);
		d->failed = true;
	}
}

/* Members in the order in which they are printed; an empty one is printed for
 * a view with options but without labels. */
static const struct value *make_descriptor(struct session *s,
					   const struct draft *d)
{
	const bool members[] = {d->description.p != NULL,
				d->columns != NULL,
				d->labels != NULL,
				d->metadata != NULL,
				d->is_jit,
				d->reservation.p != NULL};
	uint32_t room = 0;
	struct value v;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		room += members[i];
	if (room == 0)
		return NULL;
	v = value_object(s->arena, room);
	if (d->description.p)
		value_put(&v, STR("description"), value_string(d->description));
	if (d->columns && d->columns->n > 0)
		value_put(&v, STR("columns"), *d->columns);
	if (d->labels && d->labels->n > 0)
		value_put(&v, STR("bigqueryLabels"), *d->labels);
	if (d->metadata)
		value_put(&v, STR("metadata"), *d->metadata);
	if (d->is_jit)
		value_put(&v, STR("compilationMode"),
			  value_string(STR("ACTION_COMPILATION_MODE_JIT")));
	if (d->reservation.p)
		value_put(&v, STR("reservation"), value_string(d->reservation));
	return value_copy(s->arena, v);
}

/* Of drafts with one name, a dependency is listed once. */
static bool is_listed(const struct draft *d, size_t i)
{
	const struct draft *dep = d->deps.v[i];

	for (size_t k = 0; dep->twin && k < i; k++)
		if (target_eq(&d->deps.v[k]->target, &dep->target))
			return true;
	return false;
}

static void set_deps(struct session *s, struct draft *d)
{
	struct action *a = &d->made;

	if (d->deps.n == 0)
		return;
	a->deps = ARENA_NEW(s->arena, struct target, d->deps.n);
	a->dep_ids = ARENA_NEW(s->arena, uint32_t, d->deps.n);
	for (size_t i = 0; i < d->deps.n; i++) {
		const struct draft *dep = d->deps.v[i];

		if (is_listed(d, i))
			continue;
		a->deps[a->ndeps] =
			dep->evaluated ? dep->made.target : dep->target;
		a->dep_ids[a->ndeps++] = dep->id;
	}
}

static void list_targets(struct session *s, struct graph *g)
{
	g->ntargets = (uint32_t)s->order.n;
	g->targets = ARENA_NEW(s->arena, struct target, g->ntargets + 1);
	for (size_t i = 0; i < s->order.n; i++)
		g->targets[i] = s->order.v[i]->target;
}

static void check_length(struct session *s, const struct draft *d,
			 const char *what, struct str part)
{
	struct diag *diag;

	if (part.n <= s->dialect->max_identifier)
		return;
	diag = draft_error(s, d, DIAG_BAD_NAME, draft_span(d),
			   "the %s \"%.*s\" has %zu bytes, and %s takes %zu",
			   what, STR_ARG(part), part.n, s->dialect->name,
			   s->dialect->max_identifier);
	diag->action = &d->made.target;
	if (d->inline_kind != INLINE_NONE)
		diag_help(s->diags, diag,
			  "it is made of its table's schema and name: shorten "
			  "one of them, or write the assertion as a file");
	else
		diag_help(s->diags, diag, "give the action a shorter one");
}

/* PostgreSQL cuts what is too long, and two names could become one. What is
 * not made by a run has the length that it has. */
static void check_lengths(struct session *s, const struct draft *d)
{
	if (!action_is_runnable(&d->made) || d->made.disabled ||
	    (d->made.type == ACTION_OPERATION && !d->made.has_output))
		return;
	check_length(s, d, "schema", d->made.target.schema);
	check_length(s, d, "name", d->made.target.name);
}

/* Of a name as the warehouse has it: without database, perhaps in one case. */
static struct str name_key(struct arena *arena, const struct dialect *d,
			   const struct target *t)
{
	const struct target without = {.schema = t->schema, .name = t->name};
	struct str key = target_key(arena, &without);
	char *folded;

	if (!d->folds_case)
		return key;
	folded = arena_text(arena, key.n);
	for (size_t i = 0; i < key.n; i++) {
		bool upper = key.p[i] >= 'A' && key.p[i] <= 'Z';

		folded[i] = (char)(upper ? key.p[i] - 'A' + 'a' : key.p[i]);
	}
	return (struct str){folded, key.n};
}

static void report_same_name(struct session *s, const struct action *a,
			     const struct action *first)
{
	const struct span span = {a->place.src, a->place.offset,
				  a->place.offset};
	bool databases = str_eq(a->target.schema, first->target.schema) &&
			 str_eq(a->target.name, first->target.name);
	struct diag *d;

	d = diag_add(s->diags, DIAG_SAME_NAME_ON_TARGET, span,
		     "\"%.*s\" and \"%.*s\" differ only in %s",
		     STR_ARG(target_text(s->arena, &first->target)),
		     STR_ARG(target_text(s->arena, &a->target)),
		     databases ? "their database" : "upper and lower case");
	d->action = &a->target;
	if (!str_eq(d->file, a->file))
		d->blamed = a->file;
	if (databases)
		diag_help(s->diags, d,
			  "%s has no databases: put one of them into another "
			  "schema",
			  s->dialect->name);
	else
		diag_help(s->diags, d,
			  "to %s they are one name: give one of them another "
			  "name or schema",
			  s->dialect->name);
}

/* Two names that are one on the target. Inline assertions of two such actions
 * are no mistakes of their own. */
static void check_databases(struct session *s, const struct graph *g)
{
	struct arena *scratch = arena_new();
	struct map seen;

	map_init(&seen, scratch);
	for (uint32_t i = 0; !s->dialect->has_database && i < g->nactions;
	     i++) {
		struct action *a = &g->actions[i], *first;

		if (a->type > ACTION_DECLARATION)
			continue;
		first = map_put(&seen,
				name_key(scratch, s->dialect, &a->target), a);
		if (!first)
			continue;
		if (a->parent && first->parent &&
		    str_eq(name_key(scratch, s->dialect, a->parent),
			   name_key(scratch, s->dialect, first->parent)))
			continue;
		report_same_name(s, a, first);
	}
	arena_free(scratch);
}

/* An inline assertion knows its parent by the name that it had then. */
static const struct target *parent_of(const struct draft *d)
{
	if (d->parent->evaluated &&
	    target_eq(&d->parent_target, &d->parent->target))
		return &d->parent->made.target;
	return &d->parent_target;
}

static void copy_actions(struct session *s, struct graph *g,
			 struct draft **drafts)
{
	for (uint32_t i = 0; i < g->nactions; i++) {
		struct draft *d = drafts[i];

		set_deps(s, d);
		d->made.tags = (struct strs){d->tags.v, d->tags.n};
		d->made.descriptor = make_descriptor(s, d);
		d->made.tested = d->test && d->test->tested
					 ? d->test->tested->id
					 : ACTION_NONE;
		if (d->inline_kind != INLINE_NONE)
			d->made.parent = parent_of(d);
		g->actions[i] = d->made;
	}
}

void session_finish(struct session *s, struct graph *g)
{
	struct draft **drafts =
		ARENA_NEW(s->arena, struct draft *, s->order.n + 1);
	struct value data;

	list_targets(s, g);
	data = value_in_key_order(
		s->arena, &(struct value){.kind = VALUE_OBJECT,
					  .members = s->jit_data.v,
					  .n = (uint32_t)s->jit_data.n});
	g->jit_data = config_struct(s->arena, &data);
	for (size_t i = 0; i < s->order.n; i++) {
		s->order.v[i]->evaluated = !s->order.v[i]->failed;
		if (!s->order.v[i]->failed)
			set_final_target(s, s->order.v[i]);
	}
	drop_duplicates(s);
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (d->failed)
			continue;
		d->id = g->nactions;
		drafts[g->nactions++] = d;
	}
	order_check_cycles(s, drafts, g->nactions);
	g->actions = ARENA_NEW(s->arena, struct action, g->nactions + 1);
	copy_actions(s, g, drafts);
	for (uint32_t i = 0; i < g->nactions; i++)
		check_lengths(s, drafts[i]);
	check_databases(s, g);
}
