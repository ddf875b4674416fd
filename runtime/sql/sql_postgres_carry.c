/*
 * What hangs on a table and is carried over to the one that takes its place:
 * indexes, constraints, column defaults, options, statistics.
 *
 * All that takes long, building indexes and checking constraints, is done on
 * the table beside while the old one is read, under names for the time being.
 * Once the old table is gone, each gets its own name, or goes, if the action's
 * post operations have made the same meanwhile. What could not be made beside
 * is made then: what needs a column that post operations add, and foreign keys
 * to the table.
 *
 * A thing is patterns for format(), in which %1$I stands for the name for the
 * time being, %2$s for the table, %3$I for the schema, %4$I for the name.
 */
#include "base/arena.h"
#include "runtime/sql/sql_postgres.h"
#include "runtime/sql/sql_write.h"

/* Most tables have none of all this, and to ask for it costs time. */
static const char has_settings[] =
	"if exists (\n"
	"\tselect from pg_class where oid = old_id and (reltablespace <> 0\n"
	"\t\tor relpersistence <> 'p' or relreplident in ('f', 'n')\n"
	"\t\tor reloptions is not null)\n"
	") or exists (\n"
	"\tselect from pg_class c join pg_class t on t.oid = c.reltoastrelid\n"
	"\twhere c.oid = old_id and t.reloptions is not null\n"
	") or exists (\n"
	"\tselect from pg_attribute a join pg_type t on t.oid = a.atttypid\n"
	"\twhere a.attrelid = old_id and a.attnum > 0 and (a.attnotnull\n"
	"\t\tor a.atthasdef or a.attstattarget >= 0\n"
	"\t\tor a.attstorage <> t.typstorage\n"
	"\t\tor array_to_string(a.attoptions, ' ') like '%n\\_distinct%')\n"
	") then\n";

static const char has_things[] =
	"if exists (select from pg_index where indrelid = old_id)\n"
	"\tor exists (select from pg_constraint where conrelid = old_id)\n"
	"\tor exists (select from pg_statistic_ext where stxrelid = old_id)\n"
	"then\n";

/* What is set for the old table, and for columns that the new one has, too:
 * ends of ALTER TABLE. */
static const char settings_query[] =
	"with o as (\n"
	"\tselect * from pg_class where oid = old_id\n"
	"), col as (\n"
	"\tselect a.*, l.attstorage as storage_now, l.atttypid as type_now\n"
	"\tfrom pg_attribute a\n"
	"\tjoin pg_attribute l on l.attrelid = new_id\n"
	"\t\tand l.attname = a.attname and not l.attisdropped\n"
	"\twhere a.attrelid = old_id and a.attnum > 0\n"
	"\tand not a.attisdropped\n"
	"), said (turn, words) as (\n"
	"\tselect 1, format('set tablespace %I', t.spcname)\n"
	"\tfrom o, pg_tablespace t, pg_class c\n"
	"\twhere c.oid = new_id and t.oid = o.reltablespace\n"
	"\tand o.reltablespace <> c.reltablespace\n"
	"\tunion all\n"
	"\tselect 1, 'set unlogged' from o where o.relpersistence = 'u'\n"
	"\tunion all\n"
	"\tselect 2, format('set (%s%s=%L)', x.head,\n"
	"\t\tsplit_part(x.one, '=', 1),\n"
	"\t\tsubstr(x.one, strpos(x.one, '=') + 1))\n"
	"\tfrom (\n"
	"\t\tselect '' as head, unnest(o.reloptions) as one from o\n"
	"\t\tunion all\n"
	"\t\tselect 'toast.', unnest(c.reloptions)\n"
	"\t\tfrom o join pg_class c on c.oid = o.reltoastrelid\n"
	"\t) x\n"
	"\tunion all\n"
	"\tselect 2, case o.relreplident when 'f'\n"
	"\t\tthen 'replica identity full'\n"
	"\t\telse 'replica identity nothing' end\n"
	"\tfrom o where o.relreplident in ('f', 'n')\n"
	"\tunion all\n"
	"\tselect 3, format('alter column %I set not null', attname)\n"
	"\tfrom col where attnotnull\n"
	"\tunion all\n"
	"\tselect 3, format('alter column %I set default %s', attname,\n"
	"\t\tpg_get_expr(d.adbin, d.adrelid))\n"
	"\tfrom col join pg_attrdef d\n"
	"\ton d.adrelid = old_id and d.adnum = col.attnum\n"
	"\twhere attgenerated = ''\n"
	"\tunion all\n"
	"\tselect 3, format('alter column %I set statistics %s', attname,\n"
	"\t\tattstattarget)\n"
	"\tfrom col where attstattarget >= 0\n"
	"\tunion all\n"
	"\tselect 3, format('alter column %I set (%s)', attname, one)\n"
	"\tfrom col, unnest(attoptions) one where one like 'n\\_distinct%'\n"
	"\tunion all\n"
	"\tselect 3, format('alter column %I set storage %s', attname,\n"
	"\t\tcase attstorage when 'p' then 'plain'\n"
	"\t\twhen 'e' then 'external' when 'm' then 'main'\n"
	"\t\telse 'extended' end)\n"
	"\tfrom col where attstorage <> storage_now\n"
	"\tand atttypid = type_now\n"
	")\n"
	"select array_agg(words order by turn, words) from said\n";

/* Indexes, constraints and statistics of the old table, but for the indexes
 * that are ours: this run makes them anew. */
static const char things_query[] =
	"with i as (\n"
	"\tselect ic.oid, ic.relname::text as name, x.indisclustered,\n"
	"\t\tx.indisreplident, c.relname, n.nspname, s.spcname,\n"
	"\t\tcase when x.indisunique then 'UNIQUE ' else '' end\n"
	"\t\t\tas uniqueness,\n"
	"\t\tpg_get_indexdef(ic.oid) as def,\n"
	"\t\tobj_description(ic.oid, 'pg_class') as said\n"
	"\tfrom pg_index x\n"
	"\tjoin pg_class ic on ic.oid = x.indexrelid\n"
	"\tjoin pg_class c on c.oid = x.indrelid\n"
	"\tjoin pg_namespace n on n.oid = c.relnamespace\n"
	"\tleft join pg_tablespace s on s.oid = ic.reltablespace\n"
	"\twhere x.indrelid = old_id and x.indisvalid\n"
	"), b as (\n"
	"\tselect i.*, substr(def, 1 + length(format(\n"
	"\t\t'CREATE %sINDEX %I ON %I.%I', uniqueness, name,\n"
	"\t\tnspname, relname))) as body\n"
	"\tfrom i\n"
	"), m as (\n"
	"\tselect b.*, format('create %sindex %%1$I on %%2$s%s',\n"
	"\t\tlower(uniqueness), replace(body, '%', '%%'))\n"
	"\t\t|| coalesce('; alter index %3$I.%1$I set tablespace '\n"
	"\t\t\t|| replace(quote_ident(spcname), '%', '%%'), '')\n"
	"\t\t\tas make,\n"
	"\t\tconcat_ws('; ',\n"
	"\t\t\t'comment on index %3$I.%4$I is ' || replace(\n"
	"\t\t\t\tquote_literal(said), '%', '%%'),\n"
	"\t\t\tcase when indisclustered then\n"
	"\t\t\t\t'alter table %2$s cluster on %4$I' end,\n"
	"\t\t\tcase when indisreplident then 'alter table %2$s '\n"
	"\t\t\t\t'replica identity using index %4$I' end)\n"
	"\t\t\tas after\n"
	"\tfrom b\n"
	"), k as (\n"
	"\tselect c.*, c.conname::text as name,\n"
	"\t\tpg_get_constraintdef(c.oid) as body, replace(\n"
	"\t\tpg_get_constraintdef(c.oid), '%', '%%') as def,\n"
	"\t\t'comment on constraint %4$I on %2$s is ' || replace(\n"
	"\t\t\tquote_literal(obj_description(c.oid,\n"
	"\t\t\t'pg_constraint')), '%', '%%') as said\n"
	"\tfrom pg_constraint c where conrelid = old_id\n"
	")\n"
	"select 'index' as class, name, make,\n"
	"\tsubstr(def, 1 + strpos(def, ' USING ')) as body,\n"
	"\t'alter index %3$I.%1$I rename to %4$I' as settle,\n"
	"\t'drop index %3$I.%1$I' as unmake, after\n"
	"from m where not exists (select from k where k.conindid = m.oid\n"
	"\tand k.contype in ('p', 'u', 'x'))\n"
	"and name !~ '_weir_[0-9a-f]{16}$'\n"
	"union all\n"
	"select k.contype::text, k.name, m.make, k.body,\n"
	"\t'alter table %2$s add constraint %4$I ' || case k.contype\n"
	"\twhen 'p' then 'primary key' else 'unique' end\n"
	"\t|| ' using index %1$I'\n"
	"\t|| case when condeferrable then ' deferrable' else '' end\n"
	"\t|| case when condeferred then ' initially deferred'\n"
	"\telse '' end,\n"
	"\t'drop index %3$I.%1$I', concat_ws('; ', m.after, k.said)\n"
	"from k join m on m.oid = k.conindid\n"
	"where k.contype in ('p', 'u')\n"
	"union all\n"
	"select k.contype::text, k.name, case when confrelid <> old_id\n"
	"\tthen 'alter table %2$s add constraint %1$I ' || k.def end,\n"
	"\tk.body, case when confrelid <> old_id\n"
	"\tthen 'alter table %2$s rename constraint %1$I to %4$I'\n"
	"\telse 'alter table %2$s add constraint %4$I ' || k.def end,\n"
	"\t'alter table %2$s drop constraint %1$I',\n"
	"\tconcat_ws('; ', m.after, k.said)\n"
	"from k left join m on m.oid = k.conindid and k.contype = 'x'\n"
	"where k.contype in ('c', 'x', 'f')\n"
	"union all\n"
	"select 'statistics', d.name, format(\n"
	"\t'create statistics %%3$I.%%1$I%s from %%2$s', replace(\n"
	"\tleft(substr(d.def, 1 + length(format(\n"
	"\t\t'CREATE STATISTICS %I.%I', d.nspname, d.name))),\n"
	"\t\t-length(format(' FROM %s', d.place))), '%', '%%')),\n"
	"\t'', 'alter statistics %3$I.%1$I rename to %4$I',\n"
	"\t'drop statistics %3$I.%1$I', ''\n"
	"from (\n"
	"\tselect s.stxname::text as name, n.nspname,\n"
	"\t\tpg_get_statisticsobjdef(s.oid) as def,\n"
	"\t\ts.stxrelid::regclass::text as place\n"
	"\tfrom pg_statistic_ext s\n"
	"\tjoin pg_namespace n on n.oid = s.stxnamespace\n"
	"\twhere s.stxrelid = old_id\n"
	") d\n";

/* PostgreSQL runs what an index calls as the owner of the table, who is the one
 * that made it. */
static const char give_to_owner[] =
	"for words in\n"
	"\tselect format('alter table %s owner to %I', beside,\n"
	"\t\tpg_get_userbyid(relowner))\n"
	"\tfrom pg_class where oid = old_id\n"
	"\tand pg_get_userbyid(relowner) <> current_user\n"
	"loop\n"
	"\texecute words;\n"
	"end loop;\n";

/* Under names for the time being. A column may come by post operations. */
static const char make_beside[] =
	"foreach words in array coalesce(settings, '{}') loop\n"
	"\tbegin\n"
	"\t\texecute format('alter table %s %s', beside, words);\n"
	"\texception when others then\n"
	"\t\traise exception 'the new % does not take \"%\" of the old '\n"
	"\t\t\t'one: %', place, words, sqlerrm\n"
	"\t\t\tusing errcode = '2BP01';\n"
	"\tend;\n"
	"end loop;\n"
	"for i in 0 .. jsonb_array_length(carried) - 1 loop\n"
	"\tt := carried -> i;\n"
	"\tcontinue when t ->> 'make' is null;\n"
	"\tbegin\n"
	"\t\texecute format(t ->> 'make', brief || '_' || i, beside,\n"
	"\t\t\thome);\n"
	"\t\tcarried := jsonb_set(carried, array[i::text, 'made'],\n"
	"\t\t\t'true');\n"
	"\texception when others then\n"
	"\t\tcontinue when more_may_come and sqlstate = '42703';\n"
	"\t\traise exception '% % of % cannot be made on the new one: %',\n"
	"\t\t\tcase when t ->> 'class' in ('index', 'statistics')\n"
	"\t\t\tthen 'the ' || (t ->> 'class')\n"
	"\t\t\telse 'the constraint' end, t ->> 'name', place,\n"
	"\t\t\tsqlerrm using errcode = '2BP01';\n"
	"\tend;\n"
	"end loop;\n";

/* Each gets its name, unless post operations made the same. */
static const char settle_each[] =
	"for i in 0 .. jsonb_array_length(carried) - 1 loop\n"
	"\tt := carried -> i;\n"
	"\tstand_in := brief || '_' || i;\n"
	"\tif may_be_there and (case\n"
	"\t\twhen t ->> 'class' = 'index' then exists (\n"
	"\t\t\tselect from pg_index x\n"
	"\t\t\tjoin pg_class c on c.oid = x.indexrelid\n"
	"\t\t\tjoin pg_namespace n on n.oid = c.relnamespace\n"
	"\t\t\twhere x.indrelid = new_id and c.relname <> stand_in\n"
	"\t\t\tand (c.relname = t ->> 'name'\n"
	"\t\t\t\tor substr(pg_get_indexdef(c.oid), 1\n"
	"\t\t\t\t+ strpos(pg_get_indexdef(c.oid), ' USING '))\n"
	"\t\t\t\t= t ->> 'body'))\n"
	"\t\twhen t ->> 'class' = 'statistics' then exists (\n"
	"\t\t\tselect from pg_statistic_ext s\n"
	"\t\t\twhere s.stxrelid = new_id\n"
	"\t\t\tand s.stxname = t ->> 'name')\n"
	"\t\twhen t ->> 'class' = 'referring' then false\n"
	"\t\telse exists (\n"
	"\t\t\tselect from pg_constraint k\n"
	"\t\t\twhere k.conrelid = new_id and k.conname <> stand_in\n"
	"\t\t\tand (k.conname = t ->> 'name'\n"
	"\t\t\t\tor k.contype = (t ->> 'class')::\"char\"\n"
	"\t\t\t\tand (k.contype = 'p'\n"
	"\t\t\t\tor pg_get_constraintdef(k.oid) = t ->> 'body')))\n"
	"\t\tend)\n"
	"\tthen\n"
	"\t\tif t ? 'made' then\n"
	"\t\t\texecute format(t ->> 'unmake', stand_in, place, home);\n"
	"\t\tend if;\n"
	"\t\tcontinue;\n"
	"\tend if;\n"
	"\tbegin\n"
	"\t\tif not t ? 'made' and t ->> 'make' is not null then\n"
	"\t\t\texecute format(t ->> 'make', stand_in, place, home);\n"
	"\t\tend if;\n"
	"\t\texecute format(t ->> 'settle', stand_in, place, home,\n"
	"\t\t\tt ->> 'name');\n"
	"\texception when others then\n"
	"\t\traise exception '% % of % cannot be made on the new %: %',\n"
	"\t\t\tcase when t ->> 'class' in ('index', 'statistics')\n"
	"\t\t\tthen 'the ' || (t ->> 'class')\n"
	"\t\t\telse 'the constraint' end, t ->> 'name',\n"
	"\t\t\tcoalesce(t ->> 'of', place), place, sqlerrm\n"
	"\t\t\tusing errcode = '2BP01';\n"
	"\tend;\n"
	"\texecute format(t ->> 'after', stand_in, place, home,\n"
	"\t\tt ->> 'name');\n"
	"end loop;\n";

const char postgres_carry_variables[] = "home text;\n"
					"place text;\n"
					"beside text;\n"
					"stand_in text;\n"
					"words text;\n"
					"settings text[];\n"
					"carried jsonb := '[]';\n"
					"t jsonb;\n";

/* What the config asks for is as if the old table had it. */
static void put_own_indexes(struct sql *s)
{
	const struct weir_options *weir = s->action->weir;

	for (uint32_t i = 0; weir && i < weir->nindexes; i++) {
		const struct index_option *index = &weir->indexes[i];

		sql_put(s, "\tcarried := carried || jsonb_build_object("
			   "'class', 'index', 'after', '',\n"
			   "\t\t'unmake', 'drop index %3$$I.%1$$I', 'settle',\n"
			   "\t\t'alter index %3$$I.%1$$I rename to %4$$I',\n"
			   "\t\t'name', ");
		dialect_put_string(s->dialect, &s->b, sql_index_name(s, index));
		sql_put(s, ", 'make',\n\t\t'create ");
		sql_put(s, index->unique ? "unique index" : "index");
		sql_put(s, " %1$$I on %2$$s (' || replace(");
		dialect_put_string(s->dialect, &s->b,
				   sql_index_columns(s, index));
		sql_put(s, ",\n\t\t'%', '%%') || ')'");
		sql_put(s, ");\n");
	}
}

void postgres_put_carry(struct sql *s)
{
	sql_put(s, "\tperform set_config('search_path', '', true);\n");
	postgres_put_lines(s, 1, has_settings);
	sql_put(s, "\t\tsettings := (\n");
	postgres_put_lines(s, 3, settings_query);
	sql_put(s, "\t\t);\n\tend if;\n");
	postgres_put_lines(s, 1, has_things);
	sql_put(s, "\t\tcarried := coalesce((\n"
		   "\t\t\tselect jsonb_agg(t) from (\n");
	postgres_put_lines(s, 4, things_query);
	sql_put(s, "\t\t\t) t\n"
		   "\t\t), '[]');\n"
		   "\tend if;\n"
		   "\tperform set_config('search_path', path, true);\n");
	put_own_indexes(s);
	postgres_put_lines(s, 1, give_to_owner);
	postgres_put_lines(s, 1, make_beside);
}

void postgres_put_settle(struct sql *s)
{
	postgres_put_lines(s, 1, settle_each);
}
