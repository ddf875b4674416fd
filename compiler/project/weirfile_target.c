/*
 * Targets: which keys each warehouse's have, and a profile made of them. A
 * target's mapping is checked when the file is read, with ${env:NAME} as it
 * stands; the profile is filled from it once more when the target is chosen.
 */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "compiler/project/settings.h"
#include "compiler/project/weirfile_int.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(k) (UINT32_C(1) << (k))

static const char *const kinds_text[] = {
	[WAREHOUSE_BIGQUERY] = "bigquery targets",
	[WAREHOUSE_DUCKDB] = "duckdb targets",
	[WAREHOUSE_POSTGRES] = "postgres targets",
};

static const struct schema_field target_fields[] = {
	{"warehouse", FIELD_STRING, SCHEMA_ALL, NULL},
	{"path", FIELD_STRING, BIT(WAREHOUSE_DUCKDB), NULL},
	{"connection", FIELD_STRING, BIT(WAREHOUSE_POSTGRES), NULL},
	{"project", FIELD_STRING, BIT(WAREHOUSE_BIGQUERY), NULL},
	{"location", FIELD_STRING, BIT(WAREHOUSE_BIGQUERY), NULL},
	{"credentials", FIELD_STRING, BIT(WAREHOUSE_BIGQUERY), NULL},
	{"maximumBytesBilled", FIELD_ANY, BIT(WAREHOUSE_BIGQUERY), NULL},
	{"jobs", FIELD_ANY, SCHEMA_ALL, NULL},
	{"lock", FIELD_STRING, SCHEMA_ALL, NULL},
	{"disableAssertions", FIELD_BOOL, SCHEMA_ALL, NULL},
	{"vars", FIELD_STRING_MAP, SCHEMA_ALL, NULL},
#define KEY(name, field) {#name, FIELD_STRING, SCHEMA_ALL, NULL},
	OVERRIDE_STRINGS(KEY)
#undef KEY
};

static struct schema target_schema(enum warehouse_kind kind)
{
	static const char *const what[] = {
		[WAREHOUSE_BIGQUERY] = "a bigquery target",
		[WAREHOUSE_DUCKDB] = "a duckdb target",
		[WAREHOUSE_POSTGRES] = "a postgres target",
	};

	return (struct schema){what[kind], target_fields, LEN(target_fields)};
}

/* 8, or the text "8" from the environment, which is not known at first. */
static bool read_jobs(const struct value *v, int *out)
{
	double n = -1;
	char *end;

	if (v->kind == VALUE_NUMBER)
		n = v->number;
	if (v->kind == VALUE_STRING && env_is_used(v->string))
		return true;
	if (v->kind == VALUE_STRING && v->string.n) {
		n = strtod(v->string.p, &end);
		if (*end)
			return false;
	}
	if (!(n >= 1 && n <= JOBS_MAX) || n != floor(n))
		return false;
	*out = (int)n;
	return true;
}

/* 10GB, 1.5 TB, or plain bytes. */
static bool is_size(const struct value *v)
{
	static const char *const units[] = {"",   "B",  "KB", "MB",
					    "GB", "TB", "PB"};
	char *end;

	if (v->kind == VALUE_NUMBER)
		return v->number > 0 && v->number == floor(v->number);
	if (v->kind != VALUE_STRING || v->string.n == 0)
		return false;
	if (env_is_used(v->string))
		return true;
	if (!(strtod(v->string.p, &end) > 0) || end == v->string.p)
		return false;
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < LEN(units); i++)
		if (str_eq_nocase(str_of(end), str_of(units[i])))
			return true;
	return false;
}

static bool check_numbers(struct schema_reader *r,
			  const struct schema_path *path,
			  const struct value *target)
{
	const struct schema_path jobs = {path, STR("jobs"), 0, 0};
	const struct schema_path size = {path, STR("maximumBytesBilled"), 0, 0};
	const struct value *v;
	bool ok = true;
	int n;

	v = value_get(target, "jobs");
	if (v && ((v->kind == VALUE_STRING && !env_is_used(v->string)) ||
		  !read_jobs(v, &n))) {
		schema_error(r, &jobs,
			     "\"jobs\" must be a whole number from 1 to %d",
			     JOBS_MAX);
		ok = false;
	}
	v = value_get(target, "maximumBytesBilled");
	if (v && !is_size(v)) {
		struct diag *d = schema_error(
			r, &size, "\"maximumBytesBilled\" must be a size");

		diag_help(r->diags, d, "sizes are 500MB, 10GB, 1TB");
		ok = false;
	}
	return ok;
}

/* What a shell would expand is a folder of that name to everybody else. */
static bool check_file(struct schema_reader *r, const struct schema_path *path,
		       const struct value *target)
{
	const struct schema_path at = {path, STR("path"), 0, 0};
	struct str file = value_get_str(target, "path");
	size_t slash = str_find(file, '/', 0);
	struct diag *d;

	if (!(file.n && file.p[0] == '~') &&
	    !(file.n > 1 && file.p[0] == '$' && file.p[1] != '{'))
		return true;
	d = schema_error(r, &at,
			 "\"path\" starts with \"%.*s\", which only a "
			 "shell replaces",
			 STR_ARG(str_sub(file, 0, slash)));
	diag_help(r->diags, d, "write ${env:HOME}%.*s",
		  STR_ARG(str_sub(file, slash, file.n)));
	return false;
}

/* Every "${" in v must be one that will be filled in. */
static bool check_env(struct schema_reader *r, const struct schema_path *path,
		      const struct value *v)
{
	bool ok = true;
	struct diag *d;

	if (v->kind == VALUE_STRING && !env_is_valid(v->string)) {
		d = schema_error(r, path, "\"${\" must start ${env:NAME}");
		diag_help(r->diags, d,
			  "values of environment variables are all that can "
			  "be filled in");
		return false;
	}
	for (uint32_t i = 0; v->kind == VALUE_OBJECT && i < v->n; i++) {
		const struct member *m = &v->members[i];
		const struct schema_path at = {path, m->key, m->line,
					       m->column};

		ok = check_env(r, &at, &m->value) && ok;
	}
	return ok;
}

static const struct dialect *read_warehouse(struct schema_reader *r,
					    const struct schema_path *path,
					    const struct value *target)
{
	const struct str known[] = {STR("duckdb"), STR("postgres"),
				    STR("bigquery")};
	const struct schema_path at = {path, STR("warehouse"), 0, 0};
	struct str name = value_get_str(target, "warehouse");
	const struct dialect *dialect = dialect_find(name);
	struct str near;
	struct diag *d;

	if (dialect)
		return dialect;
	if (!name.n) {
		d = schema_error(r, path, "target \"%.*s\" names no warehouse",
				 STR_ARG(path->key));
		diag_help(r->diags, d,
			  "add warehouse: duckdb, postgres or bigquery");
		return NULL;
	}
	d = schema_error(r, &at, "there is no warehouse \"%.*s\"",
			 STR_ARG(name));
	near = suggest(name, known, LEN(known));
	if (near.p)
		diag_help(r->diags, d, "did you mean \"%.*s\"?", STR_ARG(near));
	else
		diag_help(r->diags, d,
			  "warehouses are duckdb, postgres and bigquery");
	return NULL;
}

bool weirfile_fill_profile(struct schema_reader *r, struct profile *p)
{
	const struct value *jobs = value_get(p->more, "jobs");

	p->path = value_get_str(p->more, "path");
	p->connection = value_get_str(p->more, "connection");
	p->lock = value_get_str(p->more, "lock");
	if (p->dialect->kind == WAREHOUSE_DUCKDB && !p->path.n)
		p->path = arena_printf(r->arena, ".weir/%.*s.duckdb",
				       STR_ARG(p->name));
	if (p->dialect->kind == WAREHOUSE_POSTGRES && !p->connection.p)
		p->connection = STR("");
	return !jobs || read_jobs(jobs, &p->jobs);
}

static bool read_target(struct schema_reader *r, const struct member *m,
			struct profile *p)
{
	const struct schema_path path = {NULL, m->key, m->line, m->column};
	struct value ignored;
	struct schema schema;
	struct diag *d;
	bool ok;

	if (m->value.kind != VALUE_OBJECT) {
		d = schema_error(r, &path, "target \"%.*s\" must be an object",
				 STR_ARG(m->key));
		diag_help(r->diags, d, "write %.*s: { warehouse: duckdb }",
			  STR_ARG(m->key));
		return false;
	}
	p->name = m->key;
	p->more = &m->value;
	p->dialect = read_warehouse(r, &path, &m->value);
	if (!p->dialect)
		return false;
	schema = target_schema(p->dialect->kind);
	r->kinds = BIT(p->dialect->kind);
	r->kinds_text = kinds_text;
	ok = schema_read(r, &schema, &path, &m->value, &ignored);
	r->kinds = SCHEMA_ALL;
	r->kinds_text = NULL;
	ok = check_numbers(r, &path, &m->value) && ok;
	ok = check_file(r, &path, &m->value) && ok;
	ok = check_env(r, &path, &m->value) && ok;
	return ok && weirfile_fill_profile(r, p);
}

bool weirfile_read_targets(struct schema_reader *r, const struct value *targets,
			   struct weirfile *out)
{
	bool ok = true;

	out->profiles = ARENA_NEW(r->arena, struct profile, targets->n + 1);
	for (uint32_t i = 0; i < targets->n; i++) {
		if (read_target(r, &targets->members[i],
				&out->profiles[out->nprofiles]))
			out->nprofiles++;
		else
			ok = false;
	}
	return ok;
}
