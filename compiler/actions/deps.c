/*
 * What actions were told to depend on becomes drafts of actions, in the order
 * in which they were told. Behind a dependency come, if asked for, the
 * assertions that name it in the same words: this is Dataform's rule, and its
 * asymmetry.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

/* Each of many actions may ask for each of many assertions. */
enum { DEPS_MAX = 1 << 22 };

static void add(struct session *s, struct draft *d, struct draft *dep)
{
	if (dep->mark == s->marks)
		return;
	s->ndeps++;
	dep->mark = s->marks;
	VEC_PUSH(s->arena, &d->deps, dep);
}

/* Where the config or the call names what is not there. */
static struct span wish_span(const struct draft *d, struct str name,
			     struct str last)
{
	struct span span = draft_span(d);
	const struct source *src = d->made.place.src;

	if (d->config.yaml)
		config_locate_text(d->config, "dependencyTargets", "name", last,
				   &span);
	else if (src &&
		 !session_find_quoted(src, d->made.place.offset, name, &span))
		session_find_quoted(src, d->made.place.offset, last, &span);
	return span;
}

/* ref() has complained where it stands; this is for what configs and
 * dependencies() name. */
static void report(struct session *s, const struct draft *d,
		   const struct wish *wish)
{
	const struct target *wanted = &wish->target;
	const struct name_entry *e = names_first(&s->names, wanted);
	struct str name = target_text(s->arena, wanted);
	struct span span = draft_span(d);
	const struct draft *test;
	struct diag *diag;

	if (!diags_is_full(s->diags))
		span = wish_span(d, name, wanted->name);
	if (e) {
		diag = draft_error(s, d, DIAG_AMBIGUOUS_REF, span,
				   "\"%.*s\" means several actions",
				   STR_ARG(name));
		test = ref_test_among(e, wanted);
		if (test)
			diag_help(s->diags, diag,
				  "give the test in %.*s another name",
				  STR_ARG(test->made.file));
		else
			diag_help(s->diags, diag,
				  "write \"%.*s.%.*s\" for one of them",
				  STR_ARG(e->target->schema),
				  STR_ARG(e->target->name));
	} else {
		diag = draft_error(s, d, DIAG_UNKNOWN_REF, span,
				   "there is no action \"%.*s\"",
				   STR_ARG(name));
		session_suggest(s, diag, wanted);
	}
}

static void report_nameless(struct session *s, const struct draft *d)
{
	const struct str key = STR("dependencies");
	struct diag *diag =
		draft_error(s, d, DIAG_BAD_REF,
			    d->config.src ? config_locate(d->config, &key, 1)
					  : draft_span(d),
			    "a dependency needs the name of an action");

	diag_help(s->diags, diag,
		  "write dependencies: [\"name\", {schema: \"...\", "
		  "name: \"...\"}]");
}

static void resolve(struct session *s, struct draft *d, const struct wish *wish)
{
	const struct target *wanted = &wish->target;
	const struct name_entry *e = names_first(&s->names, wanted);

	if (!e || names_next(e, wanted)) {
		if (!wanted->name.n)
			report_nameless(s, d);
		else if (d->inline_kind == INLINE_NONE ||
			 ref_test_among(e, wanted))
			report(s, d, wish);
		return;
	}
	add(s, d, e->draft);
	if (wish->include != INCLUDE_YES)
		return;
	for (e = names_first(&s->asserted, wanted); e;
	     e = names_next(e, wanted))
		add(s, d, e->draft);
}

static void refuse_more(struct session *s, const struct draft *d)
{
	struct diag *diag = draft_error(
		s, d, DIAG_TOO_MANY_DEPENDENCIES, draft_span(d),
		"the project has more than %d dependencies", DEPS_MAX);

	diag_help(s->diags, diag,
		  "have fewer actions wait for all assertions of what they "
		  "read");
}

void session_resolve_deps(struct session *s)
{
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (s->ndeps > DEPS_MAX) {
			refuse_more(s, d);
			return;
		}

		if (d->failed)
			continue;
		s->marks++;
		for (size_t w = 0; w < d->wishes.n; w++)
			resolve(s, d, d->wishes.v[w]);
	}
}
