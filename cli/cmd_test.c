/* weir test: compiles a project and runs its unit tests in a warehouse. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "cli/inert.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/signals.h"
#include "cli/testing.h"

struct test_args {
	struct common_args common;
	struct project_args project;
	struct inert_args inert;
	bool json;
};

#define AT(field) offsetof(struct test_args, field)

static const struct opt test_opts[] = {
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "print an array of objects with name, successful, messages"},
	{NULL},
};

static const struct opt_group test_groups[] = {
	{"Options", test_opts, 0},
	{"Project", project_opts, AT(project)},
	{"Overrides", override_opts, AT(project)},
	{"Accepted for scripts that call Dataform, without effect",
	 inert_test_opts, AT(inert)},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

static void put_json(struct cli *cli, const struct unit_tests *all)
{
	struct json_writer w;

	json_start(&w, cli->out.f, 4);
	json_begin_array(&w);
	for (size_t i = 0; i < all->n; i++) {
		struct strs messages =
			unit_test_messages(&all->v[i], cli->arena);

		json_begin_object(&w);
		json_put_str(&w, "name", all->v[i].action->test_name);
		json_put_bool(&w, "successful", all->v[i].passed);
		if (messages.n) {
			json_key(&w, "messages");
			json_begin_array(&w);
			for (size_t m = 0; m < messages.n; m++)
				json_str(&w, messages.v[m]);
			json_end_array(&w);
		}
		json_end_object(&w);
	}
	json_end_array(&w);
	buf_addc(&w.out, '\n');
	json_end(&w);
}

static int test_run(struct cli *cli, const void *values)
{
	const struct test_args *args = values;
	struct project_args opens = args->project;
	struct unit_tests all;
	struct error err = {0};
	struct project p;
	enum exit_status status;

	opens.opens_warehouse = true;
	status = project_compile(cli, &opens, cli_operand(cli, 0), &p);
	if (status != EXIT_OK)
		return (int)status;
	if (!p.compiled)
		return EXIT_PROJECT;
	if (!testing_has_tests(&p)) {
		error_set(&err, ERROR_SQL, "there are no unit tests");
		error_hint(&err, "a file with config { type: \"test\", "
				 "dataset: \"...\" } is one");
		render_error(cli, &err);
		return EXIT_FAILED;
	}
	inert_warn(cli, &args->inert);
	signals_catch();
	status = testing_run(cli, &p,
			     args->json ? TESTING_NOTHING : TESTING_ALL, &all);
	if (status == EXIT_SIGNAL)
		return EXIT_SIGNAL + (int)*signals_caught();
	if (args->json && (status == EXIT_OK || status == EXIT_FAILED))
		put_json(cli, &all);
	return (int)status;
}

const struct command cmd_test = {
	.name = "test",
	.operands = "[DIR]",
	.summary = "Compile a project and run its unit tests in a warehouse.",
	.about =
		"A unit test gives a table's or view's query rows in the place "
		"of what it reads,\nand compares what comes out with the rows "
		"that it expects. Nothing that a run\nmade is changed; only "
		"what the SQL names without ref() is read.\n\nThe first "
		"SIGINT, SIGTERM or SIGHUP stops what runs, in the warehouse "
		"too; the\nsecond leaves at once.",
	.examples = "weir test\n"
		    "weir test --target pg --verbose\n"
		    "weir run --run-tests",
	.groups = test_groups,
	.max_operands = 1,
	.args_size = sizeof(struct test_args),
	.run = test_run,
};
