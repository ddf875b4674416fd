/*
 * direct DATABASE FILE...: runs the statements of each file, one a line, over a
 * connection and in a thread of its own, through DuckDB's library and nothing
 * else. The peer of views.py.
 */
#include <dlfcn.h>
#include <duckdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 64 };

static struct {
	duckdb_state (*open)(const char *path, duckdb_database *out);
	duckdb_state (*connect)(duckdb_database db, duckdb_connection *out);
	duckdb_state (*query)(duckdb_connection c, const char *sql,
			      duckdb_result *out);
	void (*disconnect)(duckdb_connection *c);
	void (*close)(duckdb_database *db);
} lib;

struct part {
	duckdb_connection connection;
	pthread_t thread;
	FILE *file;
};

static void insist(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "direct: %s failed\n", what);
	exit(1);
}

static void find(void *handle, const char *name, void *to)
{
	void *symbol = dlsym(handle, name);

	insist(symbol != NULL, name);
	memcpy(to, &symbol, sizeof(symbol));
}

static void load(void)
{
	const char *path = getenv("WEIR_DUCKDB_LIBRARY");
	void *handle = dlopen(path ? path : "libduckdb.so", RTLD_LAZY);

	insist(handle != NULL, "dlopen");
	find(handle, "duckdb_open", &lib.open);
	find(handle, "duckdb_connect", &lib.connect);
	find(handle, "duckdb_query", &lib.query);
	find(handle, "duckdb_disconnect", &lib.disconnect);
	find(handle, "duckdb_close", &lib.close);
}

static void *work(void *ctx)
{
	struct part *p = ctx;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, p->file) > 0)
		insist(lib.query(p->connection, line, NULL) == DuckDBSuccess,
		       line);
	free(line);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct part parts[MAX_FILES];
	duckdb_database db;
	int n = argc - 2;

	insist(n > 0 && n <= MAX_FILES, "direct DATABASE FILE...");
	load();
	insist(lib.open(argv[1], &db) == DuckDBSuccess, "duckdb_open");
	for (int i = 0; i < n; i++) {
		struct part *p = &parts[i];

		p->file = fopen(argv[i + 2], "r");
		insist(p->file != NULL, argv[i + 2]);
		insist(lib.connect(db, &p->connection) == DuckDBSuccess,
		       "duckdb_connect");
		insist(pthread_create(&p->thread, NULL, work, p) == 0,
		       "pthread_create");
	}
	for (int i = 0; i < n; i++) {
		pthread_join(parts[i].thread, NULL);
		fclose(parts[i].file);
		lib.disconnect(&parts[i].connection);
	}
	lib.close(&db);
	return 0;
}
