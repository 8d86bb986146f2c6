-- 0035 procedure: the path a case must take, who is kin of whom, and what the rules of procedure look cases up by
-- Phase: before the code.
create table store.prescribed_path (
    path_id text not null,
    programme text,
    path text,
    region_code text,
    stages text[],
    required text[],
    basis text,
    verified boolean,
    valid_from date,
    valid_to date,
    event_source text not null,
    event_at timestamptz not null,
    arrival bigint not null,
    absent text[] not null default '{}',
    primary key (path_id)
);
create table store.prescribed_path_held (
    key text primary key, at timestamptz not null, source text not null, sequence bigint,
    arrival bigint not null, deleted boolean not null, month text
);
create view facts.prescribed_path as select
    path_id, programme, path, region_code, stages, required, basis, verified, valid_from, valid_to, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    path is not null or not ('path' = any(absent)) as path_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    stages is not null or not ('stages' = any(absent)) as stages_known,
    required is not null or not ('required' = any(absent)) as required_known,
    basis is not null or not ('basis' = any(absent)) as basis_known,
    verified is not null or not ('verified' = any(absent)) as verified_known,
    valid_from is not null or not ('valid_from' = any(absent)) as valid_from_known,
    valid_to is not null or not ('valid_to' = any(absent)) as valid_to_known
from store.prescribed_path;

-- The path of each application: of those that fit it, the nearest region's, then its programme's, then its path's own.
-- It is the one in force on the day of application; a case whose path nobody told has none of its own.
create view facts.prescribed as
select a.application_id, p.path_id, p.stages, p.required
from store.application a
cross join lateral (
    select way.path_id, way.stages, coalesce(way.required, '{}') as required
    from store.prescribed_path way
    left join store.region_path place on place.region_code = a.region_code and place.ancestor_code = way.region_code
    where (way.region_code is null or place.depth is not null)
        and (way.programme is null or way.programme = a.programme)
        and (way.path is null or way.path = a.path)
        and (way.valid_from is null or way.valid_from <= (coalesce(a.submitted_at, a.event_at) at time zone 'Asia/Shanghai')::date)
        and (way.valid_to is null or way.valid_to >= (coalesce(a.submitted_at, a.event_at) at time zone 'Asia/Shanghai')::date)
        and way.stages is not null
    order by place.depth nulls last, way.programme nulls last, way.path nulls last, way.valid_from desc nulls last, way.path_id
    limit 1) p;

-- Kinship is told once for each pair and holds both ways; everybody is their own nearest relative.
create view facts.kin as
select person_id, relative_id, relation from store.kinship
union all select relative_id, person_id, relation from store.kinship
union all select person_id, person_id, 'self'::text from store.identity;  -- typed and without a condition, or no filter goes in

create index staff_number on store.staff (id_number_key);                                     -- P06 P08 P24
create index staff_unit on store.staff (unit_code);                                           -- P09
create index person_number on store.person (id_number_key) where to_at is null;               -- P06 P08
create index complaint_application on store.complaint (application_id);                       -- P07
create index clue_household on store.clue (household_id);                                     -- P26
create index account_holder on store.account (holder_id_number_key) where holder_id_number_key is not null;  -- P24
create index application_delegated on store.application (unit_code) where path = 'delegated'; -- P09
create index stage_conference on store.stage (reason) where stage_code = 'DECIDE' and reason is not null;  -- P23

grant select, insert, update, delete on store.prescribed_path, store.prescribed_path_held to aidwatch_worker;
grant select on facts.prescribed_path, facts.prescribed, facts.kin to aidwatch_worker, rule_reader;
grant select on facts.prescribed_path to aidwatch_console;
