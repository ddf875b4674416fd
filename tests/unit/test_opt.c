/* The option parser, on a command of the test's own: each case is a command
 * line and what it means, or why it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/opt.h"
#include "compiler/project/settings.h"

struct shared_args {
	bool dry_run, untested;
	struct str schema;
};

struct args {
	struct str_vec actions;
	struct var_vec vars;
	uint32_t timeout;
	int jobs, color;
	struct shared_args shared;
};

static const char *const colors[] = {"auto", "always", "never", NULL};

#define AT(field) offsetof(struct args, field)

static const struct opt own_opts[] = {
	{"actions", 0, OPT_LIST, AT(actions), "NAME", "which"},
	{"vars", 0, OPT_VARS, AT(vars), "A=B", "variables"},
	{"var", 0, OPT_VAR, AT(vars), "A=B", "one variable"},
	{"timeout", 0, OPT_DURATION, AT(timeout), "TIME", "how long"},
	{"jobs", 'j', OPT_INT, AT(jobs), "N", "how many", 1, 64},
	{"color", 0, OPT_CHOICE, AT(color), "WHEN", "when", .choices = colors},
	{NULL},
};

static const struct opt shared_opts[] = {
	{"dry-run", 'n', OPT_FLAG, offsetof(struct shared_args, dry_run), NULL,
	 "only look"},
	{"test-it", 0, OPT_OFF, offsetof(struct shared_args, untested), NULL,
	 "do not test it"},
	{"default-schema", 0, OPT_STRING, offsetof(struct shared_args, schema),
	 "NAME", "the schema"},
	{NULL},
};

static const struct opt_group groups[] = {
	{"Options", own_opts, 0},
	{"Shared", shared_opts, AT(shared)},
	{NULL},
};

static const struct command make = {
	.name = "make",
	.operands = "[DIR]",
	.summary = "Make something.",
	.groups = groups,
	.max_operands = 1,
	.args_size = sizeof(struct args),
};

static const struct command take = {.name = "take", .groups = groups};
static const struct command *const commands[] = {&make, &take, NULL};

/* What was set, in one line. */
static struct str describe(const struct args *args, const struct strs *operands,
			   struct arena *arena)
{
	struct buf b = {0};
	struct str s;

	for (size_t i = 0; i < args->actions.n; i++)
		buf_printf(&b, "action=%s ", args->actions.v[i].p);
	for (size_t i = 0; i < args->vars.n; i++)
		buf_printf(&b, "%.*s=%.*s; ", STR_ARG(args->vars.v[i].name),
			   STR_ARG(args->vars.v[i].value));
	if (args->timeout)
		buf_printf(&b, "%ums ", (unsigned)args->timeout);
	if (args->jobs)
		buf_printf(&b, "jobs=%d ", args->jobs);
	if (args->color)
		buf_printf(&b, "color=%s ", colors[args->color]);
	if (args->shared.dry_run)
		buf_adds(&b, "dry ");
	if (args->shared.untested)
		buf_adds(&b, "untested ");
	if (args->shared.schema.p)
		buf_printf(&b, "schema=%s ", args->shared.schema.p);
	for (size_t i = 0; i < operands->n; i++)
		buf_printf(&b, "dir=%s ", operands->v[i].p);
	s = str_trim(buf_move(&b, arena));
	buf_free(&b);
	return s;
}

/* Arguments stand apart by one blank each; "~" is a blank in an argument. */
static struct str outcome(const char *line, struct arena *arena)
{
	char *copy = arena_text(arena, strlen(line) + 1);
	struct args args = {0};
	struct strs operands = {0};
	struct error err = {0};
	char *argv[16];
	int argc = 0;

	memcpy(copy, line, strlen(line) + 1);
	for (char *p = copy; *p;) {
		size_t n = strcspn(p, " ");

		argv[argc++] = p;
		for (; n > 0; n--, p++)
			*p = *p == '~' ? ' ' : *p;
		if (*p)
			*p++ = '\0';
	}
	if (opt_parse(&make, argc, argv, arena, &args, &operands, &err)) {
		assert_int_equal(err.kind, ERROR_NONE);
		return describe(&args, &operands, arena);
	}
	assert_int_equal(err.kind, ERROR_USAGE);
	return arena_printf(arena, "%s | %s", err.text, err.hint);
}

struct line_case {
	const char *line, *outcome;
};

static void check(const struct line_case *cases, size_t n)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < n; i++) {
		struct str got = outcome(cases[i].line, arena);

		assert_string_equal(arena_cstr(arena, got), cases[i].outcome);
	}
	arena_free(arena);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof(*(cases)))

static void values_stand_behind_equals_or_a_blank(void **state)
{
	static const struct line_case cases[] = {
		{"", ""},
		{"--jobs=3", "jobs=3"},
		{"--jobs 3", "jobs=3"},
		{"-j3", "jobs=3"},
		{"-j 3", "jobs=3"},
		{"-nj3", "jobs=3 dry"},
		{"--jobs 3 --jobs 4", "jobs=4"},
		{"--default-schema=", "schema="},
		{"--default-schema a=b", "schema=a=b"},
		{"--color never", "color=never"},
	};

	(void)state;
	CHECK(cases);
}

static void camel_case_is_understood(void **state)
{
	static const struct line_case cases[] = {
		{"--dryRun", "dry"},
		{"--defaultSchema x", "schema=x"},
		{"--defaultSchema=X", "schema=X"},
	};

	(void)state;
	CHECK(cases);
}

static void flags_are_undone(void **state)
{
	static const struct line_case cases[] = {
		{"--dry-run --no-dry-run", ""},
		{"--dry-run=false", ""},
		{"--dry-run=true", "dry"},
		{"--no-dry-run --dryRun", "dry"},
		{"--no-test-it", "untested"},
		{"--test-it=false", "untested"},
		{"--noTestIt --test-it", ""},
	};

	(void)state;
	CHECK(cases);
}

static void lists_take_what_follows(void **state)
{
	static const struct line_case cases[] = {
		{"--actions a,b", "action=a action=b"},
		{"--actions a b -n", "action=a action=b dry"},
		{"--actions=a b", "action=a dir=b"},
		{"--actions=a --actions b", "action=a action=b"},
		{"--actions a -- b", "action=a dir=b"},
		{"--actions a,,b,", "action=a action=b"},
	};

	(void)state;
	CHECK(cases);
}

static void a_value_that_holds_nothing_is_no_list(void **state)
{
	static const struct line_case cases[] = {
		{"--actions=", "the value of --actions is empty | leave the "
			       "option out, or write --actions=NAME"},
		{"--actions=,", "the value of --actions is empty | leave the "
				"option out, or write --actions=NAME"},
		{"--actions a , -n",
		 "the value of --actions is empty | leave the option out, or "
		 "write --actions=NAME"},
		{"--actions=~", "the value of --actions is empty | leave the "
				"option out, or write --actions=NAME"},
		{"--vars=", "the value of --vars is empty | leave the option "
			    "out, or write --vars=A=B"},
	};

	(void)state;
	CHECK(cases);
}

static void options_and_operands_mix(void **state)
{
	static const struct line_case cases[] = {
		{"dir -n", "dry dir=dir"},
		{"-n dir --jobs 2", "jobs=2 dry dir=dir"},
		{"-- -n", "dir=-n"},
		{"-", "dir=-"},
	};

	(void)state;
	CHECK(cases);
}

static void a_comma_ends_a_variable_only_before_a_name(void **state)
{
	static const struct line_case cases[] = {
		{"--vars a=b,c=d", "a=b; c=d;"},
		{"--vars a=b,c,d=e", "a=b,c; d=e;"},
		{"--vars a=1,2,3", "a=1,2,3;"},
		{"--vars a=1,~b=2", "a=1; b=2;"},
		{"--vars ~a=1,~~b=2~", "a=1; b=2 ;"},
		{"--vars a=1,~2,~b", "a=1, 2, b;"},
		{"--vars a=b\\,c=d", "a=b,c=d;"},
		{"--vars a=b=c,d=e", "a=b=c; d=e;"},
		{"--vars a=,b=", "a=; b=;"},
		{"--vars a=1 --vars b=2", "a=1; b=2;"},
		{"--vars a=1,a=2", "a=2;"},
		{"--var a=b,c=d", "a=b,c=d;"},
		{"--var a=b\\,c", "a=b\\,c;"},
		{"--vars a=1 --var a=2", "a=2;"},
		{"--vars a", "--vars needs name=value, not \"a\" | "},
		{"--vars =b", "--vars needs name=value, not \"=b\" | "},
		{"--var a", "--var needs name=value, not \"a\" | "},
	};

	(void)state;
	CHECK(cases);
}

static void durations_have_units(void **state)
{
	static const struct line_case cases[] = {
		{"--timeout 90s", "90000ms"},
		{"--timeout 20m", "1200000ms"},
		{"--timeout 2h", "7200000ms"},
		{"--timeout 1h30m", "5400000ms"},
		{"--timeout 1.5s", "1500ms"},
		{"--timeout 250", "250ms"},
		{"--timeout 0s",
		 "--timeout cannot be \"0s\" | write a time such as 90s, 20m "
		 "or 2h"},
		{"--timeout soon",
		 "--timeout cannot be \"soon\" | write a time such as 90s, "
		 "20m or 2h"},
		{"--timeout=",
		 "--timeout cannot be \"\" | write a time such as 90s, 20m or "
		 "2h"},
		{"--timeout 9999999h",
		 "--timeout cannot be \"9999999h\" | write a time such as 90s, "
		 "20m or 2h"},
		{"--timeout 5x",
		 "--timeout cannot be \"5x\" | write a time such as 90s, 20m "
		 "or 2h"},
	};

	(void)state;
	CHECK(cases);
}

static void mistakes_are_refused_with_advice(void **state)
{
	static const struct line_case cases[] = {
		{"--dry-rnu",
		 "weir make has no option \"--dry-rnu\" | did you mean "
		 "\"--dry-run\"?"},
		{"--no-jobs",
		 "weir make has no option \"--no-jobs\" | weir help make lists "
		 "its options"},
		{"--schema=x", "weir make has no option \"--schema\" | did you "
			       "mean \"--default-schema\"?"},
		{"--elephants",
		 "weir make has no option \"--elephants\" | weir help make "
		 "lists its options"},
		{"-x",
		 "weir make has no option \"-x\" | weir help make lists its "
		 "options"},
		{"--jobs", "--jobs needs a value | write --jobs=N"},
		{"--jobs -n", "--jobs needs a value | write --jobs=N"},
		{"--jobs 65",
		 "--jobs needs a number from 1 to 64, not \"65\" | "},
		{"--jobs 0",
		 "--jobs needs a number from 1 to 64, not \"0\" | "},
		{"--jobs 3x",
		 "--jobs needs a number from 1 to 64, not \"3x\" | "},
		{"--jobs=", "--jobs needs a number from 1 to 64, not \"\" | "},
		{"--jobs 99999999999999999999",
		 "--jobs needs a number from 1 to 64, not "
		 "\"99999999999999999999\" | "},
		{"--dry-run=maybe", "--dry-run takes no value | "},
		{"--color allways",
		 "--color cannot be \"allways\" | did you mean \"always\"?"},
		{"--color red",
		 "--color cannot be \"red\" | it is one of auto, always, "
		 "never"},
		{"a b",
		 "weir make: there is an argument too many: \"b\" | usage: "
		 "weir make [OPTION]... [DIR]"},
	};

	(void)state;
	CHECK(cases);
}

static void a_misspelt_command_is_suggested(void **state)
{
	struct error err = {0};

	(void)state;
	assert_ptr_equal(command_find(commands, STR("take"), &err), &take);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_null(command_find(commands, STR("mkae"), &err));
	assert_string_equal(err.text, "there is no command \"mkae\"");
	assert_string_equal(err.hint, "did you mean \"weir make\"?");
}

static void a_command_that_only_dataform_has_is_told_apart(void **state)
{
	struct error err = {0};

	(void)state;
	assert_null(command_find(commands, STR("test"), &err));
	assert_string_equal(err.text, "this version has no command \"test\"");
	assert_string_equal(err.hint, "weir help lists those that it has");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_stand_behind_equals_or_a_blank),
		cmocka_unit_test(camel_case_is_understood),
		cmocka_unit_test(flags_are_undone),
		cmocka_unit_test(lists_take_what_follows),
		cmocka_unit_test(a_value_that_holds_nothing_is_no_list),
		cmocka_unit_test(options_and_operands_mix),
		cmocka_unit_test(a_comma_ends_a_variable_only_before_a_name),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(mistakes_are_refused_with_advice),
		cmocka_unit_test(a_misspelt_command_is_suggested),
		cmocka_unit_test(
			a_command_that_only_dataform_has_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
