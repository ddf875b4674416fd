/*
 * Reads a config that a test wrote as text, as if it stood in a file, and holds
 * what is reported against what the test expects.
 */
#include "tests/unit/config_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/yaml.h"

void checked_read(struct checked *c, enum action_type kind, const char *text,
		  bool is_call)
{
	struct position at;
	struct error err = {0};
	struct value written;
	struct config_place place;

	c->arena = arena_new();
	diags_init(&c->diags, c->arena);
	c->src = (struct source){STR("a.sqlx"), str_of(text)};
	if (!yaml_parse(c->src.text, c->arena, &written, &at, &err))
		fail_msg("%s: %s", text, err.text);
	place = (struct config_place){&c->src, 0, (uint32_t)c->src.text.n};
	place.is_call = is_call;
	c->kept = config_check(kind, &written, place, c->arena, &c->diags,
			       &c->out);
}

void checked_free(struct checked *c)
{
	arena_free(c->arena);
}

void refusal_check(const struct refusal *r, bool kept)
{
	const struct diag *d;
	struct checked c;
	struct str at;

	checked_read(&c, r->kind, r->text, false);
	if (c.diags.n != 1)
		fail_msg("%s: %zu diagnostics", r->text, c.diags.n);
	d = &c.diags.v[0];
	if (c.kept != kept)
		fail_msg("%s: kept %d", r->text, c.kept);
	if (!str_has(d->text, str_of(r->message)))
		fail_msg("%s: %.*s", r->text, STR_ARG(d->text));
	if (r->help ? !d->help.p || !str_has(d->help, str_of(r->help))
		    : d->help.p != NULL)
		fail_msg("%s: help %.*s", r->text, STR_ARG(d->help));
	at = str_sub(c.src.text, d->span.start, d->span.end);
	if (!str_is(at, r->at))
		fail_msg("%s: at %.*s", r->text, STR_ARG(at));
	checked_free(&c);
}
