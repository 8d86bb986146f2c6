-- 0070 linkage: who is probably one human under several numbers; what people decided; two numbers merged into one identity
-- Phase: before the code.
-- A key is a keyed hash of what the vault holds (sound of the name and birth date, …): equal for two persons who are to be compared.
create table watch.link_key (key text not null, person_id text not null, primary key (key, person_id));
create index link_key_person on watch.link_key (person_id);                                     -- made anew when a record changes
create table watch.linked (person_id text primary key, digest bigint not null);                 -- of the record the keys were made from
create table watch.person_pair (
    left_key text not null, right_key text not null check (left_key < right_key),               -- each person's own pseudonym, merged or not
    left_person_id text not null, right_person_id text not null,                                -- the records that were most alike
    probability float8 not null, weight float8 not null, prior_weight float8 not null,
    reasons jsonb not null,                                                                     -- comparison, level, weight: no values
    found_at timestamptz not null default now(),
    present boolean not null default true,                                                      -- false: the records are not alike any more
    decision text not null default 'undecided' check (decision in ('undecided', 'same', 'different')),
    decided_at timestamptz, decided_by text, note text,
    primary key (left_key, right_key),
    check ((decision = 'undecided') = (decided_by is null)));
create index person_pair_right on watch.person_pair (right_key);
create index person_pair_left_record on watch.person_pair (left_person_id);                     -- D08, rows seen
create index person_pair_right_record on watch.person_pair (right_person_id);
create index person_pair_open on watch.person_pair (probability desc, left_key, right_key) where present and decision = 'undecided';
create index person_pair_decided on watch.person_pair (decided_at desc) where decision <> 'undecided';
create table watch.pair_decision (                                                              -- append-only
    id bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(),
    left_key text not null, right_key text not null, decision text not null, by_whom text not null, note text not null);
create index pair_decision_pair on watch.pair_decision (left_key, right_key, id);
-- A number that was merged, and the one its human is known by. What people decided, so `replay` leaves it alone.
create table store.merged (person_key text primary key, into_key text not null check (into_key <> person_key));
create index merged_into on store.merged (into_key);

create function facts.one_person(key text) returns text language sql stable security definer set search_path = pg_temp as
$$ select coalesce((select m.into_key from store.merged m where m.person_key = key), key) $$;
create view facts.person_pair as
    select p.left_key, p.right_key, p.left_person_id, p.right_person_id, p.probability, p.weight, p.found_at, p.decision, i.person_key,
        cast(null as text) as event_source, p.found_at as event_at
    from watch.person_pair p join store.identity i on i.person_id = p.left_person_id
    where p.present;

-- A register that names a merged number belongs to the human it was merged into.
create or replace view facts.register as
select r.id_number_key as person_key, r.record_id, r.kind, r.id_number_key, r.id_number_mask, r.id_valid, r.id_fault, r.id_birth_date, r.id_sex, r.id_area, r.person_id, r.from_date, r.to_date, r.amount_fen, r.attributes, r.department, r.as_of, r.event_source, r.event_at,
    r.kind is not null or not ('kind' = any(r.absent)) as kind_known,
    r.id_number_key is not null or not ('id_number' = any(r.absent)) as id_number_known,
    r.person_id is not null or not ('person_id' = any(r.absent)) as person_id_known,
    r.from_date is not null or not ('from_date' = any(r.absent)) as from_date_known,
    r.to_date is not null or not ('to_date' = any(r.absent)) as to_date_known,
    r.amount_fen is not null or not ('amount_fen' = any(r.absent)) as amount_fen_known,
    r.attributes is not null or not ('attributes' = any(r.absent)) as attributes_known,
    r.department is not null or not ('department' = any(r.absent)) as department_known,
    r.as_of is not null or not ('as_of' = any(r.absent)) as as_of_known
from store.register r where r.id_number_key is not null
    and not exists (select from store.merged m where m.person_key = r.id_number_key)
union all
select m.into_key, r.record_id, r.kind, r.id_number_key, r.id_number_mask, r.id_valid, r.id_fault, r.id_birth_date, r.id_sex, r.id_area, r.person_id, r.from_date, r.to_date, r.amount_fen, r.attributes, r.department, r.as_of, r.event_source, r.event_at,
    r.kind is not null or not ('kind' = any(r.absent)) as kind_known,
    r.id_number_key is not null or not ('id_number' = any(r.absent)) as id_number_known,
    r.person_id is not null or not ('person_id' = any(r.absent)) as person_id_known,
    r.from_date is not null or not ('from_date' = any(r.absent)) as from_date_known,
    r.to_date is not null or not ('to_date' = any(r.absent)) as to_date_known,
    r.amount_fen is not null or not ('amount_fen' = any(r.absent)) as amount_fen_known,
    r.attributes is not null or not ('attributes' = any(r.absent)) as attributes_known,
    r.department is not null or not ('department' = any(r.absent)) as department_known,
    r.as_of is not null or not ('as_of' = any(r.absent)) as as_of_known
from store.merged m join store.register r on r.id_number_key = m.person_key
union all
select i.person_key, r.record_id, r.kind, r.id_number_key, r.id_number_mask, r.id_valid, r.id_fault, r.id_birth_date, r.id_sex, r.id_area, r.person_id, r.from_date, r.to_date, r.amount_fen, r.attributes, r.department, r.as_of, r.event_source, r.event_at,
    r.kind is not null or not ('kind' = any(r.absent)) as kind_known,
    r.id_number_key is not null or not ('id_number' = any(r.absent)) as id_number_known,
    r.person_id is not null or not ('person_id' = any(r.absent)) as person_id_known,
    r.from_date is not null or not ('from_date' = any(r.absent)) as from_date_known,
    r.to_date is not null or not ('to_date' = any(r.absent)) as to_date_known,
    r.amount_fen is not null or not ('amount_fen' = any(r.absent)) as amount_fen_known,
    r.attributes is not null or not ('attributes' = any(r.absent)) as attributes_known,
    r.department is not null or not ('department' = any(r.absent)) as department_known,
    r.as_of is not null or not ('as_of' = any(r.absent)) as as_of_known
from store.register r join store.identity i on i.person_id = r.person_id where r.id_number_key is null;

-- A pair is seen by whoever sees one of the two, and decided by whoever sees both; units answer cards, they decide no identity.
create view seen.person_pair with (security_barrier) as
    select t.*, facts.one_person(t.left_key) = facts.one_person(t.right_key) as merged,
        (select access.everywhere()) or (exists (select from seen.person p where p.person_id = t.left_person_id)
            and exists (select from seen.person p where p.person_id = t.right_person_id)) as whole
    from watch.person_pair t
    where (select access.unit()) is null and ((select access.everywhere())
        or exists (select from seen.person p where p.person_id = t.left_person_id)
        or exists (select from seen.person p where p.person_id = t.right_person_id));
create view seen.pair_decision with (security_barrier) as select t.* from watch.pair_decision t
    where exists (select from seen.person_pair p where p.left_key = t.left_key and p.right_key = t.right_key);

-- Everybody reached from some keys over pairs that people called the same. The name of a group is its first number, else its first record.
create function watch.same_as(keys text[]) returns table (person_key text, into_key text) language sql stable set search_path = pg_temp as $$
    with recursive link(a, b) as (
        select p.left_key, p.right_key from watch.person_pair p where p.decision = 'same'
        union all select p.right_key, p.left_key from watch.person_pair p where p.decision = 'same'),
    reached(start, key) as (
        select k, k from unnest(keys) k
        union select r.start, l.b from reached r join link l on l.a = r.key),
    -- each start's group again from each of its members, so that a group that fell apart is named part by part
    groups as (select r.start, min(r.key collate "C") filter (where r.key not like 'person:%') as number, min(r.key collate "C") as any_key
        from reached r group by r.start)
    select g.start, coalesce(g.number, g.any_key) from groups g $$;

-- Decide on a pair, in the caller's transaction: identities, records and marks follow, and the whole group is named anew.
create function access.decide_pair(one text, other text, said text, who text, why text) returns int
    language plpgsql security definer set search_path = pg_temp as $$
declare touched text[]; people text[]; n int;
begin
    perform pg_advisory_xact_lock(hashtext('aidwatch merged'));      -- one after the other, and none while intake writes persons
    if not exists (select from seen.person_pair p where p.left_key = one and p.right_key = other and p.whole) then
        raise exception 'pair outside the scope' using errcode = 'insufficient_privilege';
    end if;
    -- whoever was one with either before, and whoever is now
    select array_agg(distinct k) into touched from (
        select unnest(array[one, other]) as k
        union select m.person_key from store.merged m where m.into_key in (facts.one_person(one), facts.one_person(other))
        union select m.into_key from store.merged m where m.person_key in (one, other)) before(k);
    update watch.person_pair set decision = said, note = why, decided_by = case when said <> 'undecided' then who end,
        decided_at = case when said <> 'undecided' then clock_timestamp() end where left_key = one and right_key = other;
    insert into watch.pair_decision (left_key, right_key, decision, by_whom, note) values (one, other, said, who, why);
    delete from store.merged m where m.person_key = any(touched);
    insert into store.merged select s.person_key, s.into_key from watch.same_as(touched) s where s.into_key <> s.person_key;
    select array_agg(i.person_id) into people from store.identity i where i.person_key = any(touched);
    update store.identity i set person_key = facts.one_person(own.key)
        from (select distinct on (p.person_id) p.person_id, coalesce(p.id_number_key, 'person:' || p.person_id) as key
            from store.person p where p.person_key = any(touched) order by p.person_id, p.from_at desc) own
        where own.person_id = i.person_id and i.person_key = any(touched) and i.person_key <> facts.one_person(own.key);
    get diagnostics n = row_count;
    update store.person p set person_key = facts.one_person(coalesce(p.id_number_key, 'person:' || p.person_id))
        where p.person_key = any(touched) and p.person_key <> facts.one_person(coalesce(p.id_number_key, 'person:' || p.person_id));
    insert into ledger.mark (entity, columns, periods, n)
        select 'person', json_build_object('person_id', people, 'person_key', touched, 'id_number_key', touched), null, cardinality(people)
        where people is not null;
    return n;
end $$;
revoke execute on function watch.same_as(text[]), access.decide_pair(text, text, text, text, text) from public;

grant select, insert, update, delete on watch.link_key, watch.linked, watch.person_pair to aidwatch_worker;
grant select on watch.pair_decision, store.merged to aidwatch_worker;
grant select on facts.person_pair to aidwatch_worker, rule_reader;
grant select on seen.person_pair, seen.pair_decision to aidwatch_console;
grant execute on function facts.one_person(text) to aidwatch_worker, aidwatch_console, rule_reader;
grant execute on function access.decide_pair(text, text, text, text, text) to aidwatch_console;
