/*
 * One SQLX file to the draft of an action: its blocks, its config, and which
 * blocks an action of its type may have.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/path.h"
#include "compiler/actions/session.h"
#include "compiler/sqlx/read_ahead.h"

/* A SQLX file while it becomes an action. */
struct unit {
	const struct source *src;
	struct sqlx_file file;
	struct lowered code;
	uint32_t *functions;
	struct value config;
	enum action_type type;
};

static struct span config_span(const struct unit *u, const char *key)
{
	struct config_place place = {u->src, u->file.config.start,
				     u->file.config.end};
	struct str path = str_of(key);

	if (!u->file.has_config)
		return span_of(u->src, 0, 0);
	return config_locate(place, &path, 1);
}

/* The keyword of a block, before its brace. */
static struct span block_span(const struct unit *u, const char *keyword,
			      const struct sqlx_sql *sql)
{
	struct str text = u->src->text, word = str_of(keyword);

	for (uint32_t at = sql->start; at-- > 0 && text.p[at] != '\n';)
		if (str_starts(str_sub(text, at, text.n), word))
			return span_of(u->src, at, at + (uint32_t)word.n);
	return span_of(u->src, sql->start, sql->start);
}

static void refuse_block(struct session *s, const struct unit *u,
			 const char *keyword, const struct sqlx_sql *sql,
			 const char *who)
{
	struct diag *d;

	if (!sql->present)
		return;
	d = diag_add(s->diags, DIAG_SQLX_STRUCTURE, block_span(u, keyword, sql),
		     "%s is only for %s", keyword, who);
	diag_help(s->diags, d, "this action is %s",
		  action_type_phrase(u->type));
}

static struct span second_statement(const struct unit *u,
				    const struct sqlx_sql *sql)
{
	for (uint32_t i = 0; i < sql->npieces; i++)
		if (sql->pieces[i].kind == SQLX_SEPARATOR)
			return span_of(u->src, sql->pieces[i].start,
				       sql->pieces[i].end);
	return (struct span){0};
}

static bool check_single(struct session *s, const struct unit *u,
			 const char *keyword, const struct sqlx_sql *sql)
{
	struct span second = second_statement(u, sql);
	struct diag *d;

	if (!second.src)
		return true;
	d = diag_add(s->diags, DIAG_SQLX_STRUCTURE, second,
		     "%s holds several statements", keyword);
	diag_help(s->diags, d, "leave one of them");
	return false;
}

/* To Dataform, incremental_where {} is no block. */
static bool has_text(const struct sqlx_sql *sql)
{
	return sql->present && sql->end > sql->start;
}

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* The end of the blank or comment at i; i if there is none. */
static size_t skip_blank(struct str text, size_t i)
{
	struct str rest = str_sub(text, i, text.n);

	if (strchr(" \t\r\n", text.p[i]))
		return i + 1;
	if (str_starts(rest, str_of(byte_order_mark)))
		return i + 3;
	if (text.p[i] == '#' || str_starts(rest, STR("--")))
		return str_find(text, '\n', i);
	if (!str_starts(rest, STR("/*")))
		return i;
	for (i += 4; i < text.n; i++)
		if (text.p[i - 2] == '*' && text.p[i - 1] == '/')
			return i;
	return text.n;
}

static size_t find_sql(struct str text)
{
	size_t i = 0, next;

	while (i < text.n && (next = skip_blank(text, i)) > i)
		i = next;
	return i;
}

static void warn_unused_sql(struct session *s, const struct unit *u)
{
	const struct sqlx_sql *sql = &u->file.sql;
	struct diag *d;

	for (uint32_t i = 0; i < sql->npieces; i++) {
		const struct sqlx_piece *p = &sql->pieces[i];
		struct str text = str_sub(u->src->text, p->start, p->end);
		uint32_t at = p->start + (uint32_t)find_sql(text);

		if (p->kind == SQLX_COMMENT || at == p->end)
			continue;
		d = diag_warn(s->diags, DIAG_UNUSED_SQL,
			      span_of(u->src, at, at),
			      "the SQL of a declaration is not used");
		diag_help(s->diags, d,
			  "remove it, or give the action another type");
		return;
	}
}

static void warn_byte_order_mark(struct session *s, const struct unit *u)
{
	struct diag *d;

	if (!str_starts(u->src->text, str_of(byte_order_mark)))
		return;
	d = diag_warn(s->diags, DIAG_BYTE_ORDER_MARK, span_of(u->src, 0, 0),
		      "the file starts with a byte order mark, which becomes "
		      "part of the SQL");
	diag_help(s->diags, d, "save it as UTF-8 without the mark");
}

static void check_structure(struct session *s, const struct unit *u)
{
	const struct sqlx_file *f = &u->file;
	bool dataset = u->type <= ACTION_INCREMENTAL;
	struct span second = second_statement(u, &u->file.sql);
	struct diag *d;

	if (second.src && u->type != ACTION_OPERATION) {
		d = diag_add(s->diags, DIAG_SQLX_STRUCTURE, second,
			     "only operations may have several statements");
		diag_help(s->diags, d,
			  "set type: \"operations\", or move the "
			  "rest to pre_operations or "
			  "post_operations");
	}
	if (u->type != ACTION_INCREMENTAL && has_text(&f->where))
		refuse_block(s, u, "incremental_where", &f->where,
			     "incremental tables");
	if (f->ninputs > 0 && u->type != ACTION_TEST)
		refuse_block(s, u, "input", &f->inputs[0].sql, "tests");
	if (!dataset) {
		refuse_block(s, u, "pre_operations", &f->pre,
			     "tables, views and incremental tables");
		refuse_block(s, u, "post_operations", &f->post,
			     "tables, views and incremental tables");
	}
	if (u->type == ACTION_DECLARATION)
		warn_unused_sql(s, u);
	else
		warn_byte_order_mark(s, u);
}

static bool read_type(struct session *s, struct unit *u)
{
	static const struct {
		const char *name;
		enum action_type type;
	} types[] = {
		{"table", ACTION_TABLE},
		{"view", ACTION_VIEW},
		{"incremental", ACTION_INCREMENTAL},
		{"operations", ACTION_OPERATION},
		{"assertion", ACTION_ASSERTION},
		{"declaration", ACTION_DECLARATION},
		{"test", ACTION_TEST},
		{"dataPreparation", ACTION_DATA_PREPARATION},
	};
	enum { N = ARRAY_LEN(types) };
	const struct value *v = value_get(&u->config, "type");
	struct str name =
		v ? value_get_str(&u->config, "type") : STR("operations");
	struct str all[N], near;
	struct diag *d;

	for (size_t i = 0; i < N; i++) {
		all[i] = str_of(types[i].name);
		if (!str_is(name, types[i].name))
			continue;
		u->type = types[i].type;
		return true;
	}
	d = diag_add(s->diags, DIAG_UNKNOWN_ACTION_TYPE, config_span(u, "type"),
		     "there is no action type \"%.*s\"", STR_ARG(name));
	near = suggest(name, all, N);
	if (str_is(name, "inline"))
		diag_help(s->diags, d,
			  "only Dataform 1 and 2 had it: write a view, or a "
			  "function in includes/ that returns the SQL");
	else if (near.p)
		diag_help(s->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		diag_help(s->diags, d,
			  "types are table, view, incremental, "
			  "operations, assertion, declaration, test, "
			  "dataPreparation");
	return false;
}

static struct producer producer_of(const struct unit *u,
				   const struct sqlx_sql *sql, uint32_t which)
{
	return (struct producer){
		.sql = sql, .src = u->src, .function = u->functions[which]};
}

static void make_test(struct session *s, const struct unit *u,
		      struct origin origin)
{
	struct draft *d = test_new(s, origin);

	test_configure(s, d, &u->config);
	d->query = producer_of(u, &u->file.sql, LOWERED_SQL);
	for (uint32_t i = 0; i < u->file.ninputs; i++) {
		const struct sqlx_input *input = &u->file.inputs[i];
		uint32_t n = input->nnames;
		struct target t = {.name = input->names[n - 1]};

		if (n > 1)
			t.schema = input->names[n - 2];
		if (n > 2)
			t.database = input->names[n - 3];
		test_add_input(s, d, &t,
			       producer_of(u, &input->sql, LOWERED_INPUTS + i));
	}
	draft_push(s, d);
}

static bool make_action(struct session *s, struct unit *u)
{
	const struct sqlx_span *c = &u->file.config;
	struct origin origin = {
		.config = {u->src, c->start, c->end},
		.place = span_of(u->src, c->start, c->start),
		.name = path_stem(path_base(u->src->path)),
	};
	struct producer p;
	struct draft *d;

	if (u->type == ACTION_TEST) {
		make_test(s, u, origin);
		return true;
	}
	if (u->type == ACTION_DATA_PREPARATION)
		d = preparation_new(s, &u->config, origin);
	else
		d = draft_new(s, u->type, value_copy(s->arena, u->config),
			      origin);
	if (!d)
		return false;
	if (!u->code.config)
		draft_take_bigquery(s, d);
	if (u->type != ACTION_DECLARATION)
		d->query = producer_of(u, &u->file.sql, LOWERED_SQL);
	if (u->type <= ACTION_INCREMENTAL) {
		if (has_text(&u->file.where))
			d->where =
				producer_of(u, &u->file.where, LOWERED_WHERE);
		p = producer_of(u, &u->file.pre, LOWERED_PRE);
		if (u->file.pre.present)
			VEC_PUSH(s->arena, &d->pre, p);
		p = producer_of(u, &u->file.post, LOWERED_POST);
		if (u->file.post.present)
			VEC_PUSH(s->arena, &d->post, p);
	}
	draft_push(s, d);
	return true;
}

static bool read_config(struct session *s, struct unit *u)
{
	struct script_error err;
	struct diag *d;

	u->config = value_object(s->arena, 0);
	if (!u->file.has_config)
		return true;
	if (u->code.config) {
		u->config = *u->code.config;
	} else if (!script_call_config(s->script, u->functions[LOWERED_CONFIG],
				       u->src, &u->config, &err)) {
		session_report(s, &err, u->src->path, NULL);
		return false;
	}
	if (u->config.kind == VALUE_OBJECT)
		return true;
	d = diag_add(s->diags, DIAG_BAD_CONFIG_VALUE,
		     span_of(u->src, u->file.config.start, u->file.config.end),
		     "the config is no object");
	diag_help(s->diags, d, "write config { type: \"table\" }");
	return false;
}

/* Blocks that become a part of another statement. */
static bool check_parts(struct session *s, const struct unit *u)
{
	bool ok = check_single(s, u, "incremental_where", &u->file.where);

	for (uint32_t i = 0; i < u->file.ninputs; i++)
		ok &= check_single(s, u, "input", &u->file.inputs[i].sql);
	return ok;
}

/* False, after an error, if the file makes no action. */
static bool compile_unit(struct session *s, struct unit *u)
{
	struct script_error err;

	if (!check_parts(s, u))
		return false;

	if (!script_compile_lowered(s->script, u->src, &u->code, u->functions,
				    &err)) {
		session_report(s, &err, u->src->path, NULL);
		return false;
	}
	if (!read_config(s, u) || !read_type(s, u))
		return false;
	s->here = span_of(u->src, u->file.config.start, u->file.config.start);
	check_structure(s, u);
	return make_action(s, u);
}

void session_compile_sqlx(struct session *s, const struct read_file *file)
{
	struct unit *u = ARENA_NEW(s->arena, struct unit, 1);

	u->src = file->src;
	u->file = file->sqlx;
	u->code = file->code;
	u->functions = ARENA_NEW(s->arena, uint32_t,
				 LOWERED_NFUNCTIONS + u->code.ninputs);
	s->here = span_of(u->src, 0, 0);
	if (!file->is_whole || !compile_unit(s, u))
		map_put(&s->refused, path_stem(path_base(u->src->path)), u);
}

void session_require_sqlx(void *session, const struct source *src)
{
	struct session *s = session;
	struct read_file *file = ARENA_NEW(s->arena, struct read_file, 1);
	struct span here = s->here;
	size_t nerrors = s->diags->nerrors;
	struct sqlx_parser *parser;

	if (map_has(&s->required, src->path) ||
	    (str_starts(src->path, STR("definitions/")) && here.src &&
	     str_cmp_utf16(src->path, here.src->path) <= 0))
		return;
	map_put(&s->required, src->path, file);
	file->src = src;
	parser = sqlx_parser_new();
	sqlx_parse(parser, src, s->arena, s->diags, &file->sqlx);
	sqlx_parser_free(parser);
	file->is_whole = s->diags->nerrors == nerrors;
	if (file->is_whole)
		lower_sqlx(src, &file->sqlx, s->arena, &file->code);
	session_compile_sqlx(s, file);
	s->here = here;
}
