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
	lock_limit constant text := current_setting('lock_timeout');
	names text[];
	makes text[];
	owners text[];
	acls text[];
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
			pg_get_userbyid(c.relowner) as owner,
			coalesce(c.relacl, acldefault('r', c.relowner))::text as acl,
			format('%I.%I', n.nspname, c.relname) as name, lost.what as lost
		from deepest d
		join pg_class c on c.oid = d.id
		join pg_namespace n on n.oid = c.relnamespace
		cross join lateral (
			select string_agg(one.what, ', ' order by one.what) as what from (
				select 'row level security'
				where c.relrowsecurity or c.relforcerowsecurity
				union all
				select format('policy %I', polname) from pg_policy
				where polrelid = c.oid
				union all
				select format('trigger %I', tgname) from pg_trigger
				where tgrelid = c.oid and not tgisinternal
				union all
				select format('rule %I', rulename) from pg_rewrite
				where ev_class = c.oid and rulename <> '_RETURN'
				union all
				select format('publication %I', p.pubname)
				from pg_publication_rel r
				join pg_publication p on p.oid = r.prpubid
				where r.prrelid = c.oid
				union all
				select format('parent %s', inhparent::regclass)
				from pg_inherits where inhrelid = c.oid
				union all
				select format('default of column %I', a.attname)
				from pg_attribute a
				where a.attrelid = c.oid and a.atthasdef and c.relkind = 'v'
			) one (what)
		) lost
		order by d.depth, name
	loop
		if v.depth > 0 and v.relkind <> 'v' then
			raise exception '% depends on %',
				v.name, names[1] using errcode = '2BP01';
		elsif v.lost is not null then
			raise exception '% has %, which would be lost',
				v.name, v.lost using errcode = '2BP01';
		end if;
		like_id := case v.depth when 0 then new_id
			else v.id end;
		if v.depth > 0 then
			kind := 'view';
		end if;
		select coalesce(string_agg(said.words, '; '), '') into words
		from pg_class c, lateral (
			select format('grant %s (%I) on %s to %s%s', g.privilege_type,
				a.attname, v.name, case g.grantee when 0 then 'public'
				else quote_ident(pg_get_userbyid(g.grantee)) end,
				case when g.is_grantable then ' with grant option' end) as words
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
		owners := owners || v.owner::text;
		acls := acls || v.acl;
		says := says || words;
		makes := makes || case v.depth when 0 then '' else
			format('create view %s%s as %s', v.name,
				' with (' || array_to_string(v.reloptions, ', ')
					|| ')', pg_get_viewdef(v.id)) end;
		anew := anew || (false);
	end loop;
	if lock_limit = '0' then
		perform set_config('lock_timeout', '30s', true);
	end if;
	begin
		for i in reverse array_length(names, 1) .. 2 loop
			execute 'drop view ' || names[i];
		end loop;
		drop table "staging"."events";
	exception when lock_not_available then
		raise exception 'waited % for those who use %',
			current_setting('lock_timeout'), names[1]
			using errcode = '55P03',
			hint = 'nothing was changed; run it again when they are done '
				'(pg_stat_activity shows them), or set a longer '
				'lock_timeout in the connection of the target';
	end;
	perform set_config('lock_timeout', lock_limit, true);
	alter table "staging"."weir_tmp_fb2594dd39e9c199" rename to "events";
	for i in 1 .. array_length(names, 1) loop
		if i > 1 then
			begin
				execute makes[i];
			exception when others then
				continue when sqlstate like '42%' and anew[i];
				raise exception 'the view % cannot stand on the new %: %',
					names[i], names[1], sqlerrm using errcode = '2BP01';
			end;
		end if;
		if owners[i] <> current_user then
			execute format('alter table %s owner to %I', names[i], owners[i]);
		end if;
		for v in
			select said.words from pg_class c, lateral (
				select coalesce(c.relacl, acldefault('r', c.relowner)) as acl
			) now, lateral (
				select 1 as turn, format('revoke all on %s from %s',
					names[i], case g.grantee when 0 then 'public' else
					quote_ident(pg_get_userbyid(g.grantee)) end) as words
				from aclexplode(now.acl) g
				union
				select 2, format('grant %s on %s to %s%s', g.privilege_type,
					names[i], case g.grantee when 0 then 'public' else
					quote_ident(pg_get_userbyid(g.grantee)) end, case
					when g.is_grantable then ' with grant option' end)
				from aclexplode(acls[i]::aclitem[]) g
			) said
			where c.oid = names[i]::regclass and now.acl::text <> acls[i]
			order by said.turn
		loop
			execute v.words;
		end loop;
		execute says[i];
	end loop;
end $weir$
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
