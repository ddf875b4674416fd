/* What a resumed run takes over: decided from a journal, a graph and claims. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "runtime/plan/step_hash.h"
#include "runtime/record/resume.h"
#include "tests/unit/graph_maker.h"

struct scene {
	struct made made;
	struct plan_request request;
	struct relation found[MADE_ACTIONS];
	struct plan plan;
	struct resume resume;
	struct buf text;
};

/*
 * t - i - v - c, o - v, off - w; i adds rows, o is an operation, c an
 * assertion with an operation before it, off is disabled.
 */
static void start(struct scene *s)
{
	struct made *m = &s->made;
	struct error err = {0};

	memset(s, 0, sizeof(*s));
	made_start(m, &dialect_postgres);
	made_add(m, ACTION_TABLE, "s.t", "select 1", "");
	made_add(m, ACTION_INCREMENTAL, "s.i", "select 2", "s.t");
	made_add(m, ACTION_OPERATION, "s.o", "select 3", "");
	made_add(m, ACTION_VIEW, "s.v", "select 4", "s.i s.o");
	made_add(m, ACTION_ASSERTION, "s.c", "select 5", "s.v")->pre_ops =
		made_one(m, "select 6");
	made_add(m, ACTION_TABLE, "s.off", "select 7", "")->disabled = true;
	made_add(m, ACTION_TABLE, "s.w", "select 8", "s.off");
	s->request.graph = &m->graph;
	s->request.selected = m->selected;
	s->request.found = s->found;
	for (uint32_t i = 0; i < m->graph.nactions; i++)
		s->found[i].kind =
			m->actions[i].type == ACTION_TABLE ||
					m->actions[i].type == ACTION_INCREMENTAL
				? RELATION_TABLE
				: RELATION_VIEW;
	assert_true(plan_make(&s->request, m->arena, &s->plan, &err));
	for (uint32_t i = 0; i < s->plan.nsteps; i++)
		step_set_hash(&m->graph, &s->plan.steps[i]);
	map_init(&s->resume.base.by_name, m->arena);
	map_init(&s->resume.claims, m->arena);
}

static void end(struct scene *s)
{
	buf_free(&s->text);
	made_end(&s->made);
}

static struct step *step_of(struct scene *s, struct str name)
{
	uint32_t id = made_id(&s->made, arena_cstr(s->made.arena, name));

	return &s->plan.steps[s->plan.step_of[id]];
}

/* "s.t=ok s.i=running": the last lines of the journal. */
static void journal(struct scene *s, const char *text)
{
	struct strs words = made_words(&s->made, text);

	for (size_t i = 0; i < words.n; i++) {
		struct past_action *a =
			ARENA_NEW(s->made.arena, struct past_action, 1);
		size_t eq = str_find(words.v[i], '=', 0);

		a->name = str_sub(words.v[i], 0, eq);
		a->status = str_sub(words.v[i], eq + 1, words.v[i].n);
		a->hash = arena_str(s->made.arena,
				    str_of(step_of(s, a->name)->hash));
		if (str_is(a->status, "doubt")) {
			a->status = STR("failed");
			a->in_doubt = true;
		}
		map_put(&s->resume.base.by_name, a->name, a);
	}
}

/* "s.i=0 s.o=1": the first part that is claimed. */
static void claims(struct scene *s, const char *text)
{
	struct strs words = made_words(&s->made, text);

	for (size_t i = 0; i < words.n; i++) {
		size_t eq = str_find(words.v[i], '=', 0);
		bool *whole = ARENA_NEW(s->made.arena, bool, 1);

		*whole = words.v[i].p[eq + 1] == '0';
		map_put(&s->resume.claims, str_sub(words.v[i], 0, eq), whole);
	}
}

/* "s.t s.i, s.o goes on": what is reused, and what has claims. */
static const char *decide(struct scene *s)
{
	const char *blank = "";

	resume_decide(&s->resume, &s->plan, s->made.arena);
	buf_clear(&s->text);
	for (uint32_t i = 0; i < s->plan.nsteps; i++) {
		const struct step *st = &s->plan.steps[i];
		struct str name = s->made.actions[st->action].target.name;

		assert_false(st->reused && st->resumed);
		if (!st->reused && !st->resumed)
			continue;
		buf_printf(&s->text, "%s%.*s%s", blank, STR_ARG(name),
			   st->resumed ? "+" : "");
		blank = " ";
	}
	return s->text.n ? s->text.p : "";
}

static void what_is_taken_over(void **state)
{
	static const struct {
		const char *journal, *claims, *changed, *reused, *gone;
	} cases[] = {
		{"", "", NULL, ""},
		{"s.t=ok", "", NULL, "t"},
		{"s.t=reused s.i=ok", "s.i=0", NULL, "t i"},
		/* The power went, and with it the journal's last lines. */
		{"s.t=ok s.i=waiting s.o=waiting", "s.i=0 s.o=1", NULL,
		 "t o+ i"},
		/* Nothing is claimed by what is only built. */
		{"s.t=running", "", NULL, ""},
		/* It was committed, and not told. */
		{"s.t=ok s.i=running", "s.i=0", NULL, "t i"},
		{"s.t=ok s.i=failed", "s.i=0", NULL, "t i"},
		{"s.t=ok s.i=running", "", NULL, "t"},
		/* What it depends on is done again. */
		{"s.t=running s.i=ok", "s.i=0", NULL, ""},
		{"s.t=ok s.i=ok s.v=ok", "", NULL, "t i"},
		{"s.t=ok s.i=ok s.o=ok s.v=ok s.c=ok", "", NULL, "t o i v c"},
		/* Some of its statements are done. */
		{"s.o=running", "s.o=1", NULL, "o+"},
		{"s.o=failed", "s.o=1", NULL, "o+"},
		{"s.o=ok", "s.o=1", NULL, "o"},
		/* Its view is there, but its rows are to be counted. */
		{"s.t=ok s.i=ok s.o=ok s.v=ok s.c=failed", "s.c=0", NULL,
		 "t o i v c+"},
		{"s.t=ok s.i=ok s.o=ok s.v=ok s.c=warn", "s.c=0", NULL,
		 "t o i v c"},
		/* What is made from something else, and all above it. */
		{"s.t=ok s.i=ok s.o=ok s.v=ok", "s.i=0", "s.t", "o"},
		{"s.t=ok s.i=running s.o=running", "s.i=0 s.o=1", "s.o", "t i"},
		/* A disabled action is never done, and holds nothing back. */
		{"s.off=disabled s.w=ok", "", NULL, "w"},
		/* What is no longer there, and all above it. */
		{"s.t=ok s.i=ok s.w=ok", "s.i=0", NULL, "w", "s.t"},
		{"s.t=ok s.i=ok", "s.i=0", NULL, "t", "s.i"},
		{"s.t=ok s.i=running", "s.i=0", NULL, "t", "s.i"},
		{"s.t=ok s.i=ok s.o=ok s.v=ok s.c=ok", "", NULL, "t o i v",
		 "s.c"},
		{"s.t=ok s.i=ok s.o=ok s.v=ok s.c=failed", "s.c=0", NULL,
		 "t o i v", "s.c"},
		/* An operation may leave nothing of its name. */
		{"s.t=ok s.i=ok s.o=ok s.v=ok", "", NULL, "t o i v", "s.o"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;

		start(&s);
		journal(&s, cases[i].journal);
		claims(&s, cases[i].claims);
		if (cases[i].changed)
			step_of(&s, str_of(cases[i].changed))->hash[0] ^= 1;
		if (cases[i].gone)
			s.found[made_id(&s.made, cases[i].gone)].kind =
				RELATION_NONE;
		if (strcmp(decide(&s), cases[i].reused) != 0)
			fail_msg("%s, %s: got \"%s\", not \"%s\"",
				 cases[i].journal, cases[i].claims,
				 s.text.n ? s.text.p : "", cases[i].reused);
		end(&s);
	}
}

/* What another run did, as this one must know, unless it has changed. */
static void what_is_in_doubt_is_refused(void **state)
{
	struct scene s;

	(void)state;
	start(&s);
	journal(&s, "s.t=running s.i=failed s.o=doubt");
	claims(&s, "s.o=1");
	assert_string_equal(decide(&s), "");
	assert_true(step_of(&s, STR("s.o"))->in_doubt);
	assert_false(step_of(&s, STR("s.i"))->in_doubt);
	assert_int_equal(
		s.plan.refused[s.plan.step_of[made_id(&s.made, "s.o")]].kind,
		ERROR_SQL);
	end(&s);
	start(&s);
	journal(&s, "s.o=doubt");
	step_of(&s, STR("s.o"))->hash[0] ^= 1;
	assert_string_equal(decide(&s), "");
	assert_false(step_of(&s, STR("s.o"))->in_doubt);
	end(&s);
}

/* Also by the run that resumes the one that did not ask. */
static void a_warning_that_is_taken_over_is_said(void **state)
{
	struct scene s;
	struct past_action *past;
	const struct step *c;

	(void)state;
	start(&s);
	journal(&s, "s.t=ok s.i=ok s.o=ok s.v=ok s.c=reused");
	past = map_get(&s.resume.base.by_name, STR("s.c"));
	past->warned = true;
	past->rows = 3;
	assert_string_equal(decide(&s), "t o i v c");
	c = step_of(&s, STR("s.c"));
	assert_int_equal(c->rows, 3);
	assert_int_equal(c->notes.n, 1);
	assert_true(str_has(c->notes.v[0], STR("3 rows broke it")));
	assert_int_equal(step_of(&s, STR("s.t"))->notes.n, 0);
	end(&s);
}

/* Each of these makes another hash. */
static void a_hash_is_of_all_that_matters(void **state)
{
	char hashes[8][STEP_HASH + 1];
	struct scene s;
	struct action *a;
	struct step *st;
	size_t n = 0;

	(void)state;
	start(&s);
	a = &s.made.actions[made_id(&s.made, "s.i")];
	st = step_of(&s, STR("s.i"));
#define HASH() (step_set_hash(&s.made.graph, st), strcpy(hashes[n++], st->hash))
	HASH();
	a->query = STR("select 20");
	HASH();
	a->incremental_query = a->query;
	HASH();
	a->post_ops = made_one(&s.made, "select 1");
	HASH();
	a->incremental_post_ops = a->post_ops;
	a->post_ops = (struct strs){0};
	HASH();
	a->unique_key = made_words(&s.made, "ab c");
	HASH();
	a->unique_key = made_words(&s.made, "a bc");
	HASH();
	a->type = ACTION_TABLE;
	HASH();
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(hashes[i], hashes[k]);
	step_set_hash(&s.made.graph, st);
	assert_string_equal(st->hash, hashes[n - 1]);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_over),
		cmocka_unit_test(what_is_in_doubt_is_refused),
		cmocka_unit_test(a_warning_that_is_taken_over_is_said),
		cmocka_unit_test(a_hash_is_of_all_that_matters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
