/*
 * The locks of a swap.
 *
 * Who holds one of several relations and wants another would meet us in a
 * deadlock, of which the server makes either the victim. So only the first is
 * waited for as long as it takes; for the others there is a spell, shorter
 * than a deadlock needs to be seen, and then all are let go. Most spells are
 * short, as a deadlock does not end by waiting; every second is twice as long,
 * every fourth four times, as others take their time. Who outlasts a long one
 * is the first next time.
 *
 * Whoever comes after a swap that waits must wait, too: it gives up after the
 * session's lock_timeout, or 30 seconds.
 */
#include "base/arena.h"
#include "runtime/sql/sql_postgres.h"
#include "runtime/sql/sql_write.h"

static const char waited_too_long[] =
	"raise exception 'waited % for those who use %', limit_text,\n"
	"\tplace using errcode = '55P03',\n"
	"\thint = 'nothing was changed; run it again when they are done '\n"
	"\t\t'(pg_stat_activity shows them), or set a longer '\n"
	"\t\t'lock_timeout in the connection of the target';\n";

const char postgres_deepest[] =
	"with recursive above (id, depth) as (\n"
	"\tselect old_id, 0\n"
	"\tunion\n"
	"\tselect r.ev_class, a.depth + 1\n"
	"\tfrom above a\n"
	"\tjoin pg_depend d on d.refobjid = a.id\n"
	"\t\tand d.refclassid = 'pg_class'::regclass\n"
	"\t\tand d.classid = 'pg_rewrite'::regclass\n"
	"\tjoin pg_rewrite r on r.oid = d.objid\n"
	"\twhere r.ev_class <> a.id\n"
	"), deepest (id, depth) as (\n"
	"\tselect id, max(depth) from above group by id\n"
	")\n";

static const char if_it_stands_alone[] =
	"if not exists (select from pg_depend where refobjid = old_id\n"
	"\t\tand classid = 'pg_rewrite'::regclass)\n"
	"\tand not exists (\n"
	"\t\tselect from pg_constraint where confrelid = old_id)\n"
	"then\n"
	"\tselect array[old_id], array[format('alter table %s owner to %I',\n"
	"\t\tplace, pg_get_userbyid(relowner))]\n"
	"\tinto ids, locks\n"
	"\tfrom pg_class where oid = old_id;\n"
	"else\n";

/* The old relation, views above it, and tables whose foreign keys refer to it,
 * with their partitions, each with words that lock it as a swap must, and no
 * more: LOCK TABLE locks what a view reads, too. Readers lock a view before
 * what it reads, and a table before its partitions. */
static const char what_to_lock[] =
	", referring as (\n"
	"\tselect conrelid as id from pg_constraint\n"
	"\twhere confrelid = old_id and conrelid <> old_id\n"
	"\tand contype = 'f' and conparentid = 0\n"
	"), locked (id, depth) as (\n"
	"\tselect id, depth from deepest\n"
	"\tunion\n"
	"\tselect id, -1 from referring\n"
	"\tunion\n"
	"\tselect p.relid, -1 - p.level\n"
	"\tfrom referring r, pg_partition_tree(r.id) p\n"
	")\n"
	"select array_agg(l.id order by l.id = refused desc, l.depth desc,\n"
	"\t\tl.id),\n"
	"\tarray_agg(format('alter table %I.%I owner to %I', n.nspname,\n"
	"\t\tc.relname, pg_get_userbyid(c.relowner))\n"
	"\t\torder by l.id = refused desc, l.depth desc, l.id)\n"
	"into ids, locks\n"
	"from locked l join pg_class c on c.oid = l.id\n"
	"join pg_namespace n on n.oid = c.relnamespace;\n";

/* The server's own words for these name no schema, and nothing to be done. */
static const char who_may_not_be_locked[] =
	"for v in\n"
	"\tselect format('%I.%I', n.nspname, c.relname) as name,\n"
	"\t\tpg_get_userbyid(c.relowner) as owner,\n"
	"\t\tc.relpersistence = 't' as passes\n"
	"\tfrom pg_class c join pg_namespace n on n.oid = c.relnamespace\n"
	"\twhere c.oid = any (ids) and (c.relpersistence = 't'\n"
	"\t\tand n.oid <> pg_my_temp_schema()\n"
	"\t\tor not pg_has_role(c.relowner, 'usage'))\n"
	"\torder by name\n"
	"loop\n"
	"\tif v.passes then\n"
	"\t\traise exception 'the temporary view % of another session '\n"
	"\t\t\t'stands on %', v.name, place using errcode = '2BP01';\n"
	"\tend if;\n"
	"\traise exception '% belongs to %, and % may not make it again',\n"
	"\t\tv.name, v.owner, current_user using errcode = '42501',\n"
	"\t\thint = format('nothing was changed; grant %I to %I',\n"
	"\t\tv.owner, current_user);\n"
	"end loop;\n";

static const char take_locks[] =
	"for i in 1 .. array_length(ids, 1) loop\n"
	"\trefused := ids[i];\n"
	"\tperform set_config('lock_timeout', greatest(1, 1000 *\n"
	"\t\textract(epoch from case i when 1\n"
	"\t\tthen deadline - clock_timestamp()\n"
	"\t\telse begun - clock_timestamp() + spell end))::int::text,\n"
	"\t\ttrue);\n"
	"\texecute locks[i];\n"
	"\tif i = 1 then\n"
	"\t\tbegun := clock_timestamp();\n"
	"\tend if;\n"
	"end loop;\n"
	"perform set_config('lock_timeout', greatest(1, 1000 * extract(epoch\n"
	"\tfrom deadline - clock_timestamp()))::int::text, true);\n";

const char postgres_lock_variables[] =
	"lock_limit constant text := current_setting('lock_timeout');\n"
	"limit_text constant text := case lock_limit when '0'\n"
	"\tthen '30s' else lock_limit end;\n"
	"patience constant interval := limit_text::interval;\n";

void postgres_begin_locks(struct sql *s)
{
	sql_put(s, "\tloop\n"
		   "\t\ttries := tries + 1;\n"
		   "\t\tspell := least(interval '5 ms' * (tries & -tries),\n"
		   "\t\t\t0.6 * current_setting('deadlock_timeout')"
		   "::interval);\n");
	postgres_put_lines(s, 2, if_it_stands_alone);
	postgres_put_lines(s, 3, postgres_deepest);
	postgres_put_lines(s, 3, what_to_lock);
	postgres_put_lines(s, 3, who_may_not_be_locked);
	sql_put(s, "\t\tend if;\n"
		   "\t\tif array_length(ids, 1) > 1 then\n"
		   "\t\t\tperform pg_advisory_xact_lock(8243108420519);\n"
		   "\t\tend if;\n"
		   "\t\tdeadline := coalesce(deadline,\n"
		   "\t\t\tclock_timestamp() + patience);\n"
		   "\t\tbegin\n");
	postgres_put_lines(s, 3, take_locks);
}

void postgres_end_locks(struct sql *s)
{
	sql_put(s,
		"\t\t\texit when seen <@ ids;\n"
		"\t\t\traise lock_not_available;\n"
		"\t\texception when lock_not_available or deadlock_detected\n"
		"\t\t\t\tor undefined_table then\n"
		"\t\t\tif clock_timestamp() >= deadline then\n");
	postgres_put_lines(s, 4, waited_too_long);
	sql_put(s, "\t\t\tend if;\n"
		   "\t\t\tif spell < interval '200 ms' then\n"
		   "\t\t\t\trefused := 0;\n"
		   "\t\t\tend if;\n"
		   "\t\t\tperform pg_sleep(0.002 + 0.001 * (pg_backend_pid() % "
		   "7));\n"
		   "\t\tend;\n"
		   "\tend loop;\n");
}

void postgres_put_lock(struct sql *s, const char *mode)
{
	sql_put(s, "\tbegin\n"
		   "\t\tperform set_config('lock_timeout', (1000 *\n"
		   "\t\t\textract(epoch from patience))::int::text, true);\n"
		   "\t\tlock table $T in ");
	sql_put(s, mode);
	sql_put(s, " mode;\n\texception when lock_not_available then\n");
	postgres_put_lines(s, 2, waited_too_long);
	sql_put(s, "\tend;\n"
		   "\tperform set_config('lock_timeout', lock_limit, true);\n");
}

void postgres_add_lock(struct sql *s)
{
	sql_put(s, "declare\n\tplace constant text := ");
	dialect_put_string(s->dialect, &s->b,
			   target_short(s->arena, &s->action->target));
	sql_put(s, ";\n");
	postgres_put_lines(s, 1, postgres_lock_variables);
	sql_put(s, "begin\n");
	postgres_put_lock(s, "access exclusive");
	postgres_end_block(s)->summary = arena_printf(
		s->arena, "nobody uses %.*s from here on", STR_ARG(s->target));
}
