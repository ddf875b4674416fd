/*
 * PostgreSQL's errors as ours. One without an SQLSTATE comes from libpq, which
 * has lost the server.
 */
#include "runtime/warehouse/warehouse_postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

bool postgres_set_lost(const struct pg_conn *conn, const char *why,
		       bool in_doubt, struct error *err)
{
	struct buf line = {0};

	postgres_put_line(&line, why ? why : PQerrorMessage(conn));
	error_set(err, ERROR_LOST, "the connection to PostgreSQL was lost: %s",
		  line.n ? line.p : "no reason was given");
	buf_free(&line);
	err->in_doubt |= in_doubt;
	if (in_doubt)
		return error_hint(err, "it is not known whether the statement "
				       "was committed: look at what it "
				       "changes before you run it again");
	return error_hint(err, "what was not yet committed is rolled back; "
			       "run the same command again");
}

/* One code for two matters, which only words tell apart. */
static bool is_someones_cancel(const PGresult *res)
{
	const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);

	return text && strstr(text, "due to user request");
}

/* FATAL is the server's last word on a connection. */
static enum error_kind kind_of(const PGresult *res, const char *sqlstate,
			       bool cancelled)
{
	const char *severity =
		PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (strncmp(sqlstate, "57P", 3) == 0 ||
	    strncmp(sqlstate, "08", 2) == 0 ||
	    (severity && strcmp(severity, "FATAL") == 0))
		return ERROR_LOST;
	if (strcmp(sqlstate, "57014") != 0)
		return ERROR_SQL;
	if (cancelled)
		return ERROR_CANCELLED;
	return is_someones_cancel(res) ? ERROR_SQL : ERROR_TIMEOUT;
}

static void set_message(const PGresult *res, enum error_kind kind,
			struct error *err)
{
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(res, PG_DIAG_MESSAGE_HINT);
	struct buf line = {0};

	postgres_put_line(&line,
			  PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	if (detail) {
		buf_adds(&line, ": ");
		postgres_put_line(&line, detail);
	}
	error_set(err, kind, "%s", line.p);
	buf_clear(&line);
	postgres_put_line(&line, hint);
	if (line.n)
		error_hint(err, "%s", line.p);
	buf_free(&line);
}

bool postgres_set_error(const struct pg_conn *conn, const struct pg_result *res,
			bool cancelled, bool in_doubt, struct error *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *at = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
	enum error_kind kind;

	if (err->kind != ERROR_NONE)
		return false;
	if (!state)
		return postgres_set_lost(conn, NULL, in_doubt, err);
	kind = kind_of(res, state, cancelled);
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
	if (kind == ERROR_LOST)
		return postgres_set_lost(
			conn, PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY),
			in_doubt, err);
	set_message(res, kind, err);
	err->position = at ? (int)strtol(at, NULL, 10) : 0;
	return false;
}
