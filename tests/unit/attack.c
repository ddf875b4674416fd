/* Compiles them, one after the other, with little memory. */
#include "tests/unit/attack.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tests/unit/project_maker.h"

enum { SMALL = 32 << 20 };

static void open_project(struct project_maker *p, const char *code)
{
	const char *end = strchr(code, '\n');
	const char *path = "definitions/a.js";

	project_start(p);
	p->options.memory_bytes = SMALL;
	if (end && strncmp(code, "//", 2) == 0)
		path = arena_cstr(p->arena, (struct str){
						    code + 2,
						    (size_t)(end - code - 2),
					    });
	project_add(p, path, code);
}

static const char *outcome(struct project_maker *p)
{
	struct buf b = {0};
	struct str text;

	buf_adds(&b, project_errors(p));
	for (uint32_t i = 0; i < p->c.graph.nactions; i++) {
		buf_adds(&b, i ? " " : "");
		buf_add_str(&b, p->c.graph.actions[i].target.name);
	}
	text = arena_str(p->arena, buf_str(&b));
	buf_free(&b);
	return text.p;
}

void attack_compare(const struct attack *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct project_maker p;

		open_project(&p, all[i].code);
		project_add(&p, "definitions/z.sqlx",
			    "config { type: \"table\" }\nselect 1 as id\n");
		project_make(&p);
		if (strcmp(outcome(&p), all[i].want) != 0)
			fail_msg("%s\ngot:\n%s\nwant:\n%s", all[i].code,
				 outcome(&p), all[i].want);
		project_end(&p);
	}
}

void attack_stop(const char *const *codes, size_t n, uint32_t timeout_ms,
		 const char *kind)
{
	for (size_t i = 0; i < n; i++) {
		struct project_maker p;

		open_project(&p, codes[i]);
		p.options.timeout_ms = timeout_ms;
		project_make(&p);
		assert_true(p.c.diags.n > 0);
		for (size_t k = 0; k < p.c.diags.n; k++)
			if (strcmp(diag_code_name(p.c.diags.v[k].code), kind))
				fail_msg("%s\ngot:\n%s", codes[i],
					 project_errors(&p));
		project_end(&p);
	}
}
