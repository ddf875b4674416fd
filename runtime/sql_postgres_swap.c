/*
 * What was built beside takes the place of the old table or view.
 *
 * Views know tables by identity, not by name, so the old table cannot go
 * while views stand on it. The swap keeps their definitions, drops them,
 * swaps, and makes them again, with owner, grants and comments; the table's
 * own are carried over too. What cannot be carried over and protects or feeds
 * somebody, such as policies and triggers, ends the transaction. A view that
 * cannot stand on the new table ends the transaction with an error that names
 * it, unless this run builds it anew later: then it may wait for that. Swaps
 * that touch views take turns, or two tables under one view would deadlock.
 */
#include "runtime/sql_postgres.h"

#include "base/arena.h"
#include "runtime/sql_write.h"

/* Views above the old relation with the relation itself first, each with what
 * must be said again after it is made anew, and what would be lost. */
static const char views_above[] =
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
	"), deepest as (\n"
	"\tselect id, max(depth) as depth from above group by id\n"
	")\n"
	"select d.id, d.depth, c.relkind, c.reloptions,\n"
	"\tpg_get_userbyid(c.relowner) as owner,\n"
	"\tcoalesce(c.relacl, acldefault('r', c.relowner))::text as acl,\n"
	"\tformat('%I.%I', n.nspname, c.relname) as name, lost.what as lost\n"
	"from deepest d\n"
	"join pg_class c on c.oid = d.id\n"
	"join pg_namespace n on n.oid = c.relnamespace\n"
	"cross join lateral (\n"
	"\tselect string_agg(one.what, ', ' order by one.what) as what from (\n"
	"\t\tselect 'row level security'\n"
	"\t\twhere c.relrowsecurity or c.relforcerowsecurity\n"
	"\t\tunion all\n"
	"\t\tselect format('policy %I', polname) from pg_policy\n"
	"\t\twhere polrelid = c.oid\n"
	"\t\tunion all\n"
	"\t\tselect format('trigger %I', tgname) from pg_trigger\n"
	"\t\twhere tgrelid = c.oid and not tgisinternal\n"
	"\t\tunion all\n"
	"\t\tselect format('rule %I', rulename) from pg_rewrite\n"
	"\t\twhere ev_class = c.oid and rulename <> '_RETURN'\n"
	"\t\tunion all\n"
	"\t\tselect format('publication %I', p.pubname)\n"
	"\t\tfrom pg_publication_rel r\n"
	"\t\tjoin pg_publication p on p.oid = r.prpubid\n"
	"\t\twhere r.prrelid = c.oid\n"
	"\t\tunion all\n"
	"\t\tselect format('parent %s', inhparent::regclass)\n"
	"\t\tfrom pg_inherits where inhrelid = c.oid\n"
	"\t\tunion all\n"
	"\t\tselect format('default of column %I', a.attname)\n"
	"\t\tfrom pg_attribute a\n"
	"\t\twhere a.attrelid = c.oid and a.atthasdef and c.relkind = 'v'\n"
	"\t) one (what)\n"
	") lost\n"
	"order by d.depth, name\n";

/* Grants on columns and comments of v as statements about what has its name
 * later; of columns, those that like_id has too. */
static const char said_about_it[] =
	"select coalesce(string_agg(said.words, '; '), '') into words\n"
	"from pg_class c, lateral (\n"
	"\tselect format('grant %s (%I) on %s to %s%s', g.privilege_type,\n"
	"\t\ta.attname, v.name, case g.grantee when 0 then 'public'\n"
	"\t\telse quote_ident(pg_get_userbyid(g.grantee)) end,\n"
	"\t\tcase when g.is_grantable then ' with grant option' end) as words\n"
	"\tfrom pg_attribute a, aclexplode(a.attacl) g\n"
	"\twhere a.attrelid = c.oid and exists (\n"
	"\t\tselect from pg_attribute l\n"
	"\t\twhere l.attrelid = like_id and l.attname = a.attname)\n"
	"\tunion all\n"
	"\tselect format('comment on %s %s is %L', kind, v.name,\n"
	"\t\tobj_description(c.oid, 'pg_class'))\n"
	"\twhere obj_description(c.oid, 'pg_class') is not null\n"
	"\tunion all\n"
	"\tselect format('comment on column %s.%I is %L', v.name,\n"
	"\t\ta.attname, col_description(c.oid, a.attnum))\n"
	"\tfrom pg_attribute a\n"
	"\twhere a.attrelid = c.oid and a.attnum > 0\n"
	"\tand col_description(c.oid, a.attnum) is not null\n"
	"\tand exists (select from pg_attribute l\n"
	"\t\twhere l.attrelid = like_id and l.attname = a.attname)\n"
	") said where c.oid = v.id;\n";

/* A reader that never ends would keep the swap waiting, and the swap all who
 * come after it. */
static const char set_lock_timeout[] =
	"if lock_limit = '0' then\n"
	"\tperform set_config('lock_timeout', '30s', true);\n"
	"end if;\n";

static const char others_hold_it[] =
	"exception when lock_not_available then\n"
	"\traise exception 'waited % for those who use %',\n"
	"\t\tcurrent_setting('lock_timeout'), names[1]\n"
	"\t\tusing errcode = '55P03',\n"
	"\t\thint = 'nothing was changed; run it again when they are done '\n"
	"\t\t\t'(pg_stat_activity shows them), or set a longer '\n"
	"\t\t\t'lock_timeout in the connection of the target';\n"
	"end;\n"
	"perform set_config('lock_timeout', lock_limit, true);\n";

/* Default privileges may have given the new relation rights that the old one
 * had not. They go, the owner's too, before what was granted is. */
static const char settle_all[] =
	"for i in 1 .. array_length(names, 1) loop\n"
	"\tif i > 1 then\n"
	"\t\tbegin\n"
	"\t\t\texecute makes[i];\n"
	"\t\texception when others then\n"
	"\t\t\tcontinue when sqlstate like '42%' and anew[i];\n"
	"\t\t\traise exception 'the view % cannot stand on the new %: %',\n"
	"\t\t\t\tnames[i], names[1], sqlerrm using errcode = '2BP01';\n"
	"\t\tend;\n"
	"\tend if;\n"
	"\tif owners[i] <> current_user then\n"
	"\t\texecute format('alter table %s owner to %I', names[i], "
	"owners[i]);\n"
	"\tend if;\n"
	"\tfor v in\n"
	"\t\tselect said.words from pg_class c, lateral (\n"
	"\t\t\tselect coalesce(c.relacl, acldefault('r', c.relowner)) as acl\n"
	"\t\t) now, lateral (\n"
	"\t\t\tselect 1 as turn, format('revoke all on %s from %s',\n"
	"\t\t\t\tnames[i], case g.grantee when 0 then 'public' else\n"
	"\t\t\t\tquote_ident(pg_get_userbyid(g.grantee)) end) as words\n"
	"\t\t\tfrom aclexplode(now.acl) g\n"
	"\t\t\tunion\n"
	"\t\t\tselect 2, format('grant %s on %s to %s%s', g.privilege_type,\n"
	"\t\t\t\tnames[i], case g.grantee when 0 then 'public' else\n"
	"\t\t\t\tquote_ident(pg_get_userbyid(g.grantee)) end, case\n"
	"\t\t\t\twhen g.is_grantable then ' with grant option' end)\n"
	"\t\t\tfrom aclexplode(acls[i]::aclitem[]) g\n"
	"\t\t) said\n"
	"\t\twhere c.oid = names[i]::regclass and now.acl::text <> acls[i]\n"
	"\t\torder by said.turn\n"
	"\tloop\n"
	"\t\texecute v.words;\n"
	"\tend loop;\n"
	"\texecute says[i];\n"
	"end loop;\n";

static void put_literal(struct sql *s, struct str text)
{
	dialect_put_string(s->dialect, &s->b, text);
}

/* A test of v.name for the views that this run builds after this action. */
static void put_is_rebuilt(struct sql *s)
{
	const struct sql_request *r = s->request;
	struct buf name = {0};

	if (!r->nrebuilt) {
		sql_put(s, "false");
		return;
	}
	sql_put(s, "v.id in (");
	for (uint32_t i = 0; i < r->nrebuilt; i++) {
		buf_adds(&s->b, i ? ",\n\t\t\tto_regclass(" : "to_regclass(");
		buf_clear(&name);
		dialect_put_target(s->dialect, &name, r->rebuilt[i]);
		put_literal(s, buf_str(&name));
		buf_addc(&s->b, ')');
	}
	buf_addc(&s->b, ')');
	buf_free(&name);
}

struct statement *postgres_end_block(struct sql *s)
{
	struct str tag = STR("$weir$"), body;

	buf_adds(&s->b, "end ");
	body = buf_move(&s->b, s->arena);
	for (unsigned i = 2; str_has(body, tag); i++)
		tag = arena_printf(s->arena, "$weir%u$", i);
	buf_printf(&s->b, "do %.*s\n%.*s%.*s", STR_ARG(tag), STR_ARG(body),
		   STR_ARG(tag));
	return sql_end(s);
}

/* Lines of a block, at the depth of its loops. */
static void put_lines(struct sql *s, unsigned depth, const char *lines)
{
	for (const char *p = lines; *p; p++) {
		if (p == lines || p[-1] == '\n')
			for (unsigned i = 0; i < depth; i++)
				buf_addc(&s->b, '\t');
		buf_addc(&s->b, *p);
	}
}

static void put_declarations(struct sql *s, const char *kind)
{
	sql_put(s, "declare\n\told_id constant oid := ");
	put_literal(s, s->target);
	sql_put(s, "::regclass;\n\tnew_id constant oid := ");
	put_literal(s, s->temp);
	sql_put(s, "::regclass;\n"
		   "\tlock_limit constant text := "
		   "current_setting('lock_timeout');\n"
		   "\tnames text[];\n"
		   "\tmakes text[];\n"
		   "\towners text[];\n"
		   "\tacls text[];\n"
		   "\tsays text[];\n"
		   "\tanew boolean[];\n"
		   "\twords text;\n"
		   "\tlike_id oid;\n"
		   "\tkind text := '");
	sql_put(s, kind);
	sql_put(s, "';\n\tv record;\nbegin\n");
}

/* Looks at the old relation and the views on it: what must be said of them
 * again. */
static void put_survey(struct sql *s)
{
	sql_put(s, "\tif exists (select from pg_depend d\n"
		   "\t\twhere d.refobjid = old_id\n"
		   "\t\tand d.refclassid = 'pg_class'::regclass\n"
		   "\t\tand d.classid = 'pg_rewrite'::regclass) then\n"
		   "\t\tperform pg_advisory_xact_lock(8243108420519);\n"
		   "\tend if;\n"
		   "\tfor v in\n");
	put_lines(s, 2, views_above);
	sql_put(s, "\tloop\n"
		   "\t\tif v.depth > 0 and v.relkind <> 'v' then\n"
		   "\t\t\traise exception '% depends on %',\n"
		   "\t\t\t\tv.name, names[1] using errcode = '2BP01';\n"
		   "\t\telsif v.lost is not null then\n"
		   "\t\t\traise exception '% has %, " SQL_WOULD_BE_LOST "',\n"
		   "\t\t\t\tv.name, v.lost using errcode = '2BP01';\n"
		   "\t\tend if;\n"
		   "\t\tlike_id := case v.depth when 0 then new_id\n"
		   "\t\t\telse v.id end;\n"
		   "\t\tif v.depth > 0 then\n"
		   "\t\t\tkind := 'view';\n"
		   "\t\tend if;\n");
	put_lines(s, 2, said_about_it);
	sql_put(s, "\t\tnames := names || v.name;\n"
		   "\t\towners := owners || v.owner::text;\n"
		   "\t\tacls := acls || v.acl;\n"
		   "\t\tsays := says || words;\n"
		   "\t\tmakes := makes || case v.depth when 0 then '' else\n"
		   "\t\t\tformat('create view %s%s as %s', v.name,\n"
		   "\t\t\t\t' with (' || array_to_string(v.reloptions, ', ')\n"
		   "\t\t\t\t\t|| ')', pg_get_viewdef(v.id)) end;\n"
		   "\t\tanew := anew || (");
	put_is_rebuilt(s);
	sql_put(s, ");\n"
		   "\tend loop;\n");
}

/* Takes the old relation away, and the views on it. */
static void put_drops(struct sql *s, const char *old_kind)
{
	put_lines(s, 1, set_lock_timeout);
	sql_put(s, "\tbegin\n"
		   "\t\tfor i in reverse array_length(names, 1) .. 2 loop\n"
		   "\t\t\texecute 'drop view ' || names[i];\n"
		   "\t\tend loop;\n"
		   "\t\tdrop ");
	sql_put(s, old_kind);
	sql_put(s, " $T;\n");
	put_lines(s, 1, others_hold_it);
}

void postgres_add_swap(struct sql *s, const char *old_kind, const char *kind)
{
	put_declarations(s, kind);
	put_survey(s);
	put_drops(s, old_kind);
	sql_put(s, "\talter table $N rename to ");
	dialect_put_ident(s->dialect, &s->b, s->action->target.name);
	sql_put(s, ";\n");
	put_lines(s, 1, settle_all);
	postgres_end_block(s)->summary = arena_printf(
		s->arena,
		"%.*s takes the place of %.*s; views on it are made again",
		STR_ARG(s->temp), STR_ARG(s->target));
}

void postgres_add_lock(struct sql *s)
{
	sql_put(s, "declare\n"
		   "\tlock_limit constant text := "
		   "current_setting('lock_timeout');\n"
		   "\tnames constant text[] := array[");
	put_literal(s, target_short(s->arena, &s->action->target));
	sql_put(s, "];\nbegin\n");
	put_lines(s, 1, set_lock_timeout);
	sql_put(s, "\tbegin\n"
		   "\t\tlock table $T in access exclusive mode;\n");
	put_lines(s, 1, others_hold_it);
	postgres_end_block(s)->summary = arena_printf(
		s->arena, "nobody uses %.*s from here on", STR_ARG(s->target));
}
