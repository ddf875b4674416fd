/*
 * actions.yaml: a list of actions, each an object with one key that says what
 * is made, and below it the config. The SQL is in a file of its own, which is
 * taken as it is. What Dataform gives up on is an error here as anywhere else.
 */
#include "compiler/actions/actions_yaml.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/path.h"
#include "compiler/project/schema.h"
#include "compiler/project/tree.h"

/* An object with several of them is the first. */
static const struct {
	const char *key;
	enum action_type type;
} kinds[] = {
	{"table", ACTION_TABLE},
	{"view", ACTION_VIEW},
	{"incrementalTable", ACTION_INCREMENTAL},
	{"assertion", ACTION_ASSERTION},
	{"operation", ACTION_OPERATION},
	{"declaration", ACTION_DECLARATION},
	{"notebook", ACTION_NOTEBOOK},
	{"dataPreparation", ACTION_DATA_PREPARATION},
};

static const struct schema_field top_fields[] = {
	{"actions", FIELD_ANY, SCHEMA_ALL, NULL},
};
static const struct schema top_schema = {"actions.yaml", top_fields,
					 ARRAY_LEN(top_fields)};

struct span entry_span(const struct entry *e, const char *key)
{
	const struct value *v = &e->kind->value;

	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++) {
		const struct member *m = &v->members[i];

		if (str_is(m->key, key))
			return yaml_file_span(e->file, m->line, m->column,
					      m->key.n);
	}
	return yaml_file_span(e->file, e->kind->line, e->kind->column,
			      e->kind->key.n);
}

static struct diag *entry_error(const struct entry *e, const char *key,
				enum diag_code code, struct str text)
{
	return diag_add(e->s->diags, code, entry_span(e, key), "%.*s",
			STR_ARG(text));
}

/* A file that several actions name is read, and complained of, once. */
struct loaded {
	const struct source *src; /* NULL if it cannot be read */
};

const struct source *entry_load(const struct entry *e)
{
	struct arena *arena = e->s->arena;
	struct loaded *known;

	if (!e->path.p) {
		entry_error(e, "filename", DIAG_UNREADABLE_FILE,
			    arena_printf(arena,
					 "\"%.*s\" is outside of the project",
					 STR_ARG(e->filename)));
		return NULL;
	}
	if (!e->s->tree->ops->has(e->s->tree, e->path.p)) {
		entry_error(e, "filename", DIAG_UNREADABLE_FILE,
			    arena_printf(arena, "there is no file \"%.*s\"",
					 STR_ARG(e->path)));
		return NULL;
	}
	known = map_get(&e->s->loaded, e->path);
	if (!known) {
		known = ARENA_NEW(arena, struct loaded, 1);
		known->src =
			source_load(e->s->tree, e->path, arena, e->s->diags);
		map_put(&e->s->loaded, e->path, known);
	}
	return known->src;
}

/* Every end of line is a newline, a lone carriage return too. */
static struct str as_in_a_template(struct arena *arena, struct str text)
{
	char *out;
	size_t n = 0;

	if (str_find(text, '\r', 0) == text.n)
		return text;
	out = arena_text(arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\r' && i + 1 < text.n &&
		    text.p[i + 1] == '\n')
			continue;
		out[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
	}
	return (struct str){out, n};
}

/* Dataform blames these mistakes on the file as the config names it. */
static void blame_filename(const struct entry *e, size_t first)
{
	bool resolved = e->type == ACTION_NOTEBOOK;

	for (size_t i = first; i < e->s->diags->n; i++) {
		struct diag *d = &e->s->diags->v[i];

		if (d->span.src != e->file->src || !e->filename.n)
			continue;
		d->blamed = resolved || (e->type == ACTION_OPERATION &&
					 d->code == DIAG_CONFIG_CONFLICT)
				    ? e->path
				    : e->filename;
	}
}

struct origin entry_origin(const struct entry *e, const struct source *src)
{
	struct span span = yaml_file_span(e->file, e->kind->line,
					  e->kind->column, e->kind->key.n);

	return (struct origin){
		.config = {.src = span.src,
			   .start = span.start,
			   .end = span.end,
			   .yaml = value_copy(e->s->arena, e->config)},
		.place = src ? span_of(src, 0, 0) : span,
		.name = path_stem(e->filename),
	};
}

struct draft *entry_draft(const struct entry *e, const struct source *src)
{
	size_t before = e->s->diags->n;
	struct draft *d =
		draft_new(e->s, e->type, &e->config, entry_origin(e, src));

	blame_filename(e, before);
	if (d && !e->filename.n)
		d->made.file = (struct str){0};
	return d;
}

/* The file's path takes the place of its name as written. */
static void resolve_filename(struct entry *e)
{
	e->filename = value_get_str(&e->config, "filename");
	if (!e->filename.n || e->type == ACTION_DECLARATION)
		return;
	e->path = path_beside(e->s->arena, e->file->src->path, e->filename);
	for (uint32_t i = 0; e->path.p && i < e->config.n; i++)
		if (str_is(e->config.members[i].key, "filename"))
			e->config.members[i].value.string = e->path;
}

/* The file that holds what the action does. */
static const struct source *load_file(const struct entry *e)
{
	const char *ext = e->type == ACTION_NOTEBOOK           ? "ipynb"
			  : e->type == ACTION_DATA_PREPARATION ? "yaml"
							       : "sql";
	struct arena *arena = e->s->arena;
	struct diag *d;

	if (!e->filename.n) {
		d = entry_error(e, "filename", DIAG_BAD_CONFIG_VALUE,
				STR("the action has no filename"));
		diag_help(e->s->diags, d,
			  "write filename: and the name of its .%s file", ext);
		return NULL;
	}
	if (str_is(path_extension(e->filename), ext))
		return entry_load(e);
	entry_error(e, "filename", DIAG_UNREADABLE_FILE,
		    arena_printf(arena, "\"%.*s\" is no .%s file",
				 STR_ARG(e->filename), ext));
	return NULL;
}

static bool read_file(const struct entry *e, const struct source *src,
		      struct draft *d)
{
	if (e->type == ACTION_DECLARATION)
		return true;
	if (!src)
		return false;
	if (e->type == ACTION_NOTEBOOK)
		return notebook_read(e->s, src, (struct str){0},
				     &d->made.notebook);
	d->query.value = value_copy(
		e->s->arena,
		value_string(as_in_a_template(e->s->arena, src->text)));
	return true;
}

/* Without its file it is there all the same, for those who refer to it. */
static void make_action(struct entry *e)
{
	const struct source *src = NULL;
	struct draft *d;

	resolve_filename(e);
	if (e->type != ACTION_DECLARATION)
		src = load_file(e);
	if (e->type == ACTION_DATA_PREPARATION)
		d = preparation_yaml_new(e, src);
	else
		d = entry_draft(e, src);
	if (!d)
		return;
	if (e->type != ACTION_DATA_PREPARATION && !read_file(e, src, d))
		d->failed = true;
	draft_push(e->s, d);
}

/* SQLX files are compiled without being named. Dataform looks at all kinds
 * that stand in the action. */
static bool names_sqlx(struct session *s, const struct yaml_file *file,
		       const struct value *action)
{
	for (uint32_t i = 0; i < action->n; i++) {
		const struct value *v = &action->members[i].value;
		const struct value *name = value_get(v, "filename");
		struct str text = value_get_str(v, "filename");
		struct diag *d;

		if (text.n < 5 ||
		    !str_eq_nocase(str_sub(text, text.n - 5, text.n),
				   STR(".sqlx")))
			continue;
		d = diag_add(
			s->diags, DIAG_BAD_YAML,
			yaml_file_span(file, name->line, name->column, text.n),
			"\"%.*s\" needs no entry in actions.yaml",
			STR_ARG(text));
		diag_help(s->diags, d,
			  ".sqlx files of definitions/ are compiled as they "
			  "are: remove the entry, or name a .sql file");
		return true;
	}
	return false;
}

static bool is_kind(struct str key)
{
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		if (str_is(key, kinds[k].key))
			return true;
	return false;
}

static void report_kind(struct session *s, struct str key, struct span span)
{
	struct str known[ARRAY_LEN(kinds)], near;
	struct diag *d =
		diag_add(s->diags, DIAG_UNKNOWN_ACTION_TYPE, span,
			 "there is no action type \"%.*s\"", STR_ARG(key));

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		known[k] = str_of(kinds[k].key);
	near = suggest(key, known, ARRAY_LEN(kinds));
	if (near.p)
		diag_help(s->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
}

/* False, after an error, if a key is unknown or has no config. */
static bool check_kinds(struct session *s, const struct yaml_file *file,
			const struct value *action)
{
	bool ok = true;

	for (uint32_t i = 0; i < action->n; i++) {
		const struct member *m = &action->members[i];
		struct span span =
			yaml_file_span(file, m->line, m->column, m->key.n);

		if (is_kind(m->key) && m->value.kind == VALUE_OBJECT)
			continue;
		ok = false;
		if (!is_kind(m->key))
			report_kind(s, m->key, span);
		else
			diag_add(s->diags, DIAG_BAD_YAML, span,
				 "\"%.*s\" must be an object, not %s",
				 STR_ARG(m->key), value_noun(&m->value));
	}
	return ok;
}

static const struct member *find_kind(const struct value *action,
				      enum action_type *type)
{
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (uint32_t i = 0; i < action->n; i++)
			if (str_is(action->members[i].key, kinds[k].key)) {
				*type = kinds[k].type;
				return &action->members[i];
			}
	return NULL;
}

static void warn_unused(const struct entry *e, const struct value *action)
{
	for (uint32_t i = 0; i < action->n; i++) {
		const struct member *m = &action->members[i];
		struct diag *d;

		if (m == e->kind)
			continue;
		d = diag_warn(
			e->s->diags, DIAG_CONFIG_CONFLICT,
			yaml_file_span(e->file, m->line, m->column, m->key.n),
			"an action is one thing: \"%.*s\" is ignored",
			STR_ARG(m->key));
		diag_help(e->s->diags, d,
			  "start a new item of the list: \"- %.*s:\"",
			  STR_ARG(m->key));
	}
}

static void compile_action(struct session *s, const struct yaml_file *file,
			   const struct value *action)
{
	struct entry e = {.s = s, .file = file};
	struct span span =
		yaml_file_span(file, action->line, action->column, 0);
	struct diag *d;

	if (action->kind != VALUE_OBJECT) {
		diag_add(s->diags, DIAG_BAD_YAML, span,
			 "an action must be an object, not %s",
			 value_noun(action));
		return;
	}
	if (!check_kinds(s, file, action) || names_sqlx(s, file, action))
		return;
	e.kind = find_kind(action, &e.type);
	if (!e.kind) {
		d = diag_add(s->diags, DIAG_BAD_YAML, span,
			     "the action is empty");
		diag_help(s->diags, d,
			  "write what it is, and its config below: "
			  "\"- table:\"");
		return;
	}
	s->here = yaml_file_span(file, e.kind->line, e.kind->column,
				 e.kind->key.n);
	warn_unused(&e, action);
	if (entry_convert(&e))
		make_action(&e);
}

/* The list of actions; NULL if there is none, after an error unless the file
 * may do without. */
static const struct value *list_of(struct session *s,
				   const struct yaml_file *file)
{
	const struct value *root = &file->root;
	const struct value *list = value_get(root, "actions");
	struct diag *d;

	if (root->kind == VALUE_OBJECT && !list)
		return NULL;
	if (list && list->kind == VALUE_ARRAY)
		return list;
	if (!list)
		list = root;
	d = diag_add(s->diags, DIAG_BAD_YAML,
		     yaml_file_span(file, list->line, list->column, 0),
		     list == root && root->kind <= VALUE_NULL
			     ? "the file is empty"
			     : "a list of actions is missing");
	diag_help(s->diags, d, "start with \"actions:\" and a list below it");
	return NULL;
}

static bool check_top(struct session *s, const struct yaml_file *file)
{
	const struct value *root = &file->root;
	struct schema_reader r = {
		.arena = s->arena,
		.diags = s->diags,
		.unknown = DIAG_BAD_YAML,
		.bad = DIAG_BAD_YAML,
		.kinds = SCHEMA_ALL,
		.locate = schema_locate_source,
		.place = file->src,
	};
	bool ok = true;

	for (uint32_t i = 0; root->kind == VALUE_OBJECT && i < root->n; i++) {
		const struct member *m = &root->members[i];
		const struct schema_path path = {NULL, m->key, m->line,
						 m->column};

		if (!str_is(m->key, "actions"))
			ok = schema_unknown(&r, &top_schema, &path,
					    &m->value) &&
			     ok;
	}
	return ok;
}

void session_compile_actions(struct session *s, const struct source *src)
{
	const struct value *list;
	struct yaml_file file;

	if (!yaml_file_read(src, s->arena, s->diags, &file) ||
	    !check_top(s, &file))
		return;
	list = list_of(s, &file);
	for (uint32_t i = 0; list && i < list->n && session_goes_on(s, src);
	     i++)
		compile_action(s, &file, &list->items[i]);
}
