/*
 * A journal is read line by line, and the last line about an action counts.
 * Whoever writes one holds a lock of the kind that ends with its process, so
 * that a run that has no end is either held by somebody or was killed.
 */
#include "runtime/record/journal_read.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"

enum { JOURNAL_SIZE_MAX = 1 << 30 };

struct reader {
	const char *path;
	struct arena *arena;
	struct past_run *run;
	struct past_action **v; /* as they come */
	size_t n, cap;
	unsigned line;
	struct error *err;
};

long journal_holder(const char *path)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool held = fd >= 0 && fcntl(fd, F_GETLK, &all) == 0 &&
		    all.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held ? (long)all.l_pid : 0;
}

static bool refuse(struct reader *r, const char *what)
{
	error_set(r->err, ERROR_IO, "%s, line %u: %s", r->path, r->line, what);
	return error_hint(r->err, JOURNAL_HELP);
}

static int64_t number_at(const struct value *v, const char *key, int64_t other)
{
	const struct value *n = value_get(v, key);

	return n && n->kind == VALUE_NUMBER ? (int64_t)n->number : other;
}

static bool read_start(struct reader *r, const struct value *v)
{
	struct past_run *run = r->run;
	const struct value *asked = value_get(v, "asked");

	if (r->line != 1)
		return refuse(r, "a run starts once");
	if (number_at(v, "version", 0) != 1)
		return refuse(r, "another version of weir has written this");
	run->id = value_get_str(v, "run");
	run->target = value_get_str(v, "target");
	run->warehouse = value_get_str(v, "warehouse");
	run->resumes = value_get_str(v, "resumes");
	run->started = value_get_str(v, "time");
	if (!run->id.n || !run->warehouse.n)
		return refuse(r, "it is not known which run this is");
	if (asked)
		run->asked = value_copy(r->arena, *asked);
	return true;
}

static struct past_action *action_of(struct reader *r, struct str name)
{
	struct past_action *a = map_get(&r->run->by_name, name);

	if (a)
		return a;
	a = ARENA_NEW(r->arena, struct past_action, 1);
	a->name = name;
	map_put(&r->run->by_name, name, a);
	VEC_PUSH(r->arena, r, a);
	return a;
}

static bool read_action(struct reader *r, const struct value *v)
{
	struct str name = value_get_str(v, "name");
	struct str status = value_get_str(v, "status");
	struct past_action *a;

	if (!name.n || !status.n)
		return refuse(r, "an action has no name or no status");
	a = action_of(r, name);
	a->type = value_get_str(v, "type");
	a->deed = value_get_str(v, "do");
	a->status = status;
	a->hash = value_get_str(v, "hash");
	a->error = value_get_str(v, "error");
	a->cause = value_get_str(v, "cause");
	a->rows = number_at(v, "rows", -1);
	a->warned = str_is(status, "warn") || value_get(v, "warned") != NULL;
	a->in_doubt = value_get(v, "inDoubt") != NULL;
	if (str_is(status, "running"))
		a->started = value_get_str(v, "time");
	else if (!str_is(status, "waiting"))
		a->ended = value_get_str(v, "time");
	return true;
}

static bool read_event(struct reader *r, const struct value *v)
{
	struct str event = value_get_str(v, "event");
	struct past_run *run = r->run;

	if (!event.n || !value_get_str(v, "time").n)
		return refuse(r, "this is no line of a journal");
	if (str_is(event, "start"))
		return read_start(r, v);
	if (!run->id.n)
		return refuse(r, "the journal does not begin with its start");
	if (run->status.n)
		return refuse(r, "there is more behind the end");
	run->ended = value_get_str(v, "time");
	if (str_is(event, "action"))
		return read_action(r, v);
	if (str_is(event, "plan")) {
		run->planned = true;
		run->nactions = (uint32_t)number_at(v, "actions", 0);
		run->database = value_get_str(v, "database");
		run->database_hash = value_get_str(v, "databaseHash");
	} else if (str_is(event, "end")) {
		run->status = value_get_str(v, "status");
		run->error = value_get_str(v, "error");
		return run->status.n ||
		       refuse(r, "the run has no status at its end");
	}
	return true; /* what later versions add */
}

static bool read_line(struct reader *r, struct str line)
{
	struct error why = {0};
	struct position at;
	struct value v;

	r->line++;
	if (!json_parse(line, r->arena, &v, &at, &why) ||
	    v.kind != VALUE_OBJECT)
		return refuse(r, "this is no line of a journal");
	return read_event(r, &v);
}

static void list_actions(struct reader *r)
{
	struct past_run *run = r->run;

	run->n = (uint32_t)r->n;
	run->actions = ARENA_NEW(r->arena, struct past_action, r->n);
	map_init(&run->by_name, r->arena);
	for (uint32_t i = 0; i < run->n; i++) {
		run->actions[i] = *r->v[i];
		map_put(&run->by_name, run->actions[i].name, &run->actions[i]);
	}
}

bool journal_read(const char *path, struct arena *arena, struct past_run *out,
		  struct error *err)
{
	struct reader r = {
		.path = path, .arena = arena, .run = out, .err = err};
	struct str text;

	*out = (struct past_run){.holder = journal_holder(path)};
	map_init(&out->by_name, arena);
	if (!file_read(path, JOURNAL_SIZE_MAX, arena, &text, err))
		return false;
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find(text, '\n', at);
		if (end == text.n)
			break;
		if (!read_line(&r, str_sub(text, at, end)))
			return false;
	}
	list_actions(&r);
	return true;
}

struct str past_status(const struct past_run *r)
{
	if (r->status.n)
		return r->status;
	return r->holder ? STR("running") : STR("killed");
}

bool past_is_done(const struct past_action *a)
{
	return str_is(a->status, "ok") || str_is(a->status, "warn") ||
	       str_is(a->status, "reused");
}
