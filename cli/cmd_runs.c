/* weir runs: what ran, when, and how it ended. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "cli/past.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/text.h"

enum { LIMIT = 20, LIMIT_MAX = 1000000 };

struct runs_args {
	struct common_args common;
	int limit, keep;
	bool json;
};

#define AT(field) offsetof(struct runs_args, field)

static const struct opt runs_opts[] = {
	{"limit", 0, OPT_INT, AT(limit), "N",
	 "list the last N runs, by default 20", 1, LIMIT_MAX},
	{"keep", 0, OPT_INT, AT(keep), "N",
	 "with prune: how many of the last runs stay", 1, LIMIT_MAX},
	{"json", 0, OPT_FLAG, AT(json), NULL,
	 "print a list of objects, or with show what results.json has"},
	{NULL},
};

static const struct opt_group runs_groups[] = {
	{"Options", runs_opts, 0},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

/* A journal that cannot be read hides no other run. The last one's error is
 * left for the end. */
static void leave_out(struct cli *cli, struct error *odd, struct error *err)
{
	if (err->kind != ERROR_NONE)
		render_error(cli, err);
	*err = *odd;
	error_prefix(err, "left out");
}

static bool list(struct cli *cli, const struct runs_args *args,
		 const char *root, struct error *err)
{
	size_t limit = args->limit ? (size_t)args->limit : LIMIT;
	struct run_list all;
	struct json_writer w;
	struct buf b = {0};

	if (!runs_list(root, cli->arena, &all, err))
		return false;
	json_start(&w, NULL, 2);
	json_begin_array(&w);
	for (size_t i = 0; i < all.n && i < limit; i++) {
		struct past_run r;
		struct error odd = {0};

		if (!run_folder_read(&all.v[i], cli->arena, &r, &odd))
			leave_out(cli, &odd, err);
		else if (args->json)
			past_put_json(&r, &w);
		else
			past_put_line(&r, &cli->out, &b);
	}
	json_end_array(&w);
	buf_addc(&w.out, '\n');
	if (!args->json && !all.n)
		buf_adds(&b, "nothing has run here\n");
	term_write(&cli->out, args->json ? &w.out : &b);
	buf_free(&w.out);
	buf_free(&b);
	return err->kind == ERROR_NONE;
}

/* Of that ID, or the last one if id is unset. */
static bool find(struct cli *cli, const char *root, struct str id,
		 struct run_folder *out, struct error *err)
{
	struct run_list all;

	if (id.p)
		return runs_find(root, id, cli->arena, out, err);
	if (!runs_list(root, cli->arena, &all, err))
		return false;
	if (!all.n)
		return error_set(err, ERROR_USAGE, "nothing has run here");
	*out = all.v[0];
	return true;
}

static bool show(struct cli *cli, const struct runs_args *args,
		 const char *root, struct str id, struct error *err)
{
	struct run_folder f;
	struct past_run r;
	struct position at;
	struct value results;
	struct buf b = {0};
	struct str text;

	if (!find(cli, root, id, &f, err) ||
	    !past_read_results(&f, cli->arena, &text, err) ||
	    !json_parse(text, cli->arena, &results, &at, err))
		return false;
	if (args->json)
		buf_add_str(&b, text);
	else
		past_put_results(&results, &cli->out, cli->arena, &b);
	term_write(&cli->out, &b);
	buf_free(&b);
	return run_folder_read(&f, cli->arena, &r, err);
}

static bool prune(struct cli *cli, const struct runs_args *args,
		  const char *root, struct error *err)
{
	struct run_list all;
	struct buf b = {0};
	bool ok = true;

	if (!args->keep) {
		error_set(err, ERROR_USAGE, "weir runs prune needs --keep");
		return error_hint(err, "say how many runs stay: --keep=50");
	}
	if (!runs_list(root, cli->arena, &all, err))
		return false;
	for (size_t i = (size_t)args->keep; ok && i < all.n; i++) {
		bool removed;

		ok = run_folder_remove(&all.v[i], &removed, err);
		if (!ok)
			break;
		buf_adds(&b, removed ? "removed " : "still running: ");
		text_put(&b, all.v[i].id);
		buf_addc(&b, '\n');
	}
	if (!b.n && ok)
		buf_adds(&b, "nothing to remove\n");
	if (!cli->common.quiet)
		term_write(&cli->out, &b);
	buf_free(&b);
	return ok;
}

/* The operands are [show [ID] | prune] [DIR]. */
static int runs_run(struct cli *cli, const void *values)
{
	const struct runs_args *args = values;
	struct str verb = cli_operand(cli, 0), id = cli_operand(cli, 1);
	bool shows = verb.p && str_is(verb, "show");
	bool prunes = verb.p && str_is(verb, "prune");
	size_t used = shows ? 2 : prunes ? 1 : 0;
	struct error err = {0};
	const char *root;
	bool ok = true;

	if (cli->operands.n > used + 1) {
		ok = error_set(&err, ERROR_USAGE,
			       "weir runs: there is an argument too many: "
			       "\"%s\"",
			       cli->operands.v[used + 1].p);
	} else if (!prunes && args->keep) {
		ok = error_set(&err, ERROR_USAGE,
			       "--keep belongs to weir runs prune");
	}
	ok = ok && project_find(cli, cli_operand(cli, used), &root, &err);
	if (ok && shows)
		ok = show(cli, args, root, id, &err);
	else if (ok && prunes)
		ok = prune(cli, args, root, &err);
	else if (ok)
		ok = list(cli, args, root, &err);
	if (ok)
		return EXIT_OK;
	render_error(cli, &err);
	return (int)cli_exit_of(&err);
}

const struct command cmd_runs = {
	.name = "runs",
	.operands = "[show [ID] | prune] [DIR]",
	.summary = "List runs, show one, or remove old ones.",
	.about = "Without more, the last runs, the newest first: when they "
		 "started, how they\nended, and what became of their actions. "
		 "A run that has no end and no process is\n\"killed\". show "
		 "prints "
		 "the last one, or that of an ID or its last four\ndigits. "
		 "prune removes what runs left in .weir/runs, but for the last "
		 "ones and those\nthat still run.",
	.examples = "weir runs\n"
		    "weir runs show 4f1c\n"
		    "weir runs prune --keep 50",
	.groups = runs_groups,
	.max_operands = 3,
	.args_size = sizeof(struct runs_args),
	.run = runs_run,
};
