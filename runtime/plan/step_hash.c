/*
 * A hash over all that the compile says of an action and that decides what it
 * leaves in the warehouse. Each text goes in with its length, so that two
 * texts cannot be taken for one; options go in as they are printed.
 */
#include "runtime/plan/step_hash.h"

#include "base/json_write.h"
#include "base/sha256.h"
#include "compiler/graph.h"

static void add(struct sha256 *h, struct str text)
{
	uint64_t size = text.p ? text.n : UINT64_MAX;

	sha256_add(h, &size, sizeof(size));
	sha256_add(h, text.p ? text.p : "", text.n);
}

static void add_all(struct sha256 *h, const struct strs *texts)
{
	uint64_t n = texts->n;

	sha256_add(h, &n, sizeof(n));
	for (size_t i = 0; i < texts->n; i++)
		add(h, texts->v[i]);
}

static void add_value(struct sha256 *h, const struct value *v)
{
	struct json_writer w;

	if (!v) {
		add(h, (struct str){0});
		return;
	}
	json_start(&w, NULL, 0);
	json_value(&w, v);
	add(h, buf_str(&w.out));
	buf_free(&w.out);
}

static void add_number(struct sha256 *h, unsigned n)
{
	sha256_add(h, &n, sizeof(n));
}

static void add_action(struct sha256 *h, const struct action *a)
{
	add(h, a->query);
	add(h, a->incremental_query);
	add(h, a->where);
	add_all(h, &a->queries);
	add_all(h, &a->pre_ops);
	add_all(h, &a->post_ops);
	add_all(h, &a->incremental_pre_ops);
	add_all(h, &a->incremental_post_ops);
	add_all(h, &a->unique_key);
	add_number(h, a->disabled);
	add_number(h, a->is_protected);
	add_number(h, a->materialized);
	add_number(h, a->on_schema_change);
	add_number(h, a->strategy);
	add_value(h, a->bigquery);
	add_value(h, a->descriptor);
	add_value(h, a->weir ? a->weir->printed : NULL);
}

static void add_load(struct sha256 *h, const struct load *l)
{
	add(h, l->files);
	add_number(h, l->format);
	add_number(h, l->ncolumns);
	for (uint32_t i = 0; i < l->ncolumns; i++) {
		add(h, l->columns[i].name);
		add(h, l->columns[i].type);
	}
}

void step_set_hash(const struct graph *g, struct step *s)
{
	const struct action *a = &g->actions[s->action];
	char hex[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	add_number(&h, a->type);
	add(&h, a->target.schema);
	add(&h, a->target.name);
	if (s->load)
		add_load(&h, s->load);
	else
		add_action(&h, a);
	sha256_hex(&h, hex);
	memcpy(s->hash, hex, STEP_HASH);
	s->hash[STEP_HASH] = '\0';
}
