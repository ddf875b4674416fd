/*
 * Replays a fuzz target's corpus without libFuzzer, so that "make check" runs
 * every input that ever mattered with any compiler. Each file is one TAP
 * test: surviving it is passing. The folder follows from the program's name:
 * fuzz_sqlx reads tests/fuzz/corpus/sqlx.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, got;
	uint8_t chunk[4096];

	if (!file) {
		perror(path);
		exit(1);
	}
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0) {
		data = realloc(data, size + got);
		if (!data)
			abort();
		memcpy(data + size, chunk, got);
		size += got;
	}
	fclose(file);
	/* An exact block, so that a sanitizer sees reads past its end. */
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/');
	const char *target = strstr(base ? base : argv[0], "fuzz_");
	char folder[4096], path[8192];
	struct dirent **entries;
	int n;

	if (!target)
		return 2;
	snprintf(folder, sizeof(folder), "tests/fuzz/corpus/%s", target + 5);
	n = scandir(argc > 1 ? argv[1] : folder, &entries, visible, alphasort);
	if (n < 1) {
		printf("Bail out! no input in %s\n", folder);
		return 1;
	}
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s",
			 argc > 1 ? argv[1] : folder, entries[i]->d_name);
		replay(path);
		printf("ok %d - survives %s\n", i + 1, entries[i]->d_name);
		fflush(stdout);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
