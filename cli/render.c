/* Chooses between the formats of --diagnostics. */
#include "cli/render.h"

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

	error_text(&cli->err, err, &b);
	term_write(&cli->err, &b);
	buf_free(&b);
}
