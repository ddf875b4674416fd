/* ECMA-48 sequences, and only where somebody can see them. */
#include "cli/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"

void term_init(struct term *t, FILE *f, enum color_choice choice)
{
	const char *kind = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");
	bool capable = isatty(fileno(f)) && kind && strcmp(kind, "dumb") != 0;

	*t = (struct term){.f = f, .live = capable};
	if (choice == COLOR_ALWAYS)
		t->color = true;
	else if (choice == COLOR_AUTO)
		t->color = capable && !(no_color && *no_color);
}

const char *term_paint(const struct term *t, enum paint paint)
{
	static const char *const sequences[] = {
		[PAINT_OFF] = "\033[0m",      [PAINT_ERROR] = "\033[1;31m",
		[PAINT_WARNING] = "\033[33m", [PAINT_OK] = "\033[32m",
		[PAINT_SKIP] = "\033[33m",    [PAINT_HELP] = "\033[36m",
		[PAINT_STRONG] = "\033[1m",   [PAINT_FAINT] = "\033[2m",
	};

	return t->color ? sequences[paint] : "";
}

size_t term_width(const struct term *t)
{
	struct winsize size;

	if (ioctl(fileno(t->f), TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return 80;
}

void term_write(const struct term *t, struct buf *b)
{
	if (b->n)
		fwrite(b->p, 1, b->n, t->f);
	fflush(t->f);
	buf_clear(b);
}
