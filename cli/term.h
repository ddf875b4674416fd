/* Where output goes: colours or not, redrawing or not, how wide. */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf;

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct term {
	FILE *f;
	bool color;
	bool live; /* a terminal whose lines can be drawn again */
};

enum paint {
	PAINT_OFF,
	PAINT_ERROR,
	PAINT_WARNING,
	PAINT_OK,
	PAINT_SKIP,
	PAINT_HELP,
	PAINT_STRONG,
	PAINT_FAINT,
};

/* NO_COLOR counts with COLOR_AUTO only. */
void term_init(struct term *t, FILE *f, enum color_choice choice);
/* The sequence that starts a paint or ends it; "" without colour. */
const char *term_paint(const struct term *t, enum paint paint);
/* Columns now; 80 if it cannot be found out. */
size_t term_width(const struct term *t);
/* Prints b and empties it. */
void term_write(const struct term *t, struct buf *b);

#endif
