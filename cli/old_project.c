/*
 * Dataform 1 and 2 ran on several warehouses, and dataform.json named the
 * one. weir takes the warehouse from a target, so such a project is told which
 * target to write: for PostgreSQL with the words of libpq that say what the
 * old credentials file says.
 */
#include "cli/old_project.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/path.h"

enum { CREDENTIALS_MAX = 1 << 20 };

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_word(s.p[i]) && !strchr(".-/@:", s.p[i]))
			return false;
	return s.n > 0;
}

/* A value of libpq, inside a string of YAML between double quotes. */
static void put_value(struct buf *b, struct str s)
{
	bool plain = is_plain(s);

	buf_adds(b, plain ? "" : "'");
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\'')
			buf_adds(b, "\\\\'");
		else if (c == '\\')
			buf_adds(b, "\\\\\\\\");
		else if (c == '"')
			buf_adds(b, "\\\"");
		else
			buf_addc(b, c);
	}
	buf_adds(b, plain ? "" : "'");
}

static void put_word(struct buf *b, const char *word, const struct value *v)
{
	char digits[VALUE_NUMBER_SIZE];
	struct str s;

	if (!v || (v->kind != VALUE_STRING && v->kind != VALUE_NUMBER))
		return;
	s = v->kind == VALUE_STRING ? v->string
				    : value_print_number(digits, v->number);
	buf_printf(b, "%s=", word);
	put_value(b, s);
	buf_addc(b, ' ');
}

/* False if there is no credentials file that is an object. */
static bool read_credentials(const struct project *p, struct value *out)
{
	struct arena *arena = p->compilation.arena;
	const char *path = path_join(arena, p->root, ".df-credentials.json");
	struct error err = {0};
	struct position at;
	struct str text;

	return file_read(path, CREDENTIALS_MAX, arena, &text, &err) &&
	       json_parse(text, arena, out, &at, &err) &&
	       out->kind == VALUE_OBJECT;
}

static void put_connection(struct buf *b, const struct project *p)
{
	static const struct {
		const char *key, *word;
	} words[] = {{"host", "host"},
		     {"port", "port"},
		     {"databaseName", "dbname"},
		     {"username", "user"}};
	struct value credentials;

	if (!read_credentials(p, &credentials)) {
		buf_adds(b, "host=localhost dbname=NAME user=NAME ");
	} else {
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			put_word(b, words[i].word,
				 value_get(&credentials, words[i].key));
		if (value_is_truthy(value_get(&credentials, "ssl")))
			buf_adds(b, "sslmode=require ");
	}
	buf_adds(b, "password=${env:PGPASSWORD}");
}

static void refuse_postgres(const struct project *p, struct error *err)
{
	const char *what = p->compilation.weirfile.src
				   ? "add such a target to weir.yaml:\n"
				   : "write a weir.yaml beside dataform.json:\n"
				     "defaultTarget: prod\n";
	struct buf b = {0};

	put_connection(&b, p);
	error_set(err, ERROR_USAGE,
		  "the project's warehouse is postgres, and no target says "
		  "where that is");
	error_hint(err,
		   "set PGPASSWORD, and %stargets:\n"
		   "  prod: { warehouse: postgres, connection: \"%.*s\" }",
		   what, STR_ARG(buf_str(&b)));
	buf_free(&b);
}

bool old_project_refuse(const struct project *p, struct error *err)
{
	struct str warehouse = value_get_str(
		&p->compilation.graph.project_config, "warehouse");

	if (!warehouse.n || str_is(warehouse, "bigquery"))
		return false;
	if (str_is(warehouse, "postgres")) {
		refuse_postgres(p, err);
		return true;
	}
	error_set(err, ERROR_USAGE,
		  "the project's warehouse is %.*s, on which weir does not run",
		  STR_ARG(warehouse));
	error_hint(err, "weir compiles the project; to run it where its SQL "
			"is understood, name a target in weir.yaml: weir help "
			"targets");
	return true;
}
