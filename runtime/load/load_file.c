/*
 * A file in blocks. A record is handed out where it lies in the buffer; what
 * is left of it at the end of a block moves to the front and is read on. The
 * byte behind a record is always a line feed, so that scanners need no other
 * mark for its end.
 */
#include "runtime/load/load_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "runtime/stopper.h"

enum { BLOCK = 256 * 1024, VALUE_SHOWN = 60 };

void load_file_start(struct load_file *f, int fd)
{
	f->fd = fd;
	f->cap = BLOCK;
	f->buf = mem_alloc(f->cap + 1);
	f->start = f->end = 0;
	f->eof = false;
	f->line = f->record_line = 1;
	sha256_init(&f->hash);
}

bool load_file_open(struct load_file *f, const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return error_errno(err, "cannot read %s", f->name);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return error_set(err, ERROR_IO, "%s is no regular file",
				 f->name);
	}
	load_file_start(f, fd);
	return true;
}

void load_file_close(struct load_file *f)
{
	close(f->fd);
	free(f->buf);
	sha256_free(&f->hash);
}

/* Reads more behind what is there. */
static bool fill(struct load_file *f, struct error *err)
{
	size_t used = f->end - f->start;
	ssize_t got;

	if (!stopper_goes_on(f->stop, err))
		return false;
	memmove(f->buf, f->buf + f->start, used);
	f->start = 0;
	f->end = used;
	if (f->end == f->cap) {
		if (f->cap >= LOAD_RECORD_MAX)
			return load_file_error(f, err,
					       "this row is longer than %d MB",
					       LOAD_RECORD_MAX >> 20);
		f->cap *= 2;
		f->buf = mem_realloc(f->buf, f->cap + 1);
	}
	do
		got = read(f->fd, f->buf + f->end, f->cap - f->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, "cannot read %s", f->name);
	f->eof = got == 0;
	sha256_add(&f->hash, f->buf + f->end, (size_t)got);
	f->end += (size_t)got;
	return true;
}

bool load_file_hash(const char *path, const char *name,
		    const struct stopper *stop, char out[SHA256_HEX + 1],
		    struct error *err)
{
	struct load_file f = {.name = name, .stop = stop};
	bool ok = true;

	if (!load_file_open(&f, path, err))
		return false;
	while (ok && !f.eof) {
		f.start = f.end;
		ok = fill(&f, err);
	}
	if (ok)
		sha256_hex(&f.hash, out);
	load_file_close(&f);
	return ok;
}

static bool quotes_are_odd(const char *p, const char *end)
{
	bool odd = false;

	while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		odd = !odd;
		p++;
	}
	return odd;
}

static void take_record(struct load_file *f, size_t n, uint64_t lines, char **p,
			size_t *len)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, by Excel */

	*p = f->buf + f->start;
	f->start += n < f->end - f->start ? n + 1 : n;
	if (f->line == 1 && n >= 3 && memcmp(*p, mark, 3) == 0) {
		*p += 3;
		n -= 3;
	}
	f->line += lines;
	if (n && (*p)[n - 1] == '\r')
		n--;
	(*p)[n] = '\n';
	*len = n;
}

bool load_file_record(struct load_file *f, enum load_quotes quotes, char **p,
		      size_t *n, struct error *err)
{
	size_t done = 0; /* of the record, searched */
	uint64_t lines = 0;
	bool odd = false;

	for (;;) {
		char *from = f->buf + f->start + done;
		size_t rest = f->end - f->start - done;
		char *nl = memchr(from, '\n', rest);

		if (!nl && !f->eof) {
			if (!fill(f, err))
				return false;
			continue;
		}
		if (!nl && done + rest == 0) {
			*p = NULL;
			return true;
		}
		if (!nl)
			nl = from + rest;
		lines++;
		if (quotes == LOAD_QUOTES)
			odd ^= quotes_are_odd(from, nl);
		done = (size_t)(nl - (f->buf + f->start));
		if (!odd || nl == f->buf + f->end)
			break;
		done++;
	}
	take_record(f, done, lines, p, n);
	f->record_line = f->line - lines;
	return true;
}

bool load_file_error(const struct load_file *f, struct error *err,
		     const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	error_set(err, ERROR_IO, "%s:%llu: %s", f->name,
		  (unsigned long long)f->record_line, text);
	return error_hint(err, "nothing of this file was loaded: correct it "
			       "and run again");
}

/* At most VALUE_SHOWN bytes of its first line, in whole characters. */
static int shown(struct str value)
{
	size_t n = str_find(value, '\n', 0);

	if (n <= VALUE_SHOWN)
		return (int)n;
	n = VALUE_SHOWN;
	while (n && ((unsigned char)value.p[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

bool load_value_error(const struct load_file *f, uint32_t column,
		      struct str value, struct error *err)
{
	const struct cell_column *c = &f->columns[column];
	int n = shown(value);

	return load_file_error(f, err, "\"%.*s%s\" in column \"%.*s\" is no %s",
			       n, value.p, (size_t)n < value.n ? "..." : "",
			       STR_ARG(c->name), cell_type_name(c->type));
}
