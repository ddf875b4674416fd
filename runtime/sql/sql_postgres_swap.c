/*
 * What was built beside takes the place of the old table or view.
 *
 * Views know tables by identity, not by name, so the old table cannot go
 * while views stand on it. The swap keeps their definitions, drops them,
 * swaps, and makes them again, materialized ones with their rows and indexes,
 * all with owner, grants and comments; what hangs on the table itself is
 * carried over (sql_postgres_carry.c). What cannot be, and protects or feeds
 * somebody, such as policies and triggers, ends the transaction. A view that
 * cannot stand on the new table ends the transaction with an error that names
 * it, unless this run builds it anew later: then it has its new query already,
 * or, if that needs more than is there yet, its old columns and no rows.
 *
 * Definitions are read while no schema is searched, so that all names in them
 * have one.
 */
#include "runtime/sql/sql_postgres.h"

#include "base/arena.h"
#include "runtime/sql/sql_write.h"
#include "runtime/sql_lex.h"

static const char find_names[] =
	"select n.nspname, format('%I.%I', n.nspname, c.relname),\n"
	"\tformat('%I.%I', n.nspname, brief)\n"
	"into home, place, beside\n"
	"from pg_class c join pg_namespace n on n.oid = c.relnamespace\n"
	"where c.oid = old_id;\n";

/* Of the deepest: the relation itself first, then views, each with what
 * must be said again after it is made anew, and what would be lost. */
static const char views_above[] =
	"select d.id, d.depth, c.relkind, c.relispopulated,\n"
	"\tpg_get_userbyid(c.relowner) as owner,\n"
	"\tcoalesce(c.relacl, acldefault('r', c.relowner))::text as acl,\n"
	"\tformat('%I.%I', n.nspname, c.relname) as name,\n"
	"\tcase c.relkind when 'm' then 'materialized view'\n"
	"\t\twhen 'v' then 'view' else 'table' end as kind,\n"
	"\tcoalesce(' using ' || quote_ident(am.amname), '') || coalesce((\n"
	"\t\tselect ' with (' || string_agg(format('%s=%L',\n"
	"\t\t\tsplit_part(o, '=', 1),\n"
	"\t\t\tsubstr(o, strpos(o, '=') + 1)), ', ') || ')'\n"
	"\t\tfrom unnest(c.reloptions) o\n"
	"\t\twhere o not like 'check\\_option=%'), '')\n"
	"\t\t|| coalesce(' tablespace ' || quote_ident(s.spcname), '')\n"
	"\t\tas options, lost.what as lost,\n"
	"\t(select format(' with %s check option', substr(o, 14))\n"
	"\t\tfrom unnest(c.reloptions) o\n"
	"\t\twhere o like 'check\\_option=%') as checked\n"
	"from deepest d\n"
	"join pg_class c on c.oid = d.id\n"
	"join pg_namespace n on n.oid = c.relnamespace\n"
	"left join pg_am am on am.oid = c.relam\n"
	"left join pg_tablespace s on s.oid = c.reltablespace\n"
	"cross join lateral (\n"
	"\tselect string_agg(one.what, ', ' order by one.what) as what\n"
	"\tfrom (\n"
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
 * later, each behind the column that it needs. */
static const char said_about_it[] =
	"select coalesce(jsonb_agg(jsonb_build_array(said.of, said.words)), "
	"'[]')\n"
	"into speech\n"
	"from pg_class c, lateral (\n"
	"\tselect a.attname as of, format('grant %s (%I) on %s to %s%s',\n"
	"\t\tg.privilege_type, a.attname, v.name,\n"
	"\t\tcase g.grantee when 0 then 'public'\n"
	"\t\telse quote_ident(pg_get_userbyid(g.grantee)) end,\n"
	"\t\tcase when g.is_grantable then ' with grant option' end)\n"
	"\t\tas words\n"
	"\tfrom pg_attribute a, aclexplode(a.attacl) g\n"
	"\twhere a.attrelid = c.oid\n"
	"\tunion all\n"
	"\tselect null, format('comment on %s %s is %L', kind, v.name,\n"
	"\t\tobj_description(c.oid, 'pg_class'))\n"
	"\twhere obj_description(c.oid, 'pg_class') is not null\n"
	"\tunion all\n"
	"\tselect a.attname, format('comment on column %s.%I is %L',\n"
	"\t\tv.name, a.attname, col_description(c.oid, a.attnum))\n"
	"\tfrom pg_attribute a\n"
	"\twhere a.attrelid = c.oid and a.attnum > 0\n"
	"\tand col_description(c.oid, a.attnum) is not null\n"
	") said where c.oid = v.id;\n";

/* What stands for a view that waits: its columns and no rows. */
static const char empty_view[] =
	"select format('select %s where false', string_agg(format(\n"
	"\t'null::%s%s as %I', format_type(a.atttypid, a.atttypmod),\n"
	"\tcase when a.attcollation <> t.typcollation\n"
	"\tthen ' collate ' || a.attcollation::regcollation end,\n"
	"\ta.attname), ', ' order by a.attnum))\n"
	"into words\n"
	"from pg_attribute a join pg_type t on t.oid = a.atttypid\n"
	"where a.attrelid = v.id and a.attnum > 0 and not a.attisdropped;\n";

/* The rows of a materialized view and what hangs on it. */
static const char what_fills_it[] =
	"fill := '';\n"
	"if v.relkind = 'm' then\n"
	"\tselect string_agg(f.words, '; ' order by f.turn) into fill from (\n"
	"\t\tselect 1, format('alter materialized view %s '\n"
	"\t\t\t'alter column %I set statistics %s', v.name, attname,\n"
	"\t\t\tattstattarget)\n"
	"\t\tfrom pg_attribute\n"
	"\t\twhere attrelid = v.id and attnum > 0 and attstattarget >= 0\n"
	"\t\tunion all\n"
	"\t\tselect 2, 'refresh materialized view ' || v.name\n"
	"\t\twhere v.relispopulated\n"
	"\t\tunion all\n"
	"\t\tselect 3, concat_ws('; ', pg_get_indexdef(i.oid),\n"
	"\t\t\tformat('alter index %s set tablespace ', i.oid::regclass)\n"
	"\t\t\t|| quote_ident(s.spcname),\n"
	"\t\t\tformat('comment on index %s is %L', i.oid::regclass,\n"
	"\t\t\tobj_description(i.oid, 'pg_class')),\n"
	"\t\t\tcase when x.indisclustered then format('alter '\n"
	"\t\t\t'materialized view %s cluster on %I', v.name, i.relname)\n"
	"\t\t\tend)\n"
	"\t\tfrom pg_index x join pg_class i on i.oid = x.indexrelid\n"
	"\t\tleft join pg_tablespace s on s.oid = i.reltablespace\n"
	"\t\twhere x.indrelid = v.id and x.indisvalid\n"
	"\t\tunion all\n"
	"\t\tselect 4, pg_get_statisticsobjdef(oid)\n"
	"\t\tfrom pg_statistic_ext where stxrelid = v.id\n"
	"\t) f (turn, words);\n"
	"end if;\n";

static const char keep_view[] =
	"names := names || v.name;\n"
	"kinds := kinds || v.kind;\n"
	"owners := owners || v.owner::text;\n"
	"acls := acls || v.acl;\n"
	"says := says || speech::text;\n"
	"fills := fills || coalesce(fill, '');\n"
	"heads := heads || format('create %s %s%s as ', v.kind, v.name,\n"
	"\tv.options);\n"
	"makes := makes || concat(case when v.depth > 0\n"
	"\tthen rtrim(pg_get_viewdef(v.id), ';') end, v.checked,\n"
	"\tcase v.relkind when 'm' then ' with no data' end);\n"
	"later := later || case v.relkind\n"
	"\twhen 'v' then rebuilt ->> v.id::text end;\n"
	"empty := empty || case when later[array_length(names, 1)]\n"
	"\tis not null then words end;\n";

/* Foreign keys of others, to be dropped and made again. */
static const char those_who_refer[] =
	"if exists (select from pg_constraint where confrelid = old_id) then\n"
	"\tselect array_agg(format('alter table %s drop constraint %I',\n"
	"\t\t\tk.conrelid::regclass, k.conname)),\n"
	"\t\tjsonb_agg(jsonb_build_object('class', 'referring',\n"
	"\t\t\t'name', k.conname, 'of', k.conrelid::regclass,\n"
	"\t\t\t'settle', replace(format(\n"
	"\t\t\t'alter table %s add constraint %I %s',\n"
	"\t\t\tk.conrelid::regclass, k.conname,\n"
	"\t\t\tpg_get_constraintdef(k.oid)), '%', '%%'),\n"
	"\t\t\t'after', coalesce(replace(format(\n"
	"\t\t\t'comment on constraint %I on %s is %L', k.conname,\n"
	"\t\t\tk.conrelid::regclass, obj_description(k.oid,\n"
	"\t\t\t'pg_constraint')), '%', '%%'), '')))\n"
	"\tinto drops, referring\n"
	"\tfrom pg_constraint k\n"
	"\twhere k.confrelid = old_id and k.conrelid <> old_id\n"
	"\tand k.contype = 'f' and k.conparentid = 0;\n"
	"end if;\n";

/* A sequence that feeds a default goes with the table that owns it. */
static const char let_sequences_go[] =
	"if exists (select from pg_depend where refobjid = old_id\n"
	"\t\tand deptype = 'a') then\n"
	"\tfor words in\n"
	"\t\tselect format('alter sequence %s owned by %s.%I',\n"
	"\t\t\td.objid::regclass, beside, a.attname)\n"
	"\t\tfrom pg_depend d\n"
	"\t\tjoin pg_class q on q.oid = d.objid and q.relkind = 'S'\n"
	"\t\tjoin pg_attribute a on a.attrelid = old_id\n"
	"\t\t\tand a.attnum = d.refobjsubid\n"
	"\t\tjoin pg_attribute l on l.attrelid = new_id\n"
	"\t\t\tand l.attname = a.attname and not l.attisdropped\n"
	"\t\twhere d.classid = 'pg_class'::regclass\n"
	"\t\tand d.refclassid = 'pg_class'::regclass\n"
	"\t\tand d.refobjid = old_id and d.deptype = 'a'\n"
	"\tloop\n"
	"\t\texecute words;\n"
	"\tend loop;\n"
	"end if;\n";

static const char take_away[] =
	"for i in reverse array_length(names, 1) .. 2 loop\n"
	"\texecute format('drop %s %s', kinds[i], names[i]);\n"
	"end loop;\n"
	"foreach words in array coalesce(drops, '{}') loop\n"
	"\texecute words;\n"
	"end loop;\n"
	"execute format('drop %s %s', kinds[1], place);\n"
	"perform set_config('lock_timeout', lock_limit, true);\n";

/* Default privileges may have given the new relation rights that the old one
 * had not. They go, the owner's too, before what was granted is. */
static const char settle_views[] =
	"for i in 1 .. array_length(names, 1) loop\n"
	"\tif i > 1 then\n"
	"\t\tbegin\n"
	"\t\t\texecute heads[i] || makes[i];\n"
	"\t\texception when others then\n"
	"\t\t\tif later[i] is null or sqlstate not like '42%' then\n"
	"\t\t\t\traise exception 'the % % cannot stand on the new %: %',\n"
	"\t\t\t\t\tkinds[i], names[i], place, sqlerrm\n"
	"\t\t\t\t\tusing errcode = '2BP01';\n"
	"\t\t\tend if;\n"
	"\t\t\tbegin\n"
	"\t\t\t\texecute heads[i] || later[i];\n"
	"\t\t\texception when others then\n"
	"\t\t\t\texecute heads[i] || empty[i];\n"
	"\t\t\tend;\n"
	"\t\tend;\n"
	"\tend if;\n"
	"\tif owners[i] <> current_user then\n"
	"\t\texecute format('alter table %s owner to %I', names[i],\n"
	"\t\t\towners[i]);\n"
	"\tend if;\n"
	"\tfor v in\n"
	"\t\tselect said.words from pg_class c, lateral (\n"
	"\t\t\tselect coalesce(c.relacl, acldefault('r', c.relowner))\n"
	"\t\t\t\tas acl\n"
	"\t\t) now, lateral (\n"
	"\t\t\tselect 1 as turn, format('revoke all on %s from %s',\n"
	"\t\t\t\tnames[i], case g.grantee when 0 then 'public'\n"
	"\t\t\t\telse quote_ident(pg_get_userbyid(g.grantee))\n"
	"\t\t\t\tend) as words\n"
	"\t\t\tfrom aclexplode(now.acl) g\n"
	"\t\t\tunion\n"
	"\t\t\tselect 2, format('grant %s on %s to %s%s',\n"
	"\t\t\t\tg.privilege_type, names[i],\n"
	"\t\t\t\tcase g.grantee when 0 then 'public' else\n"
	"\t\t\t\tquote_ident(pg_get_userbyid(g.grantee)) end, case\n"
	"\t\t\t\twhen g.is_grantable then ' with grant option' end)\n"
	"\t\t\tfrom aclexplode(acls[i]::aclitem[]) g\n"
	"\t\t) said\n"
	"\t\twhere c.oid = names[i]::regclass\n"
	"\t\tand now.acl::text <> acls[i]\n"
	"\t\torder by said.turn\n"
	"\tloop\n"
	"\t\texecute v.words;\n"
	"\tend loop;\n"
	"\tfor words in\n"
	"\t\tselect said.one ->> 1\n"
	"\t\tfrom jsonb_array_elements(says[i]::jsonb) said (one)\n"
	"\t\twhere said.one ->> 0 is null or exists (\n"
	"\t\t\tselect from pg_attribute a\n"
	"\t\t\twhere a.attrelid = names[i]::regclass\n"
	"\t\t\tand a.attname = said.one ->> 0)\n"
	"\tloop\n"
	"\t\texecute words;\n"
	"\tend loop;\n"
	"\tbegin\n"
	"\t\texecute fills[i];\n"
	"\texception when others then\n"
	"\t\traise exception 'the % % cannot be filled from the new %: %',\n"
	"\t\t\tkinds[i], names[i], place, sqlerrm\n"
	"\t\t\tusing errcode = '2BP01';\n"
	"\tend;\n"
	"end loop;\n";

static void put_literal(struct sql *s, struct str text)
{
	dialect_put_string(s->dialect, &s->b, text);
}

void postgres_put_lines(struct sql *s, unsigned depth, const char *lines)
{
	for (const char *p = lines; *p; p++) {
		if ((p == lines || p[-1] == '\n') && *p != '\n')
			for (unsigned i = 0; i < depth; i++)
				buf_addc(&s->b, '\t');
		buf_addc(&s->b, *p);
	}
}

/* The queries, by their views, of what this run builds after this action. */
static void put_rebuilt(struct sql *s)
{
	const struct sql_request *r = s->request;
	struct buf name = {0};

	if (!r->nrebuilt)
		return;
	sql_put(s, "\t\t\trebuilt := (\n"
		   "\t\t\t\tselect jsonb_object_agg(q.id::text, q.query)\n"
		   "\t\t\t\tfrom (values");
	for (uint32_t i = 0; i < r->nrebuilt; i++) {
		buf_adds(&s->b, i ? ",\n" : "\n");
		buf_adds(&s->b, "\t\t\t\t\t(to_regclass(");
		buf_clear(&name);
		dialect_put_target(s->dialect, &name, &r->rebuilt[i]->target);
		put_literal(s, buf_str(&name));
		buf_adds(&s->b, ")::oid, ");
		put_literal(s, sql_trim(r->rebuilt[i]->query));
		buf_addc(&s->b, ')');
	}
	sql_put(s, "\n\t\t\t\t) q (id, query) where q.id is not null);\n");
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

static const char *truth(bool it)
{
	return it ? "true" : "false";
}

static void put_declarations(struct sql *s)
{
	sql_put(s, "#variable_conflict use_column\n"
		   "declare\n\told_id constant oid := ");
	put_literal(s, s->target);
	sql_put(s, "::regclass;\n\tnew_id constant oid := ");
	put_literal(s, s->temp);
	sql_put(s, "::regclass;\n\tbrief constant text := ");
	put_literal(s, s->temp_name);
	sql_put(s, ";\n"
		   "\tpath constant text := current_setting('search_path');\n"
		   "\tmay_be_there constant boolean := false;\n"
		   "\tmore_may_come constant boolean := ");
	/* Post operations may make what else would be carried over. */
	sql_put(s, truth(sql_any_statement(&s->action->post_ops)));
	sql_put(s, ";\n");
	postgres_put_lines(s, 1, postgres_lock_variables);
	sql_put(s, "\tdeadline timestamptz;\n"
		   "\tbegun timestamptz;\n"
		   "\tspell interval;\n"
		   "\ttries int := 0;\n"
		   "\trefused oid := 0;\n"
		   "\tids oid[];\n"
		   "\tseen oid[];\n"
		   "\tlocks text[];\n"
		   "\tnames text[];\n"
		   "\tkinds text[];\n"
		   "\theads text[];\n"
		   "\tmakes text[];\n"
		   "\tlater text[];\n"
		   "\tempty text[];\n"
		   "\tfills text[];\n"
		   "\towners text[];\n"
		   "\tacls text[];\n"
		   "\tsays text[];\n"
		   "\tdrops text[];\n"
		   "\tspeech jsonb;\n"
		   "\trebuilt jsonb;\n"
		   "\tkind text;\n"
		   "\tfill text;\n"
		   "\treferring jsonb;\n"
		   "\tv record;\n");
	postgres_put_lines(s, 1, postgres_carry_variables);
	sql_put(s, "begin\n");
}

/* Looks at the old relation and what stands on it: what must be said of them
 * again. */
static void put_survey(struct sql *s, const char *kind)
{
	sql_put(s, "\t\t\tperform set_config('search_path', '', true);\n"
		   "\t\t\tnames := '{}'; kinds := '{}'; heads := '{}';\n"
		   "\t\t\tmakes := '{}'; later := '{}'; empty := '{}';\n"
		   "\t\t\tfills := '{}'; owners := '{}'; acls := '{}';\n"
		   "\t\t\tsays := '{}'; seen := '{}';\n");
	put_rebuilt(s);
	sql_put(s, "\t\t\tfor v in\n");
	postgres_put_lines(s, 4, postgres_deepest);
	postgres_put_lines(s, 4, views_above);
	sql_put(s, "\t\t\tloop\n"
		   "\t\t\t\tif v.lost is not null then\n"
		   "\t\t\t\t\traise exception "
		   "'% has %, " SQL_WOULD_BE_LOST "',\n"
		   "\t\t\t\t\t\tv.name, v.lost using errcode = '2BP01';\n"
		   "\t\t\t\telsif v.depth > 0 and v.kind = 'table' then\n"
		   "\t\t\t\t\traise exception '% depends on %', v.name,\n"
		   "\t\t\t\t\t\tplace using errcode = '2BP01';\n"
		   "\t\t\t\tend if;\n"
		   "\t\t\t\tseen := seen || v.id;\n"
		   "\t\t\t\tkind := case v.depth when 0 then '");
	sql_put(s, kind);
	sql_put(s, "' else v.kind end;\n");
	postgres_put_lines(s, 4, said_about_it);
	postgres_put_lines(s, 4, what_fills_it);
	if (s->request->nrebuilt)
		postgres_put_lines(s, 4, empty_view);
	postgres_put_lines(s, 4, keep_view);
	sql_put(s, "\t\t\tend loop;\n");
	postgres_put_lines(s, 3, those_who_refer);
	sql_put(s, "\t\t\tperform set_config('search_path', path, true);\n");
}

void postgres_add_swap(struct sql *s, const char *old_kind, const char *kind)
{
	bool was_table = strcmp(old_kind, "table") == 0;
	bool stays_table = was_table && strcmp(kind, "table") == 0;

	s->swaps = true;
	put_declarations(s);
	postgres_put_lines(s, 1, find_names);
	if (was_table)
		/* Nobody gives it an index or the like that would be lost;
		 * readers and writers go on. */
		postgres_put_lock(s, "share update exclusive");
	if (stays_table)
		postgres_put_carry(s);
	postgres_begin_locks(s);
	put_survey(s, kind);
	postgres_end_locks(s);
	if (stays_table)
		postgres_put_lines(s, 1, let_sequences_go);
	postgres_put_lines(s, 1, take_away);
	sql_put(s, "\texecute format('alter table %s rename to %I', beside, ");
	put_literal(s, s->action->target.name);
	sql_put(s, ");\n\tcarried := carried || coalesce(referring, '[]');\n");
	if (sql_any_statement(&s->action->post_ops))
		sql_put(s, "\tperform set_config('weir.carried', "
			   "carried::text, true);\n");
	else
		postgres_put_settle(s);
	postgres_put_lines(s, 1, settle_views);
	postgres_end_block(s)->summary = arena_printf(
		s->arena,
		"%.*s takes the place of %.*s, with what hangs on it; views "
		"on it are made again",
		STR_ARG(s->temp), STR_ARG(s->target));
}

void postgres_add_swap_end(struct sql *s)
{
	if (!sql_any_statement(&s->action->post_ops))
		return;
	sql_put(s, "#variable_conflict use_column\n"
		   "declare\n\tnew_id constant oid := to_regclass(");
	put_literal(s, s->target);
	sql_put(s, ");\n\tbrief constant text := ");
	put_literal(s, s->temp_name);
	sql_put(s, ";\n\tmay_be_there constant boolean := true;\n");
	postgres_put_lines(s, 1, postgres_carry_variables);
	sql_put(s, "begin\n"
		   "\tcarried := current_setting('weir.carried');\n"
		   "\tif carried = '[]' then\n"
		   "\t\treturn;\n"
		   "\tend if;\n"
		   "\tselect n.nspname, format('%I.%I', n.nspname, c.relname)\n"
		   "\tinto home, place\n"
		   "\tfrom pg_class c\n"
		   "\tjoin pg_namespace n on n.oid = c.relnamespace\n"
		   "\twhere c.oid = new_id;\n");
	postgres_put_settle(s);
	postgres_end_block(s)->summary = arena_printf(
		s->arena, "what hung on the old %.*s gets its name",
		STR_ARG(s->target));
}
