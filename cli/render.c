/* Chooses between the formats of --diagnostics. */
#include "cli/render.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/path.h"
#include "base/vec.h"
#include "cli/cmd.h"
#include "cli/text.h"

static void error_text(const struct term *t, enum severity severity,
		       const struct error *err, struct buf *b)
{
	bool is_error = severity == SEVERITY_ERROR;

	buf_printf(b, "%s%s%s: ",
		   term_paint(t, is_error ? PAINT_ERROR : PAINT_WARNING),
		   is_error ? "error" : "warning", term_paint(t, PAINT_OFF));
	text_put_lines(b, str_of(err->text), "  ");
	buf_addc(b, '\n');
	if (err->hint[0]) {
		buf_printf(b, "  = %shelp%s: ", term_paint(t, PAINT_HELP),
			   term_paint(t, PAINT_OFF));
		text_put_lines(b, str_of(err->hint), "          ");
		buf_addc(b, '\n');
	}
}

static void render_problem(struct cli *cli, enum severity severity,
			   const struct error *err)
{
	struct buf b = {0};

	switch ((enum diagnostics_format)cli->common.diagnostics) {
	case DIAGNOSTICS_TEXT:
		error_text(&cli->err, severity, err, &b);
		break;
	case DIAGNOSTICS_JSON:
		render_error_json(severity, err, &b);
		break;
	case DIAGNOSTICS_GITHUB:
		render_error_github(severity, err, &b);
		break;
	}
	term_write(&cli->err, &b);
	buf_free(&b);
}

void render_error(struct cli *cli, const struct error *err)
{
	render_problem(cli, SEVERITY_ERROR, err);
}

void render_warning(struct cli *cli, const struct error *about)
{
	if (!cli->common.quiet)
		render_problem(cli, SEVERITY_WARNING, about);
}

static void render_one(struct cli *cli, const struct diag *d,
		       const char *folder, struct buf *b)
{
	switch ((enum diagnostics_format)cli->common.diagnostics) {
	case DIAGNOSTICS_TEXT:
		render_text(d, &cli->err, b);
		buf_addc(b, '\n');
		break;
	case DIAGNOSTICS_JSON:
		render_json(d, b);
		break;
	case DIAGNOSTICS_GITHUB:
		render_github(d, folder, b);
		break;
	}
}

/* folder as seen from the root of the file system; folder itself if the
 * working folder cannot be told. */
static const char *absolute(struct arena *arena, const char *folder)
{
	char here[4096];
	struct str path;

	if (folder[0] == '/' || !getcwd(here, sizeof(here)))
		return folder;
	path = str_of(here);
	while (strncmp(folder, "..", 2) == 0 &&
	       (folder[2] == '/' || folder[2] == '\0')) {
		path = path_folder(path);
		folder += folder[2] ? 3 : 2;
	}
	if (strcmp(folder, ".") == 0 || !*folder)
		return arena_cstr(arena, path);
	return path_join(arena, arena_cstr(arena, path), folder);
}

/* GitHub counts paths from the top of the repository, wherever the job's
 * step has its working folder. */
static const char *github_folder(struct arena *arena, const char *folder)
{
	const char *top = getenv("GITHUB_WORKSPACE");
	size_t n = top ? strlen(top) : 0;
	const char *path = n ? absolute(arena, folder) : folder;

	if (!n || strncmp(path, top, n) != 0)
		return folder;
	if (path[n] == '\0')
		return ".";
	return path[n] == '/' ? path + n + 1 : folder;
}

static void choose(struct cli *cli, const struct diags *d, struct diags *out)
{
	diags_init(out, cli->arena);
	for (size_t i = 0; i < d->n; i++) {
		bool is_error = d->v[i].severity == SEVERITY_ERROR;

		if (!is_error && cli->common.quiet)
			continue;
		VEC_PUSH(cli->arena, out, d->v[i]);
		out->nerrors += is_error;
		out->nwarnings += !is_error;
	}
}

void render_diags(struct cli *cli, const struct diags *d, const char *folder)
{
	bool text = cli->common.diagnostics == DIAGNOSTICS_TEXT;
	struct diags shown;
	struct buf b = {0};

	choose(cli, d, &shown);
	for (size_t i = 0; i < shown.n; i++)
		render_one(cli, &shown.v[i], github_folder(cli->arena, folder),
			   &b);
	if (text && shown.n)
		render_summary(&shown, &cli->err, &b);
	term_write(&cli->err, &b);
	buf_free(&b);
}
