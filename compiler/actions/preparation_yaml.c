/*
 * Data preparations that are YAML, named by an actions.yaml. Tables in them get
 * the project's defaults, suffixes and prefix, sources too, and the document is
 * written anew. What it writes to are the targets; one that writes to none has
 * its own name as the target, which gets suffixes and prefix twice.
 */
#include "base/arena.h"
#include "base/path.h"
#include "base/yaml_dump.h"
#include "compiler/actions/actions_yaml.h"

struct targets {
	struct target *v;
	size_t n, cap;
};

struct reader {
	struct session *s;
	struct draft *d;
	struct yaml_file file;
	struct targets canonicals;
};

static bool refuse_node(struct reader *r, const struct value *v,
			const char *text)
{
	struct diag *diag = draft_error(
		r->s, r->d, DIAG_BAD_YAML,
		yaml_file_span(&r->file, v->line, v->column, 0), "%s", text);

	diag->action = NULL;
	r->d->failed = true;
	return false;
}

static struct value *find_below(struct value *v, const char *key)
{
	for (uint32_t i = 0; v && v->kind == VALUE_OBJECT && i < v->n; i++)
		if (str_is(v->members[i].key, key))
			return &v->members[i].value;
	return NULL;
}

/* What is said of a table's part; a number counts as text. */
static bool read_part(struct reader *r, const struct value *table,
		      const char *key, struct str *out)
{
	const struct value *v = value_get(table, key);

	*out = (struct str){0};
	if (!v || v->kind <= VALUE_NULL)
		return true;
	if (v->kind == VALUE_STRING)
		*out = v->string;
	else if (v->kind == VALUE_NUMBER)
		*out = value_number_text(r->s->arena, v->number);
	else
		return refuse_node(r, v, "a table's name is text");
	return true;
}

static bool read_table(struct reader *r, const struct value *table,
		       struct target *out)
{
	bool ok = read_part(r, table, "project", &out->database) &&
		  read_part(r, table, "dataset", &out->schema) &&
		  read_part(r, table, "table", &out->name);

	if (!out->name.p)
		out->name = STR("");
	return ok;
}

static void put_part(struct value *table, const char *key, struct str part)
{
	if (part.n || strcmp(key, "table") == 0)
		value_put(table, str_of(key), value_string(part));
}

/* {project, dataset, table}, as they will be called in the warehouse. */
static bool rewrite_table(struct reader *r, struct value *table)
{
	struct target t;

	if (!value_is_truthy(table))
		return true;
	if (!read_table(r, table, &t))
		return false;
	t = draft_with_defaults(r->s, ACTION_DATA_PREPARATION, t);
	t = suffixed_target(r->s, t);
	*table = value_object(r->s->arena, 3);
	put_part(table, "project", t.database);
	put_part(table, "dataset", t.schema);
	put_part(table, "table", t.name);
	return true;
}

/* A name that has a dot is pointed at, though Dataform keeps it. */
static bool read_destination(struct reader *r, const struct value *table)
{
	struct config_place before = r->d->config;
	struct span span =
		yaml_file_span(&r->file, table->line, table->column, 0);
	struct target t;

	if (!value_is_truthy(table))
		return true;
	if (table->kind == VALUE_OBJECT)
		for (uint32_t i = 0; i < table->n; i++)
			if (table->members[i].value.kind == VALUE_NUMBER)
				return refuse_node(
					r, &table->members[i].value,
					"a target's name is text: put "
					"quotes around it");
	if (!read_table(r, table, &t))
		return false;
	r->d->config = (struct config_place){.src = span.src,
					     .start = span.start,
					     .end = span.end,
					     .yaml = table};
	draft_check_names(r->s, r->d, &t);
	r->d->config = before;
	t = draft_with_defaults(r->s, ACTION_DATA_PREPARATION, t);
	VEC_PUSH(r->s->arena, &r->canonicals, t);
	return true;
}

static bool read_node(struct reader *r, struct value *node)
{
	struct value *source, *destination;

	if (node->kind <= VALUE_NULL)
		return refuse_node(r, node, "a node must be an object");
	source = find_below(find_below(node, "source"), "table");
	destination = find_below(find_below(node, "destination"), "table");
	return (!destination || read_destination(r, destination)) &&
	       (!source || rewrite_table(r, source)) &&
	       (!destination || rewrite_table(r, destination));
}

static bool read_document(struct reader *r, struct value *root)
{
	struct value *nodes = find_below(root, "nodes");
	struct value *errors =
		find_below(find_below(root, "configuration"), "errorTable");
	bool ok = !errors || rewrite_table(r, errors);

	if (!value_is_truthy(nodes))
		return ok;
	if (nodes->kind != VALUE_ARRAY)
		return refuse_node(r, nodes, "the nodes must be a list");
	for (uint32_t i = 0; i < nodes->n; i++)
		ok = read_node(r, &nodes->items[i]) && ok;
	return ok;
}

static struct str dump(struct session *s, const struct value *root)
{
	struct buf b = {0};
	struct str text;

	if (root->kind == VALUE_UNDEFINED)
		return STR("");
	yaml_dump(root, &b);
	text = buf_move(&b, s->arena);
	buf_free(&b);
	return text;
}

/* p.dp.yaml and p.yaml are called p. */
static struct str own_name(const struct entry *e)
{
	struct str named = value_get_str(&e->config, "name");
	struct str base = path_base(e->filename), stem = path_stem(base);

	if (named.n)
		return named;
	if (stem.n > 3 &&
	    str_eq_nocase(str_sub(stem, stem.n - 3, stem.n), STR(".dp")))
		stem.n -= 3;
	return stem;
}

static void set_destinations(struct reader *r, const struct entry *e,
			     struct str yaml)
{
	struct preparation *p = ARENA_NEW(r->s->arena, struct preparation, 1);
	struct target own = {.name = own_name(e)};
	bool has_targets = r->canonicals.n > 0;

	if (!has_targets) {
		draft_check_names(r->s, r->d, &own);
		own = draft_with_defaults(r->s, ACTION_DATA_PREPARATION, own);
		VEC_PUSH(r->s->arena, &r->canonicals, own);
	}
	p->yaml = yaml;
	p->canonicals = r->canonicals.v;
	p->ntargets = (uint32_t)r->canonicals.n;
	p->targets = ARENA_NEW(r->s->arena, struct target, p->ntargets);
	for (uint32_t i = 0; i < p->ntargets; i++)
		p->targets[i] = suffixed_target(r->s, p->canonicals[i]);
	r->d->made.preparation = p;
	r->d->made.canonical = p->canonicals[0];
	r->d->target = has_targets ? p->canonicals[0] : p->targets[0];
	if (!has_targets)
		preparation_warn_twice(r->s, r->d);
}

static void apply_config(struct session *s, struct draft *d,
			 const struct value *config)
{
	const struct value *deps = value_get(config, "dependencyTargets");
	struct strs tags = value_strings(s->arena, value_get(config, "tags"));

	if (deps)
		draft_add_dependencies(s, d, deps);
	for (size_t i = 0; i < tags.n; i++)
		VEC_PUSH(s->arena, &d->tags, tags.v[i]);
	if (value_is_truthy(value_get(config, "disabled")))
		draft_set_disabled(d, true);
}

/* The document as JavaScript has it, but with its places. */
static bool load(struct reader *r, const struct source *src, struct value *root)
{
	if (!yaml_file_read(src, r->s->arena, r->s->diags, &r->file))
		return false;
	*root = value_as_json(r->s->arena, &r->file.root);
	return true;
}

struct draft *preparation_yaml_new(const struct entry *e,
				   const struct source *src)
{
	struct session *s = e->s;
	struct reader r = {.s = s};
	struct origin origin = entry_origin(e, src);
	struct value config, root;

	if (!config_check(e->type, &e->config, origin.config, s->arena,
			  s->diags, &config))
		return NULL;
	r.d = draft_start(s, e->type, origin, e->path);
	if (!src || !load(&r, src, &root) || !read_document(&r, &root))
		return NULL;
	set_destinations(&r, e, dump(s, &root));
	apply_config(s, r.d, &config);
	return r.d;
}
