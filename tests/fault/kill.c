/*
 * Preloaded into weir by kill.py: counts the calls by which a run leaves
 * something behind, and kills the process at one of them, as kill -9 would.
 *
 * A call is a change of a file in .weir/, be it the journal or DuckDB's, a
 * message to a server, the first look at the answer, or one of DuckDB's
 * functions. KILL_AT is the number of the call, from 1, and
 * KILL_SIDE the moment: "before" it, "after" it, or "torn", when half of what
 * is written is there. Before an answer means that it has come and nobody has
 * read it. KILL_LOG names a file that gets a line for each call.
 *
 * Of the many pieces of a COPY the first, the second, the fourth and so on
 * count, and its end.
 */
#define _GNU_SOURCE /* RTLD_NEXT, dlvsym() */

#include <dlfcn.h>
#include <duckdb.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FD = 1024 };

/* C's own dlsym() is looked for by its versions, as dlsym() here is ours. */
static void *real_dlsym(void *handle, const char *name)
{
	static const char *const versions[] = {
		"GLIBC_2.34",
		"GLIBC_2.17",
		"GLIBC_2.2.5",
	};
	void *(*real)(void *, const char *);

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		void *p = dlvsym(RTLD_NEXT, "dlsym", versions[i]);

		if (!p)
			continue;
		memcpy(&real, &p, sizeof(p));
		return real(handle, name);
	}
	abort();
}

/* The function of that name that we stand before. */
static void next(const char *name, void *out)
{
	void *p = real_dlsym(RTLD_NEXT, name);

	if (!p)
		abort();
	memcpy(out, &p, sizeof(p));
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static void log_call(int number, const char *kind, const char *what)
{
	const char *path = getenv("KILL_LOG");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			     0644)
		      : -1;

	if (fd < 0)
		return;
	dprintf(fd, "%d\t%s\t%s\n", number, kind, what);
	close(fd);
}

/* Counts a call. Which moment it is killed at; NULL if it is not the one. */
static const char *count(const char *kind, const char *what)
{
	static atomic_int calls;
	const char *at = getenv("KILL_AT");
	int number = atomic_fetch_add(&calls, 1) + 1;

	log_call(number, kind, what);
	return at && atoi(at) == number ? getenv("KILL_SIDE") : NULL;
}

static void die_if(const char *moment, const char *side)
{
	if (moment && strcmp(moment, side) == 0)
		die();
}

/* The folder of what weir leaves, where the tests keep DuckDB's file, too. */
static bool is_ours(const char *path)
{
	return strstr(path, "/.weir/") != NULL;
}

static const char *count_path(const char *kind, const char *path)
{
	return is_ours(path) ? count(kind, path) : NULL;
}

static const char *count_file(const char *kind, int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return NULL;
	path[n] = '\0';
	return is_ours(path) ? count(kind, path) : NULL;
}

ssize_t write(int fd, const void *p, size_t n)
{
	const char *moment = count_file("write", fd);
	ssize_t (*real)(int, const void *, size_t);
	ssize_t result;

	next("write", &real);
	die_if(moment, "before");
	if (moment && strcmp(moment, "torn") == 0) {
		(void)!real(fd, p, n / 2);
		die();
	}
	result = real(fd, p, n);
	die_if(moment, "after");
	return result;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	const char *moment = count_file("pwrite", fd);
	ssize_t (*real)(int, const void *, size_t, off64_t);
	ssize_t result;

	next("pwrite64", &real);
	die_if(moment, "before");
	result = real(fd, p, n, at);
	die_if(moment, "after");
	return result;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

int fsync(int fd)
{
	const char *moment = count_file("fsync", fd);
	int (*real)(int);
	int result;

	next("fsync", &real);
	die_if(moment, "before");
	result = real(fd);
	die_if(moment, "after");
	return result;
}

int ftruncate64(int fd, off64_t size)
{
	const char *moment = count_file("ftruncate", fd);
	int (*real)(int, off64_t);
	int result;

	next("ftruncate64", &real);
	die_if(moment, "before");
	result = real(fd, size);
	die_if(moment, "after");
	return result;
}

int ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

int rename(const char *from, const char *to)
{
	const char *moment = count_path("rename", to);
	int (*real)(const char *, const char *);
	int result;

	next("rename", &real);
	die_if(moment, "before");
	result = real(from, to);
	die_if(moment, "after");
	return result;
}

int remove(const char *path)
{
	const char *moment = count_path("remove", path);
	int (*real)(const char *);
	int result;

	next("remove", &real);
	die_if(moment, "before");
	result = real(path);
	die_if(moment, "after");
	return result;
}

int mkdir(const char *path, mode_t mode)
{
	const char *moment = count_path("mkdir", path);
	int (*real)(const char *, mode_t);
	int result;

	next("mkdir", &real);
	die_if(moment, "before");
	result = real(path, mode);
	die_if(moment, "after");
	return result;
}

/* By socket: how many messages went out since something was read. */
static atomic_int *sent_on(int fd)
{
	static atomic_int sent[MAX_FD];

	return fd >= 0 && fd < MAX_FD ? &sent[fd] : NULL;
}

static bool is_end_of_copy(const char *p, size_t n)
{
	static const char end[] = {'c', 0, 0, 0, 4};

	return n >= sizeof(end) &&
	       memcmp(p + n - sizeof(end), end, sizeof(end)) == 0;
}

/* What is readable of a message, for the log. */
static const char *count_message(const char *p, size_t n)
{
	char text[80];
	size_t len = 0;

	for (size_t i = 0; i < n && len < sizeof(text) - 1; i++)
		if (p[i] >= ' ' && p[i] < 0x7f)
			text[len++] = p[i];
	text[len] = '\0';
	return count("send", text);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
	atomic_int *sent = sent_on(fd);
	int before = sent ? atomic_fetch_add(sent, 1) : 0;
	const char *moment = NULL;
	ssize_t (*real)(int, const void *, size_t, int);
	ssize_t result;

	next("send", &real);
	if ((before & (before - 1)) == 0 || is_end_of_copy(p, n))
		moment = count_message(p, n);
	die_if(moment, "before");
	result = real(fd, p, n, flags);
	die_if(moment, "after");
	return result;
}

static void wait_for_answer(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	poll(&p, 1, -1);
}

ssize_t recv(int fd, void *p, size_t n, int flags)
{
	atomic_int *sent = sent_on(fd);
	const char *moment = NULL;
	ssize_t (*real)(int, void *, size_t, int);
	ssize_t result;

	next("recv", &real);
	if (sent && atomic_exchange(sent, 0) > 0)
		moment = count("answer", "");
	if (moment)
		wait_for_answer(fd);
	die_if(moment, "before");
	result = real(fd, p, n, flags);
	die_if(moment, "after");
	return result;
}

/* DuckDB's functions that do something, as weir finds them by dlsym(). */
static struct {
	duckdb_state (*open_ext)(const char *, duckdb_database *, duckdb_config,
				 char **);
	duckdb_state (*execute_prepared)(duckdb_prepared_statement,
					 duckdb_result *);
	duckdb_state (*query)(duckdb_connection, const char *, duckdb_result *);
	duckdb_state (*append_data_chunk)(duckdb_appender, duckdb_data_chunk);
	duckdb_state (*appender_close)(duckdb_appender);
	void (*disconnect)(duckdb_connection *);
	void (*close)(duckdb_database *);
} duck;

static duckdb_state open_ext(const char *path, duckdb_database *out,
			     duckdb_config config, char **message)
{
	const char *moment = count("duckdb_open_ext", path);
	duckdb_state result;

	die_if(moment, "before");
	result = duck.open_ext(path, out, config, message);
	die_if(moment, "after");
	return result;
}

static duckdb_state execute_prepared(duckdb_prepared_statement statement,
				     duckdb_result *out)
{
	const char *moment = count("duckdb_execute_prepared", "");
	duckdb_state result;

	die_if(moment, "before");
	result = duck.execute_prepared(statement, out);
	die_if(moment, "after");
	return result;
}

static duckdb_state query(duckdb_connection connection, const char *sql,
			  duckdb_result *out)
{
	const char *moment = count("duckdb_query", sql);
	duckdb_state result;

	die_if(moment, "before");
	result = duck.query(connection, sql, out);
	die_if(moment, "after");
	return result;
}

static duckdb_state append_data_chunk(duckdb_appender appender,
				      duckdb_data_chunk chunk)
{
	const char *moment = count("duckdb_append_data_chunk", "");
	duckdb_state result;

	die_if(moment, "before");
	result = duck.append_data_chunk(appender, chunk);
	die_if(moment, "after");
	return result;
}

static duckdb_state appender_close(duckdb_appender appender)
{
	const char *moment = count("duckdb_appender_close", "");
	duckdb_state result;

	die_if(moment, "before");
	result = duck.appender_close(appender);
	die_if(moment, "after");
	return result;
}

static void disconnect(duckdb_connection *connection)
{
	const char *moment = count("duckdb_disconnect", "");

	die_if(moment, "before");
	duck.disconnect(connection);
	die_if(moment, "after");
}

static void close_database(duckdb_database *database)
{
	const char *moment = count("duckdb_close", "");

	die_if(moment, "before");
	duck.close(database);
	die_if(moment, "after");
}

/* Keeps the function that was found, and gives ours in its place. */
#define INSTEAD(symbol, member, ours)                                          \
	if (strcmp(name, symbol) == 0) {                                       \
		__typeof__(duck.member) own = ours;                            \
                                                                               \
		memcpy(&duck.member, &found, sizeof(found));                   \
		memcpy(&found, &own, sizeof(own));                             \
	}

void *dlsym(void *restrict handle, const char *restrict name)
{
	void *found = real_dlsym(handle, name);

	if (!found)
		return NULL;
	INSTEAD("duckdb_open_ext", open_ext, open_ext)
	INSTEAD("duckdb_execute_prepared", execute_prepared, execute_prepared)
	INSTEAD("duckdb_query", query, query)
	INSTEAD("duckdb_append_data_chunk", append_data_chunk,
		append_data_chunk)
	INSTEAD("duckdb_appender_close", appender_close, appender_close)
	INSTEAD("duckdb_disconnect", disconnect, disconnect)
	INSTEAD("duckdb_close", close, close_database)
	return found;
}
