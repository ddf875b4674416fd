/*
 * weir init-creds: writes the file with which BigQuery is reached, as the
 * official command does: where the datasets are, which project pays, and the
 * key of a service account if one is used. What no option says is asked.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/path.h"
#include "cli/ask.h"
#include "cli/project.h"
#include "cli/render.h"
#include "cli/text.h"

enum { KEY_MAX = 1 << 20 };

static const char file_name[] = ".df-credentials.json";

struct creds_args {
	struct common_args common;
	struct str location, project, key;
	bool force, skip_test;
};

#define AT(field) offsetof(struct creds_args, field)

static const struct opt creds_opts[] = {
	{"location", 0, OPT_STRING, AT(location), "NAME",
	 "where the datasets are: US, EU or a region such as asia-south1"},
	{"project", 0, OPT_STRING, AT(project), "ID",
	 "the project that pays; of a key by default its own"},
	{"key", 0, OPT_STRING, AT(key), "FILE",
	 "a service account's key in JSON; without it application default "
	 "credentials are used"},
	{"force", 0, OPT_FLAG, AT(force), NULL,
	 "replace a file that is there already"},
	{"test-connection", 0, OPT_OFF, AT(skip_test), NULL,
	 "do not try the credentials; this version cannot, as it does not "
	 "reach BigQuery, and without the option says so"},
	{NULL},
};

static const struct opt_group creds_groups[] = {
	{"Options", creds_opts, 0},
	{"Common options", common_opts, AT(common)},
	{NULL},
};

/* What ends up in the file. */
struct creds {
	struct str location, project;
	struct str key; /* the text of the key's file; unset if none is used */
};

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_word(s.p[i]) && !strchr("-.:", s.p[i]))
			return false;
	return s.n > 0;
}

static bool check_name(const char *what, struct str s, struct error *err)
{
	return is_name(s) ||
	       error_set(err, ERROR_USAGE, "\"%.*s\" is no name of a %s",
			 STR_ARG(s), what);
}

static bool get_location(struct cli *cli, const struct creds_args *args,
			 struct creds *c, struct error *err)
{
	struct str s = args->location;

	if (!s.p && !ask(cli,
			 "Where are the datasets?\n"
			 "  1  US\n"
			 "  2  EU\n"
			 "  3  elsewhere\n"
			 "[1] ",
			 "--location", &s, err))
		return false;
	if (!args->location.p && str_is(s, "3") &&
	    !ask_until(cli, "The region, such as asia-south1: ", "--location",
		       &s, err))
		return false;
	if (!args->location.p && (s.n == 0 || str_is(s, "1")))
		s = STR("US");
	else if (!args->location.p && str_is(s, "2"))
		s = STR("EU");
	c->location = s;
	return check_name("location", s, err);
}

/* Unset if application default credentials are to be used. */
static bool choose_key(struct cli *cli, const struct creds_args *args,
		       struct str *path, struct error *err)
{
	struct str s;

	*path = args->key;
	if (args->key.p || args->project.p)
		return true;
	if (!ask(cli,
		 "Which credentials?\n"
		 "  1  application default credentials, of gcloud or of the "
		 "machine\n"
		 "  2  the key of a service account, a JSON file\n"
		 "[1] ",
		 "--project or --key", &s, err))
		return false;
	if (s.n == 0 || str_is(s, "1"))
		return true;
	if (!str_is(s, "2"))
		return error_set(err, ERROR_USAGE,
				 "there is no choice \"%.*s\"", STR_ARG(s));
	return ask_until(cli, "The key's file: ", "--key", path, err);
}

/* "~/key.json", as a shell would have it. */
static const char *expand(struct arena *arena, struct str path)
{
	const char *home = getenv("HOME");

	if (home && str_starts(path, STR("~/")))
		return path_join(arena, home, arena_cstr(arena, path) + 2);
	return arena_cstr(arena, path);
}

static bool read_key(struct cli *cli, const char *path, struct creds *c,
		     struct error *err)
{
	static const char *const needed[] = {"project_id", "client_email",
					     "private_key"};
	struct position at;
	struct value key;

	if (!file_read(path, KEY_MAX, cli->arena, &c->key, err))
		return false;
	if (!json_parse(c->key, cli->arena, &key, &at, err)) {
		err->kind = ERROR_USAGE;
		return error_prefix(err, "%s:%u", path, at.line);
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (value_get_str(&key, needed[i]).n)
			continue;
		error_set(err, ERROR_USAGE,
			  "%s is no key of a service account: it has no \"%s\"",
			  path, needed[i]);
		return error_hint(err, "make one in the Google Cloud console: "
				       "IAM, service accounts, keys, JSON");
	}
	if (!c->project.n)
		c->project = value_get_str(&key, "project_id");
	return true;
}

static bool get_creds(struct cli *cli, const struct creds_args *args,
		      struct creds *c, struct error *err)
{
	struct str path;

	c->project = args->project;
	if (!get_location(cli, args, c, err) ||
	    !choose_key(cli, args, &path, err))
		return false;
	if (path.p && !read_key(cli, expand(cli->arena, path), c, err))
		return false;
	if (!c->project.n &&
	    !ask_until(cli, "The project that pays for queries: ", "--project",
		       &c->project, err))
		return false;
	return check_name("project", c->project, err);
}

static bool write_creds(const char *path, const struct creds *c,
			struct error *err)
{
	struct json_writer w;
	bool ok;

	json_start(&w, NULL, 4);
	json_begin_object(&w);
	json_put_str(&w, "projectId", c->project);
	if (c->key.p)
		json_put_str(&w, "credentials", c->key);
	json_put_str(&w, "location", c->location);
	json_end_object(&w);
	buf_addc(&w.out, '\n');
	ok = file_write_secret(path, buf_str(&w.out), err);
	buf_free(&w.out);
	return ok;
}

/* Whether a line of .gitignore ignores the file; the last one that is about it
 * counts. Patterns of other shapes are not understood, which warns in vain. */
static bool is_ignored(struct cli *cli, const char *root)
{
	struct error err = {0};
	struct str text, line;
	bool ignored = false;

	if (!file_read(path_join(cli->arena, root, ".gitignore"), KEY_MAX,
		       cli->arena, &text, &err))
		return false;
	for (size_t start = 0, end; start < text.n; start = end + 1) {
		bool negated;

		end = str_find(text, '\n', start);
		line = str_trim(str_sub(text, start, end));
		negated = str_starts(line, STR("!"));
		if (negated)
			line = str_sub(line, 1, line.n);
		if (str_starts(line, STR("/")))
			line = str_sub(line, 1, line.n);
		if (path_matches(str_of(file_name), line))
			ignored = !negated;
	}
	return ignored;
}

/* Every test of them would be one of BigQuery. */
static void warn_untried(struct cli *cli)
{
	struct error about = {0};

	error_set(&about, ERROR_CONNECT, "the credentials were not tried");
	error_hint(&about, "this version of weir does not reach BigQuery");
	render_warning(cli, &about);
}

static void warn_not_ignored(struct cli *cli)
{
	struct error about = {0};

	error_set(&about, ERROR_CONFIG, ".gitignore does not have %s",
		  file_name);
	error_hint(&about, "add it, or git may publish the credentials");
	render_warning(cli, &about);
}

static void print_done(struct cli *cli, const char *path)
{
	struct buf b = {0};

	if (!cli->common.quiet) {
		buf_adds(&b, "The credentials are in ");
		text_put(&b, str_of(path));
		buf_adds(&b, ", which only you can read.\n");
		term_write(&cli->out, &b);
	}
	buf_free(&b);
}

static int creds_run(struct cli *cli, const void *values)
{
	const struct creds_args *args = values;
	const char *root, *path = NULL;
	struct error err = {0};
	struct creds c = {0};
	bool ok = project_find(cli, cli_operand(cli, 0), &root, &err);

	if (ok)
		path = strcmp(root, ".") == 0
			       ? file_name
			       : path_join(cli->arena, root, file_name);
	if (ok && file_exists(path) && !args->force) {
		error_set(&err, ERROR_USAGE, "%s is there already", path);
		ok = error_hint(&err, "--force replaces it");
	}
	ok = ok && get_creds(cli, args, &c, &err) &&
	     write_creds(path, &c, &err);
	if (!ok) {
		render_error(cli, &err);
		return (int)cli_exit_of(&err);
	}
	print_done(cli, path);
	if (!args->skip_test)
		warn_untried(cli);
	if (!is_ignored(cli, root))
		warn_not_ignored(cli);
	return EXIT_OK;
}

const struct command cmd_init_creds = {
	.name = "init-creds",
	.operands = "[DIR]",
	.summary = "Write the credentials with which BigQuery is reached.",
	.about = "It writes .df-credentials.json into the project's folder, as "
		 "Dataform reads it, and\nasks for what no option says. Other "
		 "warehouses have their own: weir help targets.",
	.examples = "weir init-creds\n"
		    "weir init-creds --location EU --project my-project\n"
		    "weir init-creds --location US --key ~/key.json shop",
	.groups = creds_groups,
	.max_operands = 1,
	.args_size = sizeof(struct creds_args),
	.run = creds_run,
};
