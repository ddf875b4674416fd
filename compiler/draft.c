/* Errors about an action in the making, and where it stands. */
#include "compiler/session.h"

#include <stdarg.h>

struct span draft_span(const struct draft *d)
{
	return (struct span){d->made.place.src, d->made.place.offset,
			     d->made.place.offset};
}

/* A config may say that the action belongs to another file, one that need not
 * even be there: the place counts, if there is one. */
void draft_blame(const struct draft *d, struct diag *diag)
{
	diag->action = &d->target;
	if (!diag->file.p)
		diag->file = d->made.file;
	else if (d->made.file.p && !str_eq(diag->file, d->made.file))
		diag->blamed = d->made.file;
}

struct diag *draft_error(struct session *s, const struct draft *d,
			 enum diag_code code, struct span span, const char *fmt,
			 ...)
{
	struct diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = diag_addv(s->diags, code, span, fmt, ap);
	va_end(ap);
	draft_blame(d, diag);
	return diag;
}
