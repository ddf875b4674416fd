/* Loads: sources that a run fills from files. */
#include "base/arena.h"
#include "base/map.h"
#include "base/path.h"
#include "compiler/project/weirfile_int.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static const struct schema_field load_fields[] = {
	{"files", FIELD_STRING, SCHEMA_ALL, NULL},
	{"format", FIELD_STRING, SCHEMA_ALL, NULL},
	{"columns", FIELD_STRING_MAP, SCHEMA_ALL, NULL},
};
static const struct schema load_schema = {"a load", load_fields,
					  LEN(load_fields)};

/* BigQuery's names of types, and its other names for them. */
static const struct {
	const char *name, *type;
} types[] = {
	{"int64", "int64"},         {"int", "int64"},
	{"smallint", "int64"},      {"integer", "int64"},
	{"bigint", "int64"},        {"tinyint", "int64"},
	{"byteint", "int64"},       {"float64", "float64"},
	{"float", "float64"},       {"numeric", "numeric"},
	{"decimal", "numeric"},     {"string", "string"},
	{"bool", "bool"},           {"boolean", "bool"},
	{"timestamp", "timestamp"}, {"date", "date"},
	{"datetime", "datetime"},   {"time", "time"},
	{"bytes", "bytes"},         {"json", "json"},
};

static struct str find_type(struct str name)
{
	for (size_t i = 0; i < LEN(types); i++)
		if (str_eq_nocase(name, str_of(types[i].name)))
			return str_of(types[i].type);
	return (struct str){0};
}

static bool bad_type(struct schema_reader *r, const struct schema_path *path,
		     struct str type)
{
	struct str names[LEN(types)];
	struct diag *d = schema_error(r, path, "there is no type \"%.*s\"",
				      STR_ARG(type));
	struct str near;

	for (size_t i = 0; i < LEN(types); i++)
		names[i] = str_of(types[i].name);
	near = suggest(type, names, LEN(types));
	if (near.p)
		diag_help(r->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		diag_help(r->diags, d,
			  "types are int64, float64, numeric, string, bool, "
			  "timestamp, date, datetime, time, bytes and json");
	return false;
}

static struct str lower(struct arena *arena, struct str s)
{
	char *p = arena_text(arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32
							     : s.p[i]);
	return (struct str){p, s.n};
}

static bool read_columns(struct schema_reader *r, const struct schema_path *up,
			 const struct value *columns, struct load *load)
{
	struct map seen; /* names differ by more than case */
	bool ok = true;

	if (!columns || columns->n == 0) {
		schema_error(r, up, "the load \"%.*s\" has no columns",
			     STR_ARG(up->key));
		return false;
	}
	map_init(&seen, r->arena);
	load->columns = ARENA_NEW(r->arena, struct load_column, columns->n);
	for (uint32_t i = 0; i < columns->n; i++) {
		const struct member *m = &columns->members[i];
		const struct schema_path at = {up, m->key, m->line, m->column};
		struct str type = find_type(m->value.string);

		if (!type.p)
			ok = bad_type(r, &at, m->value.string);
		if (str_starts(lower(r->arena, m->key), STR("weir_"))) {
			schema_error(r, &at,
				     "column names that start with "
				     "\"weir_\" are ours");
			ok = false;
		}
		if (map_put(&seen, lower(r->arena, m->key), load)) {
			schema_error(r, &at, "column \"%.*s\" is there twice",
				     STR_ARG(m->key));
			ok = false;
		}
		load->columns[load->ncolumns++] =
			(struct load_column){m->key, type};
	}
	return ok;
}

/* As given, or as the file's name says. */
static bool read_format(struct schema_reader *r, const struct schema_path *path,
			const struct value *v, struct load *load)
{
	struct str given = value_get_str(v, "format");
	struct str name = given.p ? given : path_extension(load->files);
	const struct schema_path at = {path, STR("format"), path->line,
				       path->column};
	struct diag *d;

	load->format = LOAD_NDJSON;
	if (str_is(name, "csv"))
		load->format = LOAD_CSV;
	else if (!str_is(name, "ndjson") &&
		 (given.p || !str_is(name, "jsonl"))) {
		if (given.p)
			d = schema_error(r, &at, "there is no format \"%.*s\"",
					 STR_ARG(given));
		else
			d = schema_error(r, path,
					 "the load \"%.*s\" has no format",
					 STR_ARG(path->key));
		diag_help(r->diags, d, "formats are ndjson and csv");
		return false;
	}
	return true;
}

static bool read_load(struct schema_reader *r, const struct schema_path *path,
		      const struct value *in, struct load *load)
{
	struct value v;
	bool ok;

	if (in->kind != VALUE_OBJECT) {
		schema_error(r, path, "the load \"%.*s\" must be an object",
			     STR_ARG(path->key));
		return false;
	}
	if (!schema_read(r, &load_schema, path, in, &v))
		return false;
	load->key = path->key;
	load->line = path->line;
	load->files = value_get_str(&v, "files");
	if (load->files.n == 0) {
		schema_error(r, path, "the load \"%.*s\" names no files",
			     STR_ARG(path->key));
		return false;
	}
	if (env_is_used(load->files)) {
		schema_error(r, path, "${env:NAME} is for targets only");
		return false;
	}
	ok = read_format(r, path, &v, load);
	return read_columns(r, path, value_get(&v, "columns"), load) && ok;
}

bool weirfile_read_loads(struct schema_reader *r, const struct value *loads,
			 struct weirfile *out)
{
	bool ok = true;

	out->loads = ARENA_NEW(r->arena, struct load, loads->n + 1);
	for (uint32_t i = 0; i < loads->n; i++) {
		const struct member *m = &loads->members[i];
		const struct schema_path at = {NULL, m->key, m->line,
					       m->column};

		if (read_load(r, &at, &m->value, &out->loads[out->nloads]))
			out->nloads++;
		else
			ok = false;
	}
	return ok;
}
