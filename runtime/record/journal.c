/*
 * Lines are synced to the disk in groups, at most 100 ms late: after a power
 * loss the warehouse is asked anyway, about what the plan says, which is synced
 * at once. A line behind the plan that cannot be written is no reason to stop a
 * run; it is reported at the end.
 */
#include "runtime/record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/sha256.h"
#include "compiler/graph.h"
#include "runtime/clock.h"
#include "runtime/run.h"

enum { SYNC_AFTER_MS = 100 };

struct journal {
	int fd;
	int64_t dirty_since_ms; /* 0: everything is on the disk */
	struct arena *arena;    /* of one line */
	struct json_writer w;
	struct error failed; /* nothing is written after that */
};

/* A new file's name is on the disk with its folder only; where a folder cannot
 * be synced there is no more to do. */
static void sync_folder(struct journal *j, const char *path)
{
	struct str folder = path_folder(str_of(path));
	int fd = open(folder.n ? arena_cstr(j->arena, folder) : ".",
		      O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	arena_reset(j->arena);
}

/* A lock of this kind is the process's, and goes with it. */
static void hold(int fd)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	(void)fcntl(fd, F_SETLK, &all);
}

bool journal_open(const char *path, struct journal **out, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
		      0644);

	if (fd < 0)
		return error_errno(err, "cannot write %s", path);
	hold(fd);
	*out = mem_zalloc(sizeof(**out));
	(*out)->fd = fd;
	(*out)->arena = arena_new();
	sync_folder(*out, path);
	return true;
}

static void sync_now(struct journal *j)
{
	if (j->dirty_since_ms == 0)
		return;
	j->dirty_since_ms = 0;
	if (fsync(j->fd) != 0)
		error_errno(&j->failed, "cannot write the journal");
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	sync_now(j);
	close(j->fd);
	arena_free(j->arena);
	free(j);
}

static struct json_writer *begin_line(struct journal *j, const char *event,
				      int64_t now_ms)
{
	json_start(&j->w, NULL, 0);
	json_begin_object(&j->w);
	json_put_str(&j->w, "time", clock_text(j->arena, now_ms));
	json_put_str(&j->w, "event", str_of(event));
	return &j->w;
}

/* What follows a line that was cut short would make it look whole: only its
 * rest may. */
static void write_line(struct journal *j, struct str line)
{
	while (line.n && j->failed.kind == ERROR_NONE) {
		ssize_t n = write(j->fd, line.p, line.n);

		if (n >= 0)
			line = str_sub(line, (size_t)n, line.n);
		else if (errno != EINTR)
			error_errno(&j->failed, "cannot write the journal");
	}
}

static void end_line(struct journal *j, int64_t now_ms)
{
	json_end_object(&j->w);
	buf_addc(&j->w.out, '\n');
	write_line(j, buf_str(&j->w.out));
	if (j->dirty_since_ms == 0)
		j->dirty_since_ms = now_ms;
	buf_free(&j->w.out);
	arena_reset(j->arena);
}

/* A value that is a secret's is not kept: who wants it again must say so. */
static void put_asked(struct journal *j, const struct secrets *secrets,
		      const struct value *v)
{
	struct json_writer *w = &j->w;

	switch ((enum value_kind)v->kind) {
	case VALUE_OBJECT:
		json_begin_object(w);
		for (uint32_t i = 0; i < v->n; i++) {
			json_key_str(w, v->members[i].key);
			put_asked(j, secrets, &v->members[i].value);
		}
		json_end_object(w);
		break;
	case VALUE_ARRAY:
		json_begin_array(w);
		for (uint32_t i = 0; i < v->n; i++)
			put_asked(j, secrets, &v->items[i]);
		json_end_array(w);
		break;
	case VALUE_STRING:
		if (secrets_hide(secrets, j->arena, v->string).p == v->string.p)
			json_str(w, v->string);
		else
			json_null(w);
		break;
	default:
		json_value(w, v);
	}
}

void journal_start(struct journal *j, const struct run *r,
		   const struct value *asked)
{
	const struct profile *profile = r->graph->profile;
	struct json_writer *w = begin_line(j, "start", r->started_ms);

	json_put_int(w, "version", 1);
	json_put_str(w, "run", r->id);
	json_put_str(w, "target", profile->name);
	json_put_str(w, "warehouse", str_of(profile->dialect->name));
	if (r->resumes.p)
		json_put_str(w, "resumes", r->resumes);
	if (asked) {
		json_key(w, "asked");
		put_asked(j, &profile->secrets, asked);
	}
	end_line(j, r->started_ms);
}

static void put_step(struct journal *j, const struct run *r, uint32_t step,
		     const char *status, int64_t now_ms)
{
	const struct step *s = &r->steps[step];
	const struct target *t = &r->graph->actions[s->action].target;
	struct json_writer *w = begin_line(j, "action", now_ms);

	json_put_str(w, "name", target_short(j->arena, t));
	json_put_str(w, "type", str_of(step_type_name(r, s)));
	json_put_str(w, "do", str_of(deed_name(s->deed)));
	json_put_str(w, "status", str_of(status));
	json_put_str(w, "hash", str_of(s->hash));
	if (s->rows >= 0)
		json_put_int(w, "rows", s->rows);
	if (s->reused && s->warned)
		json_put_bool(w, "warned", true);
	if (s->error.kind != ERROR_NONE)
		json_put_str(w, "error", str_of(s->error.text));
	if (s->in_doubt)
		json_put_bool(w, "inDoubt", true);
	if (s->cause != UINT32_MAX) {
		t = &r->graph->actions[r->steps[s->cause].action].target;
		json_put_str(w, "cause", target_short(j->arena, t));
	}
	end_line(j, now_ms);
}

void journal_hash(struct str text, char out[STEP_HASH + 1])
{
	char hash[SHA256_HEX + 1];
	struct sha256 h;

	sha256_init(&h);
	sha256_add(&h, text.p, text.n);
	sha256_hex(&h, hash);
	memcpy(out, hash, STEP_HASH);
	out[STEP_HASH] = '\0';
}

/* Two that look the same with their secrets hidden have other hashes. */
static void put_database(struct journal *j, const struct run *r)
{
	const struct secrets *secrets = &r->graph->profile->secrets;
	char hash[STEP_HASH + 1];

	if (!r->database.p)
		return;
	journal_hash(r->database, hash);
	json_put_str(&j->w, "database",
		     secrets_hide(secrets, j->arena, r->database));
	json_put_str(&j->w, "databaseHash", str_of(hash));
}

bool journal_plan(struct journal *j, const struct run *r, int64_t now_ms,
		  struct error *err)
{
	bool must_last = false;

	for (uint32_t i = 0; i < r->nsteps; i++) {
		const struct step *s = &r->steps[i];

		if (!s->reused && !s->once && !s->resumed)
			continue;
		must_last = true;
		put_step(j, r, i,
			 step_status_name(s->reused ? STATUS_REUSED
						    : STATUS_WAITING),
			 now_ms);
	}
	json_put_int(begin_line(j, "plan", now_ms), "actions", r->nsteps);
	put_database(j, r);
	end_line(j, now_ms);
	if (!must_last)
		return true;
	sync_now(j);
	return journal_is_whole(j, err) ||
	       error_hint(err, "without it a resume would not know what this "
			       "run may have done: nothing was started");
}

void journal_step(struct journal *j, const struct run *r, uint32_t step,
		  int64_t now_ms)
{
	const struct step *s = &r->steps[step];

	if (s->status != STATUS_REUSED)
		put_step(j, r, step, step_outcome_name(s), now_ms);
}

void journal_retry(struct journal *j, const struct run *r,
		   const struct retry *t, int64_t now_ms)
{
	uint32_t id = r->steps[t->step].action;
	struct json_writer *w = begin_line(j, "retry", now_ms);

	json_put_str(w, "name",
		     target_short(j->arena, &r->graph->actions[id].target));
	json_put_int(w, "attempt", t->attempt);
	json_put_str(w, "error", str_of(t->error->text));
	if (t->error->sqlstate[0])
		json_put_str(w, "sqlstate", str_of(t->error->sqlstate));
	json_put_int(w, "waitMilliseconds", t->wait_ms);
	end_line(j, now_ms);
}

void journal_end(struct journal *j, const struct run *r)
{
	struct json_writer *w = begin_line(j, "end", r->ended_ms);
	struct str error = str_of(r->error.text);

	json_put_str(w, "status", str_of(run_status_name(r->status)));
	if (error.n)
		json_put_str(w, "error",
			     str_sub(error, 0, str_bad_utf8(error)));
	end_line(j, r->ended_ms);
	sync_now(j);
}

void journal_tick(struct journal *j, int64_t now_ms)
{
	if (j->dirty_since_ms && now_ms - j->dirty_since_ms >= SYNC_AFTER_MS)
		sync_now(j);
}

bool journal_is_whole(const struct journal *j, struct error *err)
{
	if (j->failed.kind == ERROR_NONE)
		return true;
	*err = j->failed;
	return false;
}
