/*
 * PostgreSQL. A table that is there is built anew beside the old one and
 * takes its name in the same transaction, so readers see one or the other.
 *
 * Views know tables by identity, not by name, so the old table cannot go
 * while views stand on it. The swap keeps their definitions, drops them,
 * swaps, and makes them again, with owner, grants and comments; the table's
 * own are carried over too. A view that cannot stand on the new table ends
 * the transaction with an error that names it, unless this run builds it anew
 * later: then it may wait for that. Swaps that touch views take turns, or two
 * tables under one view would deadlock.
 *
 * A merge is an update and an insert of what did not match, decided before
 * the update: that is what MERGE does, and it works from version 13 on.
 */
#include "base/arena.h"
#include "runtime/sql_write.h"

/* Views above the old relation with the relation itself first, each with what
 * must be said again after it is made anew. */
static const char views_above[] =
	"\t\twith recursive above (id, depth) as (\n"
	"\t\t\tselect old_id, 0\n"
	"\t\t\tunion\n"
	"\t\t\tselect r.ev_class, a.depth + 1\n"
	"\t\t\tfrom above a\n"
	"\t\t\tjoin pg_depend d on d.refobjid = a.id\n"
	"\t\t\t\tand d.refclassid = 'pg_class'::regclass\n"
	"\t\t\t\tand d.classid = 'pg_rewrite'::regclass\n"
	"\t\t\tjoin pg_rewrite r on r.oid = d.objid\n"
	"\t\t\twhere r.ev_class <> a.id\n"
	"\t\t), deepest as (\n"
	"\t\t\tselect id, max(depth) as depth from above group by id\n"
	"\t\t)\n"
	"\t\tselect d.id, d.depth, c.relkind, c.reloptions,\n"
	"\t\t\tformat('%I.%I', n.nspname, c.relname) as name,\n"
	"\t\t\tc.relkind <> 'v' or exists (\n"
	"\t\t\t\tselect from pg_trigger t where t.tgrelid = d.id\n"
	"\t\t\t) as cannot_be_kept\n"
	"\t\tfrom deepest d\n"
	"\t\tjoin pg_class c on c.oid = d.id\n"
	"\t\tjoin pg_namespace n on n.oid = c.relnamespace\n"
	"\t\torder by d.depth, name\n";

/* Owner, grants and comments of v as statements about what has its name
 * later; of columns, those that like_id has too. */
static const char said_about_it[] =
	"\t\tselect coalesce(string_agg(said.words, '; '), '') into words\n"
	"\t\tfrom pg_class c, lateral (\n"
	"\t\t\tselect format('alter table %s owner to %I', v.name,\n"
	"\t\t\t\tpg_get_userbyid(c.relowner)) as words\n"
	"\t\t\twhere pg_get_userbyid(c.relowner) <> current_user\n"
	"\t\t\tunion all\n"
	"\t\t\tselect format('grant %s on %s to %s%s', g.privilege_type,\n"
	"\t\t\t\tv.name, grantee.name, grantee.option)\n"
	"\t\t\tfrom aclexplode(c.relacl) g, lateral (select\n"
	"\t\t\t\tcase g.grantee when 0 then 'public' else\n"
	"\t\t\t\t\tquote_ident(pg_get_userbyid(g.grantee)) end as name,\n"
	"\t\t\t\tcase when g.is_grantable then ' with grant option'\n"
	"\t\t\t\t\telse '' end as option) grantee\n"
	"\t\t\twhere g.grantee <> c.relowner\n"
	"\t\t\tunion all\n"
	"\t\t\tselect format('grant %s (%I) on %s to %s', g.privilege_type,\n"
	"\t\t\t\ta.attname, v.name, case g.grantee when 0 then 'public'\n"
	"\t\t\t\telse quote_ident(pg_get_userbyid(g.grantee)) end)\n"
	"\t\t\tfrom pg_attribute a, aclexplode(a.attacl) g\n"
	"\t\t\twhere a.attrelid = c.oid and exists (\n"
	"\t\t\t\tselect from pg_attribute l\n"
	"\t\t\t\twhere l.attrelid = like_id and l.attname = a.attname)\n"
	"\t\t\tunion all\n"
	"\t\t\tselect format('comment on %s %s is %L', kind, v.name,\n"
	"\t\t\t\tobj_description(c.oid, 'pg_class'))\n"
	"\t\t\twhere obj_description(c.oid, 'pg_class') is not null\n"
	"\t\t\tunion all\n"
	"\t\t\tselect format('comment on column %s.%I is %L', v.name,\n"
	"\t\t\t\ta.attname, col_description(c.oid, a.attnum))\n"
	"\t\t\tfrom pg_attribute a\n"
	"\t\t\twhere a.attrelid = c.oid and a.attnum > 0\n"
	"\t\t\tand col_description(c.oid, a.attnum) is not null\n"
	"\t\t\tand exists (select from pg_attribute l\n"
	"\t\t\t\twhere l.attrelid = like_id and l.attname = a.attname)\n"
	"\t\t) said where c.oid = v.id;\n";

static const char make_views_again[] =
	"\tfor i in 2 .. array_length(names, 1) loop\n"
	"\t\tbegin\n"
	"\t\t\texecute makes[i];\n"
	"\t\t\texecute says[i];\n"
	"\t\texception when others then\n"
	"\t\t\tcontinue when sqlstate like '42%' and anew[i];\n"
	"\t\t\traise exception 'the view % cannot stand on the new %: %',\n"
	"\t\t\t\tnames[i], names[1], sqlerrm using errcode = '2BP01';\n"
	"\t\tend;\n"
	"\tend loop;\n";

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

static void put_declarations(struct sql *s, const char *kind)
{
	sql_put(s, "do $$weir$$\ndeclare\n\told_id constant oid := ");
	put_literal(s, s->target);
	sql_put(s, "::regclass;\n\tnew_id constant oid := ");
	put_literal(s, s->temp);
	sql_put(s, "::regclass;\n"
		   "\tnames text[];\n"
		   "\tmakes text[];\n"
		   "\tsays text[];\n"
		   "\tanew boolean[];\n"
		   "\twords text;\n"
		   "\tlike_id oid;\n"
		   "\tkind text := '");
	sql_put(s, kind);
	sql_put(s, "';\n\tv record;\nbegin\n");
}

/* Gives the relation beside, a table or view as kind says, the name of the
 * old one. */
static void add_swap(struct sql *s, const char *old_kind, const char *kind)
{
	put_declarations(s, kind);
	sql_put(s, "\tif exists (select from pg_depend d\n"
		   "\t\twhere d.refobjid = old_id\n"
		   "\t\tand d.refclassid = 'pg_class'::regclass\n"
		   "\t\tand d.classid = 'pg_rewrite'::regclass) then\n"
		   "\t\tperform pg_advisory_xact_lock(8243108420519);\n"
		   "\tend if;\n"
		   "\tfor v in\n");
	buf_adds(&s->b, views_above);
	sql_put(s, "\tloop\n"
		   "\t\tif v.depth > 0 and v.cannot_be_kept then\n"
		   "\t\t\traise exception '% depends on %',\n"
		   "\t\t\t\tv.name, names[1] using errcode = '2BP01';\n"
		   "\t\tend if;\n"
		   "\t\tlike_id := case v.depth when 0 then new_id\n"
		   "\t\t\telse v.id end;\n"
		   "\t\tif v.depth > 0 then\n"
		   "\t\t\tkind := 'view';\n"
		   "\t\tend if;\n");
	buf_adds(&s->b, said_about_it);
	sql_put(s, "\t\tnames := names || v.name;\n"
		   "\t\tsays := says || words;\n"
		   "\t\tmakes := makes || case v.depth when 0 then '' else\n"
		   "\t\t\tformat('create view %s%s as %s', v.name,\n"
		   "\t\t\t\t' with (' || array_to_string(v.reloptions, ', ')\n"
		   "\t\t\t\t\t|| ')', pg_get_viewdef(v.id)) end;\n"
		   "\t\tanew := anew || (");
	put_is_rebuilt(s);
	sql_put(s, ");\n"
		   "\tend loop;\n"
		   "\tfor i in reverse array_length(names, 1) .. 2 loop\n"
		   "\t\texecute 'drop view ' || names[i];\n"
		   "\tend loop;\n"
		   "\tdrop ");
	sql_put(s, old_kind);
	sql_put(s, " $T;\n\talter table $N rename to ");
	dialect_put_ident(s->dialect, &s->b, s->action->target.name);
	sql_put(s, ";\n\texecute says[1];\n");
	buf_adds(&s->b, make_views_again);
	sql_add(s, "end $$weir$$")->summary = arena_printf(
		s->arena,
		"%.*s takes the place of %.*s; views on it are made again",
		STR_ARG(s->temp), STR_ARG(s->target));
}

static const char *kind_word(enum relation_kind kind)
{
	return kind == RELATION_VIEW ? "view" : "table";
}

static void postgres_table(struct sql *s)
{
	enum relation_kind old = s->request->found->kind;

	if (old == RELATION_NONE) {
		sql_add(s, "create table $T as$Q")->counts = true;
		return;
	}
	sql_add(s, "create table $N as$Q")->counts = true;
	add_swap(s, kind_word(old), "table");
}

static void postgres_view(struct sql *s)
{
	if (s->request->found->kind == RELATION_TABLE) {
		sql_add(s, "create view $N as$Q");
		add_swap(s, "table", "view");
	} else {
		sql_add(s, "create or replace view $T as$Q");
	}
}

/* "create or replace" refuses other columns than the view had. */
static void postgres_view_otherwise(struct sql *s)
{
	sql_add(s, "create view $N as$Q");
	add_swap(s, "view", "view");
}

/* Two rows that match one have the same key, which is quickly found out not
 * to be the case. A count makes the server plan for all rows; for an EXISTS it
 * would plan for the first one, with loops in loops. */
static void add_duplicate_check(struct sql *s)
{
	sql_put(s, "do $$weir$$\nbegin\n"
		   "\tif (select count(*) from (\n"
		   "\t\tselect from $S as DATAFORM_SOURCE\n"
		   "\t\tgroup by $K\n"
		   "\t\thaving count(*) > 1\n"
		   "\t) same_key) = 0 then\n"
		   "\t\treturn;\n"
		   "\tend if;\n"
		   "\tif (select count(*) from (\n"
		   "\t\tselect from $T as DATAFORM_DEST\n"
		   "\t\tjoin $S as DATAFORM_SOURCE\n"
		   "\t\ton $O\n"
		   "\t\tgroup by DATAFORM_DEST.ctid\n"
		   "\t\thaving count(*) > 1\n"
		   "\t) met_twice) > 0 then\n"
		   "\t\traise exception '" SQL_DUPLICATE_KEY "'\n"
		   "\t\t\tusing errcode = '21000';\n"
		   "\tend if;\n");
	sql_add(s, "end $$weir$$");
}

static void postgres_merge(struct sql *s)
{
	sql_add(s, "create temp table $S on commit drop as\n"
		   "select $C\nfrom ($Q) as insertions");
	sql_add(s, "analyze $S");
	add_duplicate_check(s);
	sql_add(s, "create temp table $S_new on commit drop as\n"
		   "select * from $S as DATAFORM_SOURCE\n"
		   "where not exists (\n"
		   "\tselect from $T as DATAFORM_DEST\n"
		   "\twhere $O\n"
		   ")");
	sql_put(s, "update $T as DATAFORM_DEST\nset ");
	sql_put_assignments(s);
	sql_add(s, "\nfrom $S as DATAFORM_SOURCE\nwhere $O")->counts = true;
	sql_add(s, "insert into $T ($C)\nselect $C from $S_new")->counts = true;
}

const struct sql_writer sql_postgres = {
	.table = postgres_table,
	.view = postgres_view,
	.view_otherwise = postgres_view_otherwise,
	.otherwise_if = "42P16", /* invalid_table_definition */
	.merge = postgres_merge,
	.list_schemas = "select nspname from pg_namespace",
	.relations_head =
		"select w.i, case when c.relkind in ('r', 'p') then 'table' "
		"when c.relkind = 'v' then 'view' else 'other' end, "
		"a.attname, format_type(a.atttypid, a.atttypmod)\n"
		"from (values",
	.relations_tail =
		"\n) as w (i, s, n)\n"
		"join pg_namespace n "
		"on n.nspname = coalesce(w.s, current_schema())::name\n"
		"join pg_class c "
		"on c.relnamespace = n.oid and c.relname = w.n::name\n"
		"left join pg_attribute a on a.attrelid = c.oid "
		"and a.attnum > 0 and not a.attisdropped\n"
		"order by w.i, a.attnum",
};
