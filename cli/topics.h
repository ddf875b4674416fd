/* Pages of help about something else than a command. */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

#include <stdio.h>

#include "base/error.h"
#include "base/str.h"

struct topic {
	const char *name; /* NULL ends the list */
	const char *summary;
	const char *text;       /* or: */
	void (*print)(FILE *f); /* writes it */
};

extern const struct topic topics[];

const struct topic *topic_find(struct str name);
void topic_print(const struct topic *topic, FILE *f);

#endif
