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
#variable_conflict use_column
declare
	old_id constant oid := '"staging"."events"'::regclass;
	new_id constant oid := '"staging"."weir_tmp_fb2594dd39e9c199"'::regclass;
	brief constant text := 'weir_tmp_fb2594dd39e9c199';
	path constant text := current_setting('search_path');
	may_be_there constant boolean := false;
	more_may_come constant boolean := false;
	lock_limit constant text := current_setting('lock_timeout');
	limit_text constant text := case lock_limit when '0'
		then '30s' else lock_limit end;
	patience constant interval := limit_text::interval;
	deadline timestamptz;
	begun timestamptz;
	spell interval;
	tries int := 0;
	refused oid := 0;
	ids oid[];
	seen oid[];
	locks text[];
	names text[];
	kinds text[];
	heads text[];
	makes text[];
	later text[];
	empty text[];
	fills text[];
	owners text[];
	acls text[];
	says text[];
	drops text[];
	speech jsonb;
	rebuilt jsonb;
	kind text;
	fill text;
	referring jsonb;
	v record;
	home text;
	place text;
	beside text;
	stand_in text;
	words text;
	settings text[];
	carried jsonb := '[]';
	t jsonb;
begin
	select n.nspname, format('%I.%I', n.nspname, c.relname),
		format('%I.%I', n.nspname, brief)
	into home, place, beside
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.oid = old_id;
	loop
		tries := tries + 1;
		spell := least(interval '5 ms' * (tries & -tries),
			0.6 * current_setting('deadlock_timeout')::interval);
		if not exists (select from pg_depend where refobjid = old_id
				and classid = 'pg_rewrite'::regclass)
			and not exists (
				select from pg_constraint where confrelid = old_id)
		then
			select array[old_id], array[format('alter table %s owner to %I',
				place, pg_get_userbyid(relowner))]
			into ids, locks
			from pg_class where oid = old_id;
		else
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
			), deepest (id, depth) as (
				select id, max(depth) from above group by id
			)
			, referring as (
				select conrelid as id from pg_constraint
				where confrelid = old_id and conrelid <> old_id
				and contype = 'f' and conparentid = 0
			), locked (id, depth) as (
				select id, depth from deepest
				union
				select id, -1 from referring
				union
				select p.relid, -1 - p.level
				from referring r, pg_partition_tree(r.id) p
			)
			select array_agg(l.id order by l.id = refused desc, l.depth desc,
					l.id),
				array_agg(format('alter table %I.%I owner to %I', n.nspname,
					c.relname, pg_get_userbyid(c.relowner))
					order by l.id = refused desc, l.depth desc, l.id)
			into ids, locks
			from locked l join pg_class c on c.oid = l.id
			join pg_namespace n on n.oid = c.relnamespace;
			for v in
				select format('%I.%I', n.nspname, c.relname) as name,
					pg_get_userbyid(c.relowner) as owner,
					c.relpersistence = 't' as passes
				from pg_class c join pg_namespace n on n.oid = c.relnamespace
				where c.oid = any (ids) and (c.relpersistence = 't'
					and n.oid <> pg_my_temp_schema()
					or not pg_has_role(c.relowner, 'usage'))
				order by name
			loop
				if v.passes then
					raise exception 'the temporary view % of another session '
						'stands on %', v.name, place using errcode = '2BP01';
				end if;
				raise exception '% belongs to %, and % may not make it again',
					v.name, v.owner, current_user using errcode = '42501',
					hint = format('nothing was changed; grant %I to %I',
					v.owner, current_user);
			end loop;
		end if;
		if array_length(ids, 1) > 1 then
			perform pg_advisory_xact_lock(8243108420519);
		end if;
		deadline := coalesce(deadline,
			clock_timestamp() + patience);
		begin
			for i in 1 .. array_length(ids, 1) loop
				refused := ids[i];
				perform set_config('lock_timeout', greatest(1, 1000 *
					extract(epoch from case i when 1
					then deadline - clock_timestamp()
					else begun - clock_timestamp() + spell end))::int::text,
					true);
				execute locks[i];
				if i = 1 then
					begun := clock_timestamp();
				end if;
			end loop;
			perform set_config('lock_timeout', greatest(1, 1000 * extract(epoch
				from deadline - clock_timestamp()))::int::text, true);
			perform set_config('search_path', '', true);
			names := '{}'; kinds := '{}'; heads := '{}';
			makes := '{}'; later := '{}'; empty := '{}';
			fills := '{}'; owners := '{}'; acls := '{}';
			says := '{}'; seen := '{}';
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
				), deepest (id, depth) as (
					select id, max(depth) from above group by id
				)
				select d.id, d.depth, c.relkind, c.relispopulated,
					pg_get_userbyid(c.relowner) as owner,
					coalesce(c.relacl, acldefault('r', c.relowner))::text as acl,
					format('%I.%I', n.nspname, c.relname) as name,
					case c.relkind when 'm' then 'materialized view'
						when 'v' then 'view' else 'table' end as kind,
					coalesce(' using ' || quote_ident(am.amname), '') || coalesce((
						select ' with (' || string_agg(format('%s=%L',
							split_part(o, '=', 1),
							substr(o, strpos(o, '=') + 1)), ', ') || ')'
						from unnest(c.reloptions) o
						where o not like 'check\_option=%'), '')
						|| coalesce(' tablespace ' || quote_ident(s.spcname), '')
						as options, lost.what as lost,
					(select format(' with %s check option', substr(o, 14))
						from unnest(c.reloptions) o
						where o like 'check\_option=%') as checked
				from deepest d
				join pg_class c on c.oid = d.id
				join pg_namespace n on n.oid = c.relnamespace
				left join pg_am am on am.oid = c.relam
				left join pg_tablespace s on s.oid = c.reltablespace
				cross join lateral (
					select string_agg(one.what, ', ' order by one.what) as what
					from (
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
				if v.lost is not null then
					raise exception '% has %, which would be lost',
						v.name, v.lost using errcode = '2BP01';
				elsif v.depth > 0 and v.kind = 'table' then
					raise exception '% depends on %', v.name,
						place using errcode = '2BP01';
				end if;
				seen := seen || v.id;
				kind := case v.depth when 0 then 'view' else v.kind end;
				select coalesce(jsonb_agg(jsonb_build_array(said.of, said.words)), '[]')
				into speech
				from pg_class c, lateral (
					select a.attname as of, format('grant %s (%I) on %s to %s%s',
						g.privilege_type, a.attname, v.name,
						case g.grantee when 0 then 'public'
						else quote_ident(pg_get_userbyid(g.grantee)) end,
						case when g.is_grantable then ' with grant option' end)
						as words
					from pg_attribute a, aclexplode(a.attacl) g
					where a.attrelid = c.oid
					union all
					select null, format('comment on %s %s is %L', kind, v.name,
						obj_description(c.oid, 'pg_class'))
					where obj_description(c.oid, 'pg_class') is not null
					union all
					select a.attname, format('comment on column %s.%I is %L',
						v.name, a.attname, col_description(c.oid, a.attnum))
					from pg_attribute a
					where a.attrelid = c.oid and a.attnum > 0
					and col_description(c.oid, a.attnum) is not null
				) said where c.oid = v.id;
				fill := '';
				if v.relkind = 'm' then
					select string_agg(f.words, '; ' order by f.turn) into fill from (
						select 1, format('alter materialized view %s '
							'alter column %I set statistics %s', v.name, attname,
							attstattarget)
						from pg_attribute
						where attrelid = v.id and attnum > 0 and attstattarget >= 0
						union all
						select 2, 'refresh materialized view ' || v.name
						where v.relispopulated
						union all
						select 3, concat_ws('; ', pg_get_indexdef(i.oid),
							format('alter index %s set tablespace ', i.oid::regclass)
							|| quote_ident(s.spcname),
							format('comment on index %s is %L', i.oid::regclass,
							obj_description(i.oid, 'pg_class')),
							case when x.indisclustered then format('alter '
							'materialized view %s cluster on %I', v.name, i.relname)
							end)
						from pg_index x join pg_class i on i.oid = x.indexrelid
						left join pg_tablespace s on s.oid = i.reltablespace
						where x.indrelid = v.id and x.indisvalid
						union all
						select 4, pg_get_statisticsobjdef(oid)
						from pg_statistic_ext where stxrelid = v.id
					) f (turn, words);
				end if;
				names := names || v.name;
				kinds := kinds || v.kind;
				owners := owners || v.owner::text;
				acls := acls || v.acl;
				says := says || speech::text;
				fills := fills || coalesce(fill, '');
				heads := heads || format('create %s %s%s as ', v.kind, v.name,
					v.options);
				makes := makes || concat(case when v.depth > 0
					then rtrim(pg_get_viewdef(v.id), ';') end, v.checked,
					case v.relkind when 'm' then ' with no data' end);
				later := later || case v.relkind
					when 'v' then rebuilt ->> v.id::text end;
				empty := empty || case when later[array_length(names, 1)]
					is not null then words end;
			end loop;
			if exists (select from pg_constraint where confrelid = old_id) then
				select array_agg(format('alter table %s drop constraint %I',
						k.conrelid::regclass, k.conname)),
					jsonb_agg(jsonb_build_object('class', 'referring',
						'name', k.conname, 'of', k.conrelid::regclass,
						'settle', replace(format(
						'alter table %s add constraint %I %s',
						k.conrelid::regclass, k.conname,
						pg_get_constraintdef(k.oid)), '%', '%%'),
						'after', coalesce(replace(format(
						'comment on constraint %I on %s is %L', k.conname,
						k.conrelid::regclass, obj_description(k.oid,
						'pg_constraint')), '%', '%%'), '')))
				into drops, referring
				from pg_constraint k
				where k.confrelid = old_id and k.conrelid <> old_id
				and k.contype = 'f' and k.conparentid = 0;
			end if;
			perform set_config('search_path', path, true);
			exit when seen <@ ids;
			raise lock_not_available;
		exception when lock_not_available or deadlock_detected
				or undefined_table then
			if clock_timestamp() >= deadline then
				raise exception 'waited % for those who use %', limit_text,
					place using errcode = '55P03',
					hint = 'nothing was changed; run it again when they are done '
						'(pg_stat_activity shows them), or set a longer '
						'lock_timeout in the connection of the target';
			end if;
			if spell < interval '200 ms' then
				refused := 0;
			end if;
			perform pg_sleep(0.002 + 0.001 * (pg_backend_pid() % 7));
		end;
	end loop;
	for i in reverse array_length(names, 1) .. 2 loop
		execute format('drop %s %s', kinds[i], names[i]);
	end loop;
	foreach words in array coalesce(drops, '{}') loop
		execute words;
	end loop;
	execute format('drop %s %s', kinds[1], place);
	perform set_config('lock_timeout', lock_limit, true);
	execute format('alter table %s rename to %I', beside, 'events');
	carried := carried || coalesce(referring, '[]');
	for i in 0 .. jsonb_array_length(carried) - 1 loop
		t := carried -> i;
		stand_in := brief || '_' || i;
		if may_be_there and (case
			when t ->> 'class' = 'index' then exists (
				select from pg_index x
				join pg_class c on c.oid = x.indexrelid
				join pg_namespace n on n.oid = c.relnamespace
				where x.indrelid = new_id and c.relname <> stand_in
				and (c.relname = t ->> 'name'
					or substr(pg_get_indexdef(c.oid), 1
					+ strpos(pg_get_indexdef(c.oid), ' USING '))
					= t ->> 'body'))
			when t ->> 'class' = 'statistics' then exists (
				select from pg_statistic_ext s
				where s.stxrelid = new_id
				and s.stxname = t ->> 'name')
			when t ->> 'class' = 'referring' then false
			else exists (
				select from pg_constraint k
				where k.conrelid = new_id and k.conname <> stand_in
				and (k.conname = t ->> 'name'
					or k.contype = (t ->> 'class')::"char"
					and (k.contype = 'p'
					or pg_get_constraintdef(k.oid) = t ->> 'body')))
			end)
		then
			if t ? 'made' then
				execute format(t ->> 'unmake', stand_in, place, home);
			end if;
			continue;
		end if;
		begin
			if not t ? 'made' and t ->> 'make' is not null then
				execute format(t ->> 'make', stand_in, place, home);
			end if;
			execute format(t ->> 'settle', stand_in, place, home,
				t ->> 'name');
		exception when others then
			raise exception '% % of % cannot be made on the new %: %',
				case when t ->> 'class' in ('index', 'statistics')
				then 'the ' || (t ->> 'class')
				else 'the constraint' end, t ->> 'name',
				coalesce(t ->> 'of', place), place, sqlerrm
				using errcode = '2BP01';
		end;
		execute format(t ->> 'after', stand_in, place, home,
			t ->> 'name');
	end loop;
	for i in 1 .. array_length(names, 1) loop
		if i > 1 then
			begin
				execute heads[i] || makes[i];
			exception when others then
				if later[i] is null or sqlstate not like '42%' then
					raise exception 'the % % cannot stand on the new %: %',
						kinds[i], names[i], place, sqlerrm
						using errcode = '2BP01';
				end if;
				begin
					execute heads[i] || later[i];
				exception when others then
					execute heads[i] || empty[i];
				end;
			end;
		end if;
		if owners[i] <> current_user then
			execute format('alter table %s owner to %I', names[i],
				owners[i]);
		end if;
		for v in
			select said.words from pg_class c, lateral (
				select coalesce(c.relacl, acldefault('r', c.relowner))
					as acl
			) now, lateral (
				select 1 as turn, format('revoke all on %s from %s',
					names[i], case g.grantee when 0 then 'public'
					else quote_ident(pg_get_userbyid(g.grantee))
					end) as words
				from aclexplode(now.acl) g
				union
				select 2, format('grant %s on %s to %s%s',
					g.privilege_type, names[i],
					case g.grantee when 0 then 'public' else
					quote_ident(pg_get_userbyid(g.grantee)) end, case
					when g.is_grantable then ' with grant option' end)
				from aclexplode(acls[i]::aclitem[]) g
			) said
			where c.oid = names[i]::regclass
			and now.acl::text <> acls[i]
			order by said.turn
		loop
			execute v.words;
		end loop;
		for words in
			select said.one ->> 1
			from jsonb_array_elements(says[i]::jsonb) said (one)
			where said.one ->> 0 is null or exists (
				select from pg_attribute a
				where a.attrelid = names[i]::regclass
				and a.attname = said.one ->> 0)
		loop
			execute words;
		end loop;
		begin
			execute fills[i];
		exception when others then
			raise exception 'the % % cannot be filled from the new %: %',
				kinds[i], names[i], place, sqlerrm
				using errcode = '2BP01';
		end;
	end loop;
end $weir$
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
