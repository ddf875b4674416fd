/* Chooses between the formats of --diagnostics. */
#include "cli/render.h"

#include <stdlib.h>

#include "base/buf.h"
#include "cli/cmd.h"
#include "cli/text.h"

static void error_text(const struct term *t, const struct error *err,
		       struct buf *b)
{
	buf_printf(b, "%serror%s: ", term_paint(t, PAINT_ERROR),
		   term_paint(t, PAINT_OFF));
	text_put_lines(b, str_of(err->text), "  ");
	buf_addc(b, '\n');
	if (err->hint[0]) {
		buf_printf(b, "  = %shelp%s: ", term_paint(t, PAINT_HELP),
			   term_paint(t, PAINT_OFF));
		text_put_lines(b, str_of(err->hint), "          ");
		buf_addc(b, '\n');
	}
}

void render_error(struct cli *cli, const struct error *err)
{
	struct buf b = {0};

	switch ((enum diagnostics_format)cli->common.diagnostics) {
	case DIAGNOSTICS_TEXT:
		error_text(&cli->err, err, &b);
		break;
	case DIAGNOSTICS_JSON:
		render_error_json(err, &b);
		break;
	case DIAGNOSTICS_GITHUB:
		render_error_github(err, &b);
		break;
	}
	term_write(&cli->err, &b);
	buf_free(&b);
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

/* GitHub counts paths from the top of the repository. */
static const char *github_folder(const char *folder)
{
	const char *top = getenv("GITHUB_WORKSPACE");
	size_t n = top ? strlen(top) : 0;

	if (n && strncmp(folder, top, n) == 0 && folder[n] == '/')
		return folder + n + 1;
	return folder;
}

void render_diags(struct cli *cli, const struct diags *d, const char *folder)
{
	bool text = cli->common.diagnostics == DIAGNOSTICS_TEXT;
	struct buf b = {0};

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].severity == SEVERITY_ERROR || !cli->common.quiet)
			render_one(cli, &d->v[i], github_folder(folder), &b);
	if (text && b.n)
		render_summary(d, &cli->err, &b);
	term_write(&cli->err, &b);
	buf_free(&b);
}
