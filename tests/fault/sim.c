/*
 * Runs over a warehouse that fails, loses connections, is in doubt, delays and
 * kills its client, all by a seed: once with each fault at each call of a
 * fixed graph, and with random graphs and faults.
 *
 * A run has lives: when a fault ends its process, or it ends badly, another
 * resumes it, until one ends that met no fault. Then another run begins, as
 * the next day's would, which finds what the first has made. What the
 * warehouse then holds must be what it holds after runs without any fault, and
 * after each life what the run said must be what the warehouse has.
 *
 * SEEDS is how many; SEED=7 and FAULT=7 repeat one and show its calls;
 * EVERY=7 tries one of seven calls.
 */
#define _XOPEN_SOURCE   700 /* nftw() */
#define _DEFAULT_SOURCE     /* MAP_ANONYMOUS */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/record/runs.h"
#include "tests/fault/sim_check.h"
#include "tests/fault/sim_graph.h"
#include "tests/fault/sim_warehouse.h"
#include "tests/unit/graph_maker.h"

enum {
	CHAINS = 2,
	LIVES_MAX = 30,
	BAD_LIVES = 4,
	MINUTE_MS = 60000,
	DAY_MS = 86400000
};

struct totals {
	uint64_t trials, lives, calls, faults, bad;
};

struct trial {
	struct sim_world *world, *expected;
	struct made made;
	char root[64];
	int jobs;
	int fault_chain; /* -1: by chance */
	uint32_t fault_at, most_calls;
	struct str chain_began; /* as journals write it */
	struct totals *totals;
};

static void *shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

static void reset(struct sim_world *w, uint64_t seed)
{
	memset(w, 0, sizeof(*w));
	w->chance = seed;
	w->clock_ms = INT64_C(1800000000000);
	for (int i = 0; i < SIM_LOCKS_MAX; i++)
		w->locks[i].owner = -1;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static struct sim_step *tell(struct sim_world *w, const struct run *r,
			     uint32_t step)
{
	const struct step *s = &r->steps[step];
	const struct target *t = &r->graph->actions[s->action].target;
	char name[SIM_NAME];
	struct sim_step *told;

	snprintf(name, sizeof(name), "%.*s.%.*s", STR_ARG(t->schema),
		 STR_ARG(t->name));
	told = sim_step_of(w, name);
	told->is_told = true;
	told->status = s->status;
	told->in_doubt = s->error.in_doubt;
	return told;
}

static void planned(void *ctx, const struct run *r)
{
	struct sim *s = ctx;

	snprintf(s->world->run, sizeof(s->world->run), "%.*s", STR_ARG(r->id));
}

static void changed(void *ctx, const struct run *r, uint32_t step)
{
	struct sim *s = ctx;

	sim_note(s, tell(s->world, r, step)->name);
}

static void tick(void *ctx, const struct run *r)
{
	(void)ctx;
	(void)r;
}

/* Of this chain's runs the newest that wrote anything. */
static struct str last_run(struct trial *t)
{
	struct arena *arena = t->made.arena;
	struct error err = {0};
	struct run_list all;

	if (!runs_list(t->root, arena, &all, &err))
		return (struct str){0};
	for (size_t i = 0; i < all.n; i++) {
		struct past_run past;

		if (str_cmp(all.v[i].order, t->chain_began) < 0)
			break;
		if (run_folder_read(&all.v[i], arena, &past, &err))
			return all.v[i].id;
	}
	return (struct str){0};
}

static void live(struct trial *t, struct sim_world *w, struct str resumed)
{
	struct sim sim;
	struct run_observer observer = {
		.ctx = &sim,
		.planned = planned,
		.changed = changed,
		.tick = tick,
	};
	struct run_options options = {
		.selected = t->made.selected,
		.jobs = t->jobs,
		.retry_limit = SIM_RETRIES,
		.interrupted = &sim.interrupted,
	};
	struct arena *arena = arena_new();
	struct error err = {0};
	struct past_run past;
	struct run run;

	sim_start(&sim, w, &t->made.profile);
	if (resumed.n) {
		options.resumes = &past;
		w->is_over = !runs_to_resume(t->root, resumed, STR(""), arena,
					     &past, &err);
		if (w->trace && w->is_over)
			fprintf(stderr, "  %s\n", err.text);
		if (w->is_over)
			return;
	}
	if (!run_graph_over(&sim.connector, &t->made.graph, &options, &observer,
			    arena, &run, &err)) {
		w->was_locked = err.kind == ERROR_LOCKED;
		if (w->trace)
			fprintf(stderr, "  %s\n", err.text);
	}
	w->has_ended = true;
	w->status = run.status;
	for (uint32_t i = 0; i < run.nsteps; i++)
		tell(w, &run, i);
	sim_check_quiet(w);
	arena_free(arena);
}

static void begin_life(struct sim_world *w)
{
	w->calls = 0;
	w->life++;
	w->nfaults = 0;
	w->clock_ms += 1000 + sim_below(w, MINUTE_MS);
	w->has_ended = w->was_locked = w->is_over = false;
	w->run[0] = '\0';
	for (uint32_t i = 0; i < w->nsteps; i++) {
		struct sim_step *s = &w->steps[i];

		s->sent = 0;
		s->is_told = s->in_doubt = false;
		s->before = sim_relation(w, sim_last_relation(s))->effects;
	}
}

/* In a process of its own, which a fault may end. */
static void live_apart(struct trial *t, struct sim_world *w, struct str resumed)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		live(t, w, resumed);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) ||
	    (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != SIM_DIED))
		sim_broken(w, "the process ended with status %d", status);
}

/* How it ended is in the world. */
static void run_life(struct trial *t, struct sim_world *w, struct str resumed)
{
	begin_life(w);
	if (w->fault_at || w->fault_one_of)
		live_apart(t, w, resumed);
	else
		live(t, w, resumed);
	sim_check_told(w);
	sim_check_effects(w);
	t->totals->lives++;
	t->totals->calls += w->calls;
	t->totals->faults += w->nfaults;
	if (w->calls > t->most_calls)
		t->most_calls = w->calls;
}

static void drain(struct sim_world *w)
{
	while (sim_has_zombies(w))
		sim_zombie_step(w);
	sim_check_effects(w);
}

static void begin_chain(struct trial *t, struct sim_world *w)
{
	w->life = 0;
	w->clock_ms += MINUTE_MS;
	t->chain_began = clock_text(t->made.arena, w->clock_ms);
	for (uint32_t i = 0; i < w->nrelations; i++)
		w->relations[i].effects = 0;
}

/* A run and those that resume it, until one ends well or met no fault. */
static void run_chain(struct trial *t)
{
	struct sim_world *w = t->world;
	uint32_t one_of = w->fault_one_of;
	bool good = false;

	begin_chain(t, w);
	while (!good && !w->broken[0]) {
		if (w->life >= BAD_LIVES)
			w->fault_one_of = 0;
		if (w->life >= LIVES_MAX)
			sim_broken(w, "the run never ended well");
		if (w->trace)
			fprintf(stderr, "life %u:\n", w->life + 1);
		run_life(t, w, last_run(t));
		sim_check_journal(w, t->root, t->made.arena);
		w->fault_at = 0;
		if (w->was_locked || sim_below(w, 2) == 0)
			sim_zombie_step(w);
		good = w->is_over || (w->has_ended && !w->was_locked &&
				      (w->status == RUN_OK || !w->nfaults));
	}
	w->fault_one_of = one_of;
}

static void expect(struct trial *t)
{
	memcpy(t->expected, t->world, sizeof(*t->world));
	t->expected->fault_at = t->expected->fault_one_of = 0;
	t->expected->trace = false;
	t->expected->clock_ms -= DAY_MS; /* no run of the others' time */
	for (int i = 0; i < CHAINS; i++) {
		begin_chain(t, t->expected);
		run_life(t, t->expected, (struct str){0});
		if (!t->expected->has_ended)
			sim_broken(t->world, "a run without faults fails: %s",
				   t->expected->broken);
	}
}

/* The graph is made. */
static void run_trial(struct trial *t)
{
	struct sim_world *w = t->world;

	snprintf(t->root, sizeof(t->root), "%s/weir-sim-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(t->root))
		abort();
	t->made.graph.root = t->root;
	expect(t);
	for (int i = 0; i < CHAINS && !w->broken[0]; i++) {
		w->fault_at = i == t->fault_chain ? t->fault_at : 0;
		run_chain(t);
	}
	drain(w);
	if (!w->broken[0])
		sim_check_same(w, t->expected);
	nftw(t->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	t->totals->trials++;
	t->totals->bad += w->broken[0] != '\0';
}

static void start_trial(struct trial *t, uint64_t seed, bool trace)
{
	struct sim_world *w = t->world;

	reset(w, seed);
	w->trace = trace;
	made_start(&t->made, &dialect_postgres);
	t->made.graph.default_schema = STR("s");
	snprintf(w->schemas[w->nschemas++], SIM_NAME, "s");
}

/* Random. */
static void try_seed(struct trial *t, uint64_t seed, bool trace)
{
	static const uint32_t rates[] = {200, 60, 25, 10};
	struct sim_world *w = t->world;

	start_trial(t, seed, trace);
	sim_random_graph(w, &t->made);
	w->fault_one_of = rates[sim_below(w, 4)];
	w->first_fault = FAULT_DIE_BEFORE;
	w->nkinds = FAULT_KINDS - FAULT_DIE_BEFORE;
	if (sim_below(w, 8) == 0) { /* so that attempts fail again and again */
		w->fault_one_of = 3;
		w->first_fault = FAULT_LOSE_BEFORE;
		w->nkinds = FAULT_DISK_FULL - FAULT_LOSE_BEFORE;
	}
	t->fault_chain = -1;
	t->jobs = 1 + (int)sim_below(w, 4);
	run_trial(t);
	if (w->broken[0])
		printf("# seed %llu: %s\n# again: make fault ONLY=sim "
		       "SEED=%llu\n",
		       (unsigned long long)seed, w->broken,
		       (unsigned long long)seed);
	made_end(&t->made);
}

/* The n-th of all faults that the fixed graph's two runs can meet once. */
static void try_fault(struct trial *t, uint64_t n, bool trace)
{
	struct sim_world *w = t->world;

	start_trial(t, 1, trace);
	sim_fixed_graph(w, &t->made);
	w->fault = (enum sim_fault)(1 + n % (FAULT_KINDS - 1));
	t->fault_chain = (int)(n / (FAULT_KINDS - 1) % CHAINS);
	t->fault_at = 1 + (uint32_t)(n / (FAULT_KINDS - 1) / CHAINS);
	t->jobs = 2;
	run_trial(t);
	if (w->broken[0])
		printf("# fault %llu: %s\n# again: make fault ONLY=sim "
		       "FAULT=%llu\n",
		       (unsigned long long)n, w->broken, (unsigned long long)n);
	made_end(&t->made);
}

/* All numbers below n, shared out to processes; whether all went well. */
static bool try_all(struct trial *t, uint64_t n, uint64_t step,
		    void (*try)(struct trial *t, uint64_t i, bool trace))
{
	const char *jobs = getenv("JOBS");
	unsigned long nworkers = jobs ? strtoul(jobs, NULL, 10) : 2;
	struct totals *all = shared(nworkers * sizeof(*all));

	memset(t->totals, 0, sizeof(*t->totals));
	for (unsigned long k = 0; k < nworkers; k++) {
		fflush(stdout);
		if (fork() != 0)
			continue;
		t->world = shared(sizeof(*t->world));
		t->expected = shared(sizeof(*t->expected));
		t->totals = &all[k];
		for (uint64_t i = k * step; i < n; i += nworkers * step)
			try(t, i, false);
		fflush(stdout);
		_exit(0);
	}
	for (unsigned long k = 0; k < nworkers; k++) {
		int status;

		wait(&status);
		t->totals->bad += status != 0;
	}
	for (unsigned long k = 0; k < nworkers; k++) {
		t->totals->trials += all[k].trials;
		t->totals->lives += all[k].lives;
		t->totals->calls += all[k].calls;
		t->totals->faults += all[k].faults;
		t->totals->bad += all[k].bad;
	}
	return t->totals->bad == 0;
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

/* How many calls the longer of the fixed graph's two runs has. */
static uint64_t count_calls(struct trial *t)
{
	start_trial(t, 1, false);
	sim_fixed_graph(t->world, &t->made);
	t->fault_chain = -1;
	t->jobs = 2;
	run_trial(t);
	made_end(&t->made);
	return t->most_calls;
}

static void report(const struct trial *t, bool ok, int at, const char *what)
{
	printf("%sok %d - %s: %llu runs of %llu lives, %llu calls, %llu "
	       "faults\n",
	       ok ? "" : "not ", at, what,
	       (unsigned long long)t->totals->trials,
	       (unsigned long long)t->totals->lives,
	       (unsigned long long)t->totals->calls,
	       (unsigned long long)t->totals->faults);
}

int main(void)
{
	struct totals totals = {0};
	struct trial t = {.world = shared(sizeof(struct sim_world)),
			  .expected = shared(sizeof(struct sim_world)),
			  .totals = &totals};
	uint64_t every = number("EVERY", 1);
	uint64_t nfaults;
	bool every_call, seeds;

	if (getenv("SEED"))
		try_seed(&t, number("SEED", 0), true);
	if (getenv("FAULT"))
		try_fault(&t, number("FAULT", 0), true);
	if (getenv("SEED") || getenv("FAULT"))
		return totals.bad > 0;
	nfaults = count_calls(&t) * CHAINS * (FAULT_KINDS - 1);
	printf("1..2\n");
	every_call = try_all(&t, nfaults, every, try_fault);
	report(&t, every_call, 1, "each fault at each call of a fixed graph");
	seeds = try_all(&t, number("SEEDS", 10000), 1, try_seed);
	report(&t, seeds, 2, "random graphs with random faults");
	return !every_call || !seeds;
}
