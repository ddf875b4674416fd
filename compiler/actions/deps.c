/*
 * What actions were told to depend on becomes drafts of actions, in the order
 * in which they were told. Behind a dependency come, if asked for, the
 * assertions that name it in the same words: this is Dataform's rule, and its
 * asymmetry.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

static void add(struct session *s, struct draft *d, struct draft *dep)
{
	if (dep->mark == s->marks)
		return;
	dep->mark = s->marks;
	VEC_PUSH(s->arena, &d->deps, dep);
}

/* ref() has complained where it stands; this is for what configs and
 * dependencies() name. */
static void report(struct session *s, const struct draft *d,
		   const struct wish *wish)
{
	const struct source *src = d->made.place.src;
	const struct target *wanted = &wish->target;
	const struct name_entry *e = names_first(&s->names, wanted);
	struct str name = target_text(s->arena, wanted);
	struct span span = draft_span(d);
	const struct draft *test;
	struct diag *diag;

	if (d->config.yaml)
		config_locate_text(d->config, "dependencyTargets", "name",
				   wanted->name, &span);
	else if (src &&
		 !session_find_quoted(src, d->made.place.offset, name, &span))
		session_find_quoted(src, d->made.place.offset, wanted->name,
				    &span);
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

void session_resolve_deps(struct session *s)
{
	for (size_t i = 0; i < s->order.n; i++) {
		struct draft *d = s->order.v[i];

		if (d->failed)
			continue;
		s->marks++;
		for (size_t w = 0; w < d->wishes.n; w++)
			resolve(s, d, d->wishes.v[w]);
	}
}
