-- runs
create or replace view "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- otherwise, if refused with 42P16
-- runs
begin
-- runs
create view "staging"."weir_tmp_fb2594dd39e9c199" as
select 1 as id, 'x' as "user" -- ; one
-- runs
do $weir$
declare
	old_id constant oid := '"staging"."events"'::regclass;
	new_id constant oid := '"staging"."weir_tmp_fb2594dd39e9c199"'::regclass;
	names text[];
	makes text[];
	says text[];
	anew boolean[];
	words text;
	like_id oid;
	kind text := 'view';
	v record;
begin
	if exists (select from pg_depend d
		where d.refobjid = old_id
		and d.refclassid = 'pg_class'::regclass
		and d.classid = 'pg_rewrite'::regclass) then
		perform pg_advisory_xact_lock(8243108420519);
	end if;
	for v in
		with recursive above (id, depth) as (
			select old_id, 0
			union
			select r.ev_class, a.depth + 1
			from above a
			join pg_depend d on d.refobjid = a.id
				and d.refclassid = 'pg_class'::regclass
				and d.classid = 'pg_rewrite'::regclass
			join pg_rewrite r on r.oid = d.objid
			where r.ev_class <> a.id
		), deepest as (
			select id, max(depth) as depth from above group by id
		)
		select d.id, d.depth, c.relkind, c.reloptions,
			format('%I.%I', n.nspname, c.relname) as name,
			c.relkind <> 'v' or exists (
				select from pg_trigger t where t.tgrelid = d.id
			) as cannot_be_kept
		from deepest d
		join pg_class c on c.oid = d.id
		join pg_namespace n on n.oid = c.relnamespace
		order by d.depth, name
	loop
		if v.depth > 0 and v.cannot_be_kept then
			raise exception '% depends on %',
				v.name, names[1] using errcode = '2BP01';
		end if;
		like_id := case v.depth when 0 then new_id
			else v.id end;
		if v.depth > 0 then
			kind := 'view';
		end if;
		select coalesce(string_agg(said.words, '; '), '') into words
		from pg_class c, lateral (
			select format('alter table %s owner to %I', v.name,
				pg_get_userbyid(c.relowner)) as words
			where pg_get_userbyid(c.relowner) <> current_user
			union all
			select format('grant %s on %s to %s%s', g.privilege_type,
				v.name, grantee.name, grantee.option)
			from aclexplode(c.relacl) g, lateral (select
				case g.grantee when 0 then 'public' else
					quote_ident(pg_get_userbyid(g.grantee)) end as name,
				case when g.is_grantable then ' with grant option'
					else '' end as option) grantee
			where g.grantee <> c.relowner
			union all
			select format('grant %s (%I) on %s to %s', g.privilege_type,
				a.attname, v.name, case g.grantee when 0 then 'public'
				else quote_ident(pg_get_userbyid(g.grantee)) end)
			from pg_attribute a, aclexplode(a.attacl) g
			where a.attrelid = c.oid and exists (
				select from pg_attribute l
				where l.attrelid = like_id and l.attname = a.attname)
			union all
			select format('comment on %s %s is %L', kind, v.name,
				obj_description(c.oid, 'pg_class'))
			where obj_description(c.oid, 'pg_class') is not null
			union all
			select format('comment on column %s.%I is %L', v.name,
				a.attname, col_description(c.oid, a.attnum))
			from pg_attribute a
			where a.attrelid = c.oid and a.attnum > 0
			and col_description(c.oid, a.attnum) is not null
			and exists (select from pg_attribute l
				where l.attrelid = like_id and l.attname = a.attname)
		) said where c.oid = v.id;
		names := names || v.name;
		says := says || words;
		makes := makes || case v.depth when 0 then '' else
			format('create view %s%s as %s', v.name,
				' with (' || array_to_string(v.reloptions, ', ')
					|| ')', pg_get_viewdef(v.id)) end;
		anew := anew || (false);
	end loop;
	for i in reverse array_length(names, 1) .. 2 loop
		execute 'drop view ' || names[i];
	end loop;
	drop view "staging"."events";
	alter table "staging"."weir_tmp_fb2594dd39e9c199" rename to "events";
	execute says[1];
	for i in 2 .. array_length(names, 1) loop
		begin
			execute makes[i];
			execute says[i];
		exception when others then
			continue when sqlstate like '42%' and anew[i];
			raise exception 'the view % cannot stand on the new %: %',
				names[i], names[1], sqlerrm using errcode = '2BP01';
		end;
	end loop;
end $weir$
-- runs
commit
-- asks
select count(*) from "staging"."events"
-- asks
select * from "staging"."events" limit 10
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
