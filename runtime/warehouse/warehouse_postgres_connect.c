/*
 * Connecting to PostgreSQL, step by step, so that a signal is heeded and a
 * server that does not answer is given up. What may help is told from what
 * libpq and the server say, which has no codes before there is a connection.
 *
 * libpq never prints a password, save in complaints about a connection string
 * that it cannot parse: those are not passed on.
 */
#include "runtime/warehouse/warehouse_postgres.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "compiler/graph.h"
#include "runtime/clock.h"

enum { TIMEOUT_S = 10, LOOK_MS = 100 };

/* The first sign that is found in the message counts. */
static const struct {
	const char *sign, *advice;
	const char *sqlstate; /* where one says the same; NULL */
} causes[] = {
	{"password authentication failed",
	 "check user and password: of the connection, PGUSER and PGPASSWORD, "
	 "or ~/.pgpass"},
	{"no password supplied",
	 "give the password by PGPASSWORD or ~/.pgpass, or in the connection "
	 "as ${env:NAME}"},
	{"Peer authentication failed",
	 "the server wants the user of the same name as the system's: name "
	 "it by user=..., or connect with host=localhost and a password"},
	{"no pg_hba.conf entry",
	 "the server lets nobody in from here like this: its pg_hba.conf "
	 "decides"},
	{"too many clients", "let fewer actions run at once: --jobs", "53300"},
	{"remaining connection slots", "let fewer actions run at once: --jobs",
	 "53300"},
	{"too many connections", "let fewer actions run at once: --jobs",
	 "53300"},
	{"starting up", "try again when the server is up", "57P03"},
	{"shutting down", "try again when the server is up", "57P03"},
	{"not yet accepting connections", "try again when the server is up",
	 "57P03"},
	{"recovery mode", "try again when the server is up", "57P03"},
	{"server closed the connection", "check that the server runs", "08006"},
	{"Connection reset", "check that the server runs", "08006"},
	{"definition of service",
	 "services are defined in ~/.pg_service.conf or the file that "
	 "PGSERVICEFILE names"},
	{"could not translate host name", "check the host's name"},
	{"certificate", "sslmode=... and sslrootcert=... of the connection "
			"say which certificates are trusted"},
	{"SSL", "sslmode=... of the connection says whether TLS is used"},
	{"Connection refused", "check host and port, and that the server runs",
	 "08001"},
	{"No such file or directory",
	 "check that the server runs; without host=... it is looked for on "
	 "this machine",
	 "08001"},
	{"invalid integer value", "correct this value in the connection"},
	{"timeout expired",
	 "check host and port, and that no firewall is "
	 "between",
	 "08001"},
	{"No route to host", "check the host and the network", "08001"},
	{"Network is unreachable", "check the host and the network", "08001"},
	{"Permission denied", "this user may not use the server's socket"},
};

void postgres_put_line(struct buf *b, const char *text)
{
	size_t start = b->n;

	for (; text && *text; text++) {
		bool space = strchr(" \t\r\n", *text) != NULL;

		if (!space)
			buf_addc(b, *text);
		else if (b->n > start && b->p[b->n - 1] != ' ')
			buf_addc(b, ' ');
	}
	while (b->n > start && strchr(" .", b->p[b->n - 1]))
		b->n--;
	buf_add(b, "", 0);
}

/* What stands between the first two double quotes. */
static struct str quoted(const char *text)
{
	const char *from = text ? strchr(text, '"') : NULL;
	const char *to = from ? strchr(from + 1, '"') : NULL;

	return to ? (struct str){from + 1, (size_t)(to - from - 1)}
		  : (struct str){0};
}

/* A key that is nearly one of libpq's; what is not might be a password. */
static bool set_misspelt(const struct profile *profile, const char *message,
			 struct error *err)
{
	PQconninfoOption *known = PQconndefaults();
	struct str key = quoted(message);
	const char *meant = NULL;

	for (const PQconninfoOption *o = known; key.n && o && o->keyword; o++)
		if (str_distance(key, str_of(o->keyword), 2) <= 2)
			meant = o->keyword;
	if (meant) {
		error_set(err, ERROR_CONNECT,
			  "the connection of target \"%.*s\" has the key "
			  "\"%.*s\", which libpq does not know",
			  STR_ARG(profile->name), STR_ARG(key));
		error_hint(err, "did you mean \"%s\"?", meant);
	}
	PQconninfoFree(known);
	return meant != NULL;
}

static bool is_readable(const struct profile *profile, const char *connection,
			struct error *err)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(connection, &message);
	bool ok = options != NULL;

	PQconninfoFree(options);
	if (!ok && !set_misspelt(profile, message, err)) {
		error_set(err, ERROR_CONNECT,
			  "the connection of target \"%.*s\" is no connection "
			  "string that libpq understands",
			  STR_ARG(profile->name));
		error_hint(err, "write it as \"host=... user=... dbname=...\", "
				"as \"postgresql://user@host/dbname\" or as "
				"\"service=...\"");
	}
	PQfreemem(message);
	return ok;
}

static void set_state(struct error *err, const char *sqlstate)
{
	snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", sqlstate);
}

static void advise(const char *message, struct error *err)
{
	bool missing = strstr(message, "does not exist") != NULL;

	if (missing && strstr(message, "database \""))
		error_hint(err, "make the database, or name another by "
				"dbname=... of the connection or PGDATABASE");
	else if (missing && strstr(message, "role \""))
		error_hint(err, "name the user by user=... of the connection "
				"or PGUSER");
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (err->hint[0] || !strstr(message, causes[i].sign))
			continue;
		error_hint(err, "%s", causes[i].advice);
		if (causes[i].sqlstate)
			set_state(err, causes[i].sqlstate);
	}
}

static bool set_refused(const PGconn *conn, struct error *err)
{
	struct buf line = {0};

	postgres_put_line(&line, PQerrorMessage(conn));
	error_set(err, ERROR_CONNECT, "cannot connect to PostgreSQL: %s",
		  line.n ? line.p : "no reason was given");
	if (line.n)
		advise(line.p, err);
	buf_free(&line);
	return false;
}

/* Seconds; 0 for no limit. The user's own may come from the connection, the
 * environment or a service file. */
static int timeout_of(PGconn *conn)
{
	PQconninfoOption *options = PQconninfo(conn);
	long seconds = TIMEOUT_S;

	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (strcmp(o->keyword, "connect_timeout") == 0 && o->val &&
		    o->val[0])
			seconds = strtol(o->val, NULL, 10);
	PQconninfoFree(options);
	return seconds < 0 || seconds > 1000000 ? 0 : (int)seconds;
}

static bool set_timeout(const PGconn *conn, int seconds, struct error *err)
{
	const char *host = PQhost(conn);

	error_set(err, ERROR_CONNECT,
		  "cannot connect to PostgreSQL: no answer from %s within %d "
		  "seconds",
		  host && *host ? host : "the server", seconds);
	set_state(err, "08001");
	return error_hint(err, "check host and port, and that no firewall is "
			       "between; connect_timeout=... of the connection "
			       "waits longer");
}

static bool follow(PGconn *conn, const atomic_int *interrupted,
		   struct error *err)
{
	PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
	int seconds = timeout_of(conn);
	struct clock clock = {0};
	int64_t end;

	clock_start(&clock);
	end = clock_ms(&clock) + seconds * INT64_C(1000);
	while (wants != PGRES_POLLING_OK) {
		struct pollfd fd = {.fd = PQsocket(conn), .events = POLLOUT};

		if (wants == PGRES_POLLING_READING)
			fd.events = POLLIN;
		if (interrupted && *interrupted)
			return error_set(err, ERROR_CANCELLED,
					 "the run was stopped before there was "
					 "a connection to PostgreSQL");
		if (seconds && clock_ms(&clock) > end)
			return set_timeout(conn, seconds, err);
		if (poll(&fd, 1, LOOK_MS) <= 0)
			continue;
		wants = PQconnectPoll(conn);
		if (wants == PGRES_POLLING_FAILED)
			return set_refused(conn, err);
	}
	return true;
}

bool postgres_connect(const struct profile *profile,
		      const atomic_int *interrupted, struct pg_conn **out,
		      struct error *err)
{
	const char *keys[] = {"dbname", "fallback_application_name",
			      "client_encoding", NULL};
	const char *values[] = {NULL, "weir", "UTF8", NULL};
	struct buf dsn = {0};
	bool ok;

	buf_add_str(&dsn, profile->connection);
	buf_addc(&dsn, '\0');
	values[0] = dsn.p;
	ok = is_readable(profile, dsn.p, err);
	if (ok) {
		*out = PQconnectStartParams(keys, values, 1);
		ok = PQstatus(*out) == CONNECTION_BAD
			     ? set_refused(*out, err)
			     : follow(*out, interrupted, err);
	}
	buf_free(&dsn);
	return ok;
}
