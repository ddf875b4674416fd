/*
 * PostgreSQL driver, over libpq. A text goes out in one piece by the simple
 * query protocol, so several statements that open no transaction of their own
 * are one transaction. Results are fetched row by row, so that what nobody
 * keeps takes no memory. Waiting for one goes by poll(), which lets a signal
 * through.
 */
#include "runtime/warehouse/warehouse.h"

#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"
#include "compiler/graph.h"
#include "runtime/sql_lex.h"
#include "runtime/warehouse/copy_text.h"
#include "runtime/warehouse/warehouse_postgres.h"

enum { OLDEST_SERVER = 130000, LOOK_MS = 100 };

struct postgres {
	struct warehouse base;
	PGconn *conn;
	PGcancel *canceller;
	bool in_doubt; /* what was sent may be committed, if we are cut off */
	const atomic_int *interrupted; /* may be NULL */
	atomic_bool cancelled;         /* for good: its run ends */
};

static struct postgres *of(struct warehouse *w)
{
	return (struct postgres *)w;
}

static bool set_lost(struct postgres *pg, struct error *err)
{
	return postgres_set_lost(pg->conn, NULL, pg->in_doubt, err);
}

static bool set_error(struct postgres *pg, const PGresult *res,
		      struct error *err)
{
	return postgres_set_error(pg->conn, res, atomic_load(&pg->cancelled),
				  pg->in_doubt, err);
}

static void roll_back(struct postgres *pg)
{
	if (PQstatus(pg->conn) == CONNECTION_OK &&
	    PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
		PQclear(PQexec(pg->conn, "ROLLBACK"));
}

static bool send(struct postgres *pg, struct str sql, struct error *err)
{
	char *text = mem_alloc(sql.n + 1);
	bool ok;

	memcpy(text, sql.p, sql.n);
	text[sql.n] = '\0';
	pg->in_doubt = false;
	ok = PQsendQuery(pg->conn, text) == 1;
	free(text);
	if (!ok)
		return set_lost(pg, err);
	PQsetSingleRowMode(pg->conn);
	return true;
}

static void postgres_cancel(struct warehouse *w)
{
	char message[256];

	atomic_store(&of(w)->cancelled, true);
	PQcancel(of(w)->canceller, message, sizeof(message));
}

/* PQgetResult(), but an interrupt cancels what runs; once, as whoever runs
 * several connections cancels them again and again. */
static PGresult *next_result(struct postgres *pg)
{
	struct pollfd fd = {.fd = PQsocket(pg->conn), .events = POLLIN};

	while (PQconsumeInput(pg->conn) && PQisBusy(pg->conn)) {
		if (poll(&fd, 1, LOOK_MS) <= 0 && pg->interrupted &&
		    *pg->interrupted && !atomic_load(&pg->cancelled))
			postgres_cancel(&pg->base);
	}
	return PQgetResult(pg->conn);
}

/* A script's own COPY to or from the client has nobody to talk to. */
static bool end_copy(PGconn *conn, ExecStatusType status, struct error *err)
{
	char *line;

	if (status == PGRES_COPY_OUT) {
		while (PQgetCopyData(conn, &line, 0) > 0)
			PQfreemem(line);
		return true;
	}
	PQputCopyEnd(conn, "there is no data");
	error_set(err, ERROR_SQL, "COPY FROM STDIN has no data to read here");
	return error_hint(err,
			  "fill a table from files by a load of weir.yaml");
}

/* The count in a command's tag, -1 if it has none. Rows that a SELECT sent
 * us are no change; those of CREATE TABLE AS have its tag, too. */
static int64_t count_rows(PGresult *res)
{
	const char *count = PQcmdTuples(res);
	bool select = strncmp(PQcmdStatus(res), "SELECT", 6) == 0;

	if (!*count || (PQresultStatus(res) == PGRES_TUPLES_OK && select))
		return -1;
	return strtoll(count, NULL, 10);
}

/* Takes each result until there are no more: libpq wants that before the next
 * statement. take may be NULL. */
static bool drain(struct postgres *pg,
		  void (*take)(void *ctx, const PGresult *res), void *ctx,
		  int64_t *rows, struct error *err)
{
	bool ok = true, committed = false;
	PGresult *res;

	while ((res = next_result(pg)) != NULL) {
		ExecStatusType status = PQresultStatus(res);
		int64_t count = -1;

		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
			ok = end_copy(pg->conn, status, err);
		else if (status == PGRES_FATAL_ERROR ||
			 status == PGRES_BAD_RESPONSE)
			ok = set_error(pg, res, err);
		else
			count = count_rows(res);
		if (take && ok)
			take(ctx, res);
		if (count >= 0 && status != PGRES_SINGLE_TUPLE)
			*rows = count;
		committed |= strcmp(PQcmdStatus(res), "COMMIT") == 0;
		PQclear(res);
	}
	if (ok && PQstatus(pg->conn) != CONNECTION_OK)
		ok = set_lost(pg, err);
	if (!ok) {
		err->in_doubt |= committed;
		roll_back(pg);
	}
	return ok;
}

static bool postgres_execute(struct warehouse *w, struct str sql, int64_t *rows,
			     struct error *err)
{
	struct postgres *pg = of(w);
	bool may_commit = sql_may_commit(sql, PQtransactionStatus(pg->conn) ==
						      PQTRANS_INTRANS);

	*rows = -1;
	if (!send(pg, sql, err))
		return false;
	pg->in_doubt = may_commit;
	return drain(pg, NULL, NULL, rows, err);
}

struct keep {
	struct arena *arena;
	struct rows *out;
	struct str_vec values;
	uint32_t max_rows;
	bool begun; /* a row or the end of one query has come */
};

static void keep_columns(struct keep *k, const PGresult *res)
{
	struct rows *out = k->out;

	out->ncolumns = (uint32_t)PQnfields(res);
	out->columns = ARENA_NEW(k->arena, struct str, out->ncolumns);
	for (uint32_t c = 0; c < out->ncolumns; c++)
		out->columns[c] =
			arena_str(k->arena, str_of(PQfname(res, (int)c)));
}

static struct str value_at(struct arena *a, const PGresult *res, int column)
{
	struct str value;

	if (PQgetisnull(res, 0, column))
		return (struct str){0};
	value.p = PQgetvalue(res, 0, column);
	value.n = (size_t)PQgetlength(res, 0, column);
	return arena_str(a, value);
}

static void keep_row(void *ctx, const PGresult *res)
{
	struct keep *k = ctx;
	ExecStatusType status = PQresultStatus(res);

	if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
		return;
	if (!k->begun)
		keep_columns(k, res);
	k->begun = true;
	if (status == PGRES_TUPLES_OK)
		return;
	if (k->out->nrows == k->max_rows) {
		k->out->truncated = true;
		return;
	}
	for (uint32_t c = 0; c < k->out->ncolumns; c++)
		VEC_PUSH(k->arena, &k->values, value_at(k->arena, res, (int)c));
	k->out->nrows++;
}

static bool postgres_query(struct warehouse *w, struct str sql,
			   uint32_t max_rows, struct arena *arena,
			   struct rows *out, struct error *err)
{
	struct rows found = {0};
	struct keep k = {.arena = arena, .out = &found, .max_rows = max_rows};
	int64_t rows;

	if (!send(of(w), sql, err) || !drain(of(w), keep_row, &k, &rows, err))
		return false;
	if (!k.begun)
		return error_set(err, ERROR_SQL, "this is no query");
	found.values = k.values.v;
	*out = found;
	return true;
}

static enum relation_kind kind_of(struct str relkind)
{
	switch (relkind.p[0]) {
	case 'r':
	case 'p':
		return RELATION_TABLE;
	case 'v':
		return RELATION_VIEW;
	default:
		return RELATION_OTHER;
	}
}

static void put_describe(struct buf *b, const struct target *t)
{
	buf_adds(b, "SELECT c.relkind, a.attname, "
		    "pg_catalog.format_type(a.atttypid, a.atttypmod) "
		    "FROM pg_catalog.pg_class c "
		    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
		    "LEFT JOIN pg_catalog.pg_attribute a "
		    "ON a.attrelid = c.oid AND a.attnum > 0 "
		    "AND NOT a.attisdropped AND a.attgenerated = '' "
		    "AND a.attidentity <> 'a' "
		    "WHERE n.nspname = ");
	if (t->schema.n)
		dialect_put_string(&dialect_postgres, b, t->schema);
	else
		buf_adds(b, "pg_catalog.current_schema()");
	buf_adds(b, " AND c.relname = ");
	dialect_put_string(&dialect_postgres, b, t->name);
	buf_adds(b, " ORDER BY a.attnum");
}

static bool postgres_describe(struct warehouse *w, const struct target *t,
			      struct arena *arena, struct relation *out,
			      struct error *err)
{
	struct buf sql = {0};
	bool ok;

	put_describe(&sql, t);
	ok = relation_ask(w, buf_str(&sql), kind_of, arena, out, err);
	buf_free(&sql);
	return ok;
}

/* Parse refuses a text of several statements, but only after it has read them
 * all: their syntax is right then, and more cannot be asked. */
static bool is_several(const PGresult *res)
{
	const char *where = PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION);
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	return where && strcmp(where, "exec_parse_message") == 0 && state &&
	       strcmp(state, "42601") == 0;
}

/* Preparing a statement parses it and looks up every name and type in it. */
static bool postgres_check(struct warehouse *w, struct str sql,
			   struct error *err)
{
	struct postgres *pg = of(w);
	struct buf text = {0};
	PGresult *res;
	bool ok;

	buf_add_str(&text, sql);
	buf_addc(&text, '\0');
	ok = PQsendPrepare(pg->conn, "", text.p, 0, NULL) == 1 ||
	     set_lost(pg, err);
	while ((res = next_result(pg)) != NULL) {
		ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
		     is_several(res) || set_error(pg, res, err);
		PQclear(res);
	}
	buf_free(&text);
	return ok;
}

/* Sends what has gathered, which one huge value can make large. A failure
 * without an error is the connection's, and drain() will say more. */
static bool put_copied(struct postgres *pg, struct buf *b, struct error *err)
{
	bool ok;

	if (b->n > INT_MAX)
		return error_set(err, ERROR_IO, "a row is larger than 2 GB");
	if (atomic_load(&pg->cancelled))
		return error_set(err, ERROR_CANCELLED, "the load was stopped");
	ok = b->n == 0 || PQputCopyData(pg->conn, b->p, (int)b->n) == 1;
	buf_clear(b);
	return ok;
}

static bool put_rows(struct postgres *pg, const struct cell_source *from,
		     struct buf *b, struct error *err)
{
	enum { PIECE = 64 * 1024 };
	const struct cell *row;

	for (;;) {
		if (!from->next(from->ctx, &row, err))
			return false;
		if (!row)
			return put_copied(pg, b, err);
		copy_text_put_row(b, from, row);
		if (b->n >= PIECE && !put_copied(pg, b, err))
			return false;
	}
}

static bool feed(struct postgres *pg, const struct cell_source *from,
		 struct error *err)
{
	struct buf b = {0};
	bool ok = put_rows(pg, from, &b, err);

	buf_free(&b);
	return PQputCopyEnd(pg->conn, ok ? NULL : "the file is not right") ==
		       1 &&
	       ok;
}

static void put_copy(struct buf *b, const struct target *t,
		     const struct cell_source *from)
{
	buf_adds(b, "COPY ");
	dialect_put_target(&dialect_postgres, b, t);
	for (uint32_t c = 0; c < from->ncolumns; c++) {
		buf_adds(b, c ? ", " : " (");
		dialect_put_ident(&dialect_postgres, b, from->columns[c].name);
	}
	buf_adds(b, ") FROM STDIN");
}

static bool postgres_append(struct warehouse *w, const struct target *t,
			    const struct cell_source *from, int64_t *rows,
			    struct error *err)
{
	struct postgres *pg = of(w);
	struct buf sql = {0};
	PGresult *res;
	bool ok;

	*rows = -1;
	put_copy(&sql, t, from);
	ok = send(pg, buf_str(&sql), err);
	buf_free(&sql);
	if (!ok)
		return false;
	res = next_result(pg);
	if (PQresultStatus(res) == PGRES_COPY_IN)
		ok = feed(pg, from, err);
	else
		ok = set_error(pg, res, err);
	PQclear(res);
	ok = drain(pg, NULL, NULL, rows, err) && ok;
	if (!ok && err->kind == ERROR_NONE)
		set_lost(pg, err);
	return ok;
}

static bool postgres_end_transaction(struct warehouse *w)
{
	bool open = PQtransactionStatus(of(w)->conn) != PQTRANS_IDLE;

	roll_back(of(w));
	return open;
}

static bool postgres_in_transaction(struct warehouse *w)
{
	return PQtransactionStatus(of(w)->conn) == PQTRANS_INTRANS;
}

/* A server that ends a connection says so, and that can be read. */
static bool postgres_is_open(struct warehouse *w)
{
	PGconn *conn = of(w)->conn;
	struct pollfd fd = {.fd = PQsocket(conn), .events = POLLIN};

	while (PQstatus(conn) == CONNECTION_OK && poll(&fd, 1, 0) > 0)
		if (!PQconsumeInput(conn))
			break;
	return PQstatus(conn) == CONNECTION_OK;
}

static void postgres_close(struct warehouse *w)
{
	PQfreeCancel(of(w)->canceller);
	PQfinish(of(w)->conn);
	free(w);
}

/* Times without a zone are UTC, as in BigQuery, and our literals need
 * standard_conforming_strings. From PostgreSQL 14 on a server looks whether
 * its client is gone while it works, if asked to: what a killed run left in it
 * must not go on for hours, and hold up the next. Not on every system it can.
 * A run's connections may have nothing to do for long.
 */
static const char session_settings[] =
	"SET TimeZone = 'UTC';"
	"SET DateStyle = 'ISO, YMD';"
	"SET standard_conforming_strings = on;"
	"DO $$ BEGIN "
	"IF current_setting('idle_session_timeout', true) <> '0' "
	"THEN PERFORM set_config('idle_session_timeout', '0', false); END IF; "
	"IF current_setting('client_connection_check_interval', true) = '0' "
	"THEN PERFORM set_config('client_connection_check_interval', '2s', "
	"false); END IF; "
	"EXCEPTION WHEN invalid_parameter_value THEN NULL; "
	"END $$";

static bool set_session(struct warehouse *w, struct error *err)
{
	int64_t rows;

	return postgres_execute(w, str_of(session_settings), &rows, err);
}

static bool postgres_renew(struct warehouse *w, struct error *err)
{
	int64_t rows;

	return postgres_execute(w, STR("DISCARD ALL"), &rows, err) &&
	       set_session(w, err);
}

/* NULL if it is unset. */
static const char *setting(const PQconninfoOption *o, const char *name)
{
	while (o && o->keyword && strcmp(o->keyword, name) != 0)
		o++;
	return o && o->keyword && o->val && o->val[0] ? o->val : NULL;
}

/* Of several hosts all, as settings have them: whichever of them answers, it
 * is the same database. */
static struct str postgres_server(struct warehouse *w, struct arena *arena)
{
	PGconn *conn = of(w)->conn;
	PQconninfoOption *all = PQconninfo(conn);
	const char *host = setting(all, "host");
	const char *port = setting(all, "port");
	struct str server;

	if (!host)
		host = setting(all, "hostaddr");
	server = arena_printf(arena, "%s:%s/%s", host ? host : PQhost(conn),
			      port ? port : PQport(conn), PQdb(conn));
	PQconninfoFree(all);
	return server;
}

static const struct warehouse_ops ops = {
	.execute = postgres_execute,
	.query = postgres_query,
	.describe = postgres_describe,
	.check = postgres_check,
	.append = postgres_append,
	.end_transaction = postgres_end_transaction,
	.in_transaction = postgres_in_transaction,
	.renew = postgres_renew,
	.is_open = postgres_is_open,
	.server = postgres_server,
	.cancel = postgres_cancel,
	.close = postgres_close,
};

static void ignore_notice(void *ctx, const char *message)
{
	(void)ctx;
	(void)message;
}

static bool set_up(struct postgres *pg, struct error *err)
{
	int version = PQserverVersion(pg->conn);

	PQsetNoticeProcessor(pg->conn, ignore_notice, NULL);
	pg->canceller = PQgetCancel(pg->conn);
	if (version < OLDEST_SERVER)
		return error_set(err, ERROR_CONNECT,
				 "PostgreSQL %d is too old: weir needs 13 or "
				 "later",
				 version / 10000);
	return set_session(&pg->base, err);
}

bool warehouse_open_postgres(const struct profile *profile,
			     const atomic_int *interrupted,
			     struct warehouse **out, struct error *err)
{
	struct postgres *pg = mem_zalloc(sizeof(*pg));

	pg->base = (struct warehouse){&ops, profile};
	pg->interrupted = interrupted;
	if (!postgres_connect(profile, interrupted, &pg->conn, err) ||
	    !set_up(pg, err)) {
		postgres_close(&pg->base);
		return false;
	}
	*out = &pg->base;
	return true;
}
