/* The first cause is kept: what fails because of it says less. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (err->kind != ERROR_NONE)
		return false;
	err->kind = kind;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return false;
}

bool error_errno(struct error *err, const char *fmt, ...)
{
	int cause = errno;
	char text[512], why[128] = "unknown error";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* strerror() is not for several threads. */
	strerror_r(cause, why, sizeof(why));
	return error_set(err, ERROR_IO, "%s: %s", text, why);
}

bool error_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
	return false;
}

bool error_prefix(struct error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n = strlen(text);
	snprintf(text + n, sizeof(text) - n, ": %.*s", (int)(sizeof(text) - n),
		 err->text);
	memcpy(err->text, text, sizeof(text));
	return false;
}
