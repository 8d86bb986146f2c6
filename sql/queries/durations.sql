-- name: add_due
-- Cases to be counted anew. No unique key: intake and evaluators never wait for each other over it.
insert into watch.duration_due (application_id) select unnest(%(keys)s::text[])

-- name: add_all_due
-- Something all cases share has changed.
insert into watch.duration_due (application_id) select application_id from store.application

-- name: next_due
-- Some of them, taken away. Served by the primary key. Budget: 5 ms.
delete from watch.duration_due where id in (select id from watch.duration_due order by id limit %(limit)s) returning application_id

-- name: scratch
-- Tables of this connection, for one transaction's work.
create temp table if not exists fresh (like watch.passage) on commit delete rows;
create temp table if not exists change (sign int not null, like watch.passage) on commit delete rows

-- name: fresh
-- The passages of cases as the facts tell them now. A step lasts from the step before it; EXTEND moves a limit and is no step.
-- The whole lasts from the last acceptance to the first end after it (民发〔2021〕57号 第22条). Days are counted as rules count
-- them (contract §6): by their dates, the first not counted. Late is what a timeliness rule found; limited is what such a rule
-- judges. {{only}} restricts the cases. Indexes: primary keys, stage_application, finding_subject. Budget: 1 s for 2,000 cases.
insert into fresh
with cases as materialized (
    select a.application_id, coalesce(place.region_code, '') as region_code, coalesce(a.unit_code, '') as unit_code,
        coalesce(a.programme, '') as programme, coalesce(a.path, '') as path, coalesce(a.submitted_at, a.event_at) as begun_at,
        coalesce(own.calendar, 'CN') as calendar
    from facts.application a
    left join facts.region_calendar own on own.region_code = a.region_code
    left join facts.region_path place on place.region_code = a.region_code and place.depth = 0
    where {only}),
events as materialized (
    select c.application_id, s.stage_code, s.at, s.result, coalesce(s.unit_code, c.unit_code) as unit_code, o.place,
        cast(row_number() over way as int) as nth, lag(s.stage_code) over way as from_stage, lag(s.at) over way as from_at,
        s.stage_code = any(array_agg(s.stage_code) over (way rows between unbounded preceding and 1 preceding)) as again
    from cases c join facts.stage s on s.application_id = c.application_id
    left join facts.stage_order o on o.stage_code = s.stage_code
    where s.at is not null and s.stage_code <> 'EXTEND'
    window way as (partition by c.application_id order by s.at, o.place nulls last, s.stage_id)),
accepted as materialized (
    select application_id, max(at) as at from events where stage_code = 'ACCEPT' group by 1),
limits as materialized (             -- that somebody judges
    select d.rule, d.programme, d.path, d.region_code, d.from_stage, d.to_stage, d.valid_from, d.valid_to, o.place as to_place
    from facts.deadline d left join facts.stage_order o on o.stage_code = d.to_stage
    where d.rule in (select code from watch.rule_state)),
started as (                         -- those of a case, and since when they run
    select e.application_id, d.from_stage, d.to_stage, d.to_place, max(e.at) as since
    from events e
    join limits d on d.from_stage = e.stage_code
    join cases c on c.application_id = e.application_id
        and coalesce(d.programme, c.programme) = c.programme and coalesce(d.path, c.path) = c.path
    left join accepted on accepted.application_id = e.application_id
    where (d.rule <> 'T09' or e.result = 'refuse')
        and (d.region_code is null or exists (select from facts.region_path p
            where p.region_code = c.region_code and p.ancestor_code = d.region_code))
        and cast(coalesce(accepted.at, c.begun_at) at time zone 'Asia/Shanghai' as date)
            between coalesce(d.valid_from, '-infinity') and coalesce(d.valid_to, 'infinity')
    group by 1, 2, 3, 4),
judged as (                          -- the step that ended a limit, late or not; ACCEPT to DECIDE is the limit of the whole
    select application_id, nth, bool_or(late) as late
    from (
        select started.application_id, started.from_stage, started.to_stage,
            case when started.from_stage = 'ACCEPT' and started.to_stage = 'DECIDE' then 0 else min(done.nth) end as nth, false as late
        from started
        join events done on done.application_id = started.application_id and done.at >= started.since and done.stage_code <> started.from_stage
            and (done.stage_code in (started.to_stage, 'DECIDE', 'REJECT_ACCEPT', 'WITHDRAW') or done.place > started.to_place)
        group by 1, 2, 3
        union all
        select f.subject_key, f.evidence ->> 'from_stage', f.evidence ->> 'to_stage',
            case when f.evidence ->> 'from_stage' = 'ACCEPT' and f.evidence ->> 'to_stage' = 'DECIDE' then 0 else min(done.nth) end, true
        from watch.finding f
        join events done on done.application_id = f.subject_key and done.at = cast(f.evidence ->> 'ended_at' as timestamptz)
        where f.subject_kind = 'application' and {only_found} and f.present and f.rule like 'T%%'
        group by 1, 2, 3) one
    group by 1, 2),
ways as (
    select application_id, nth, from_stage, stage_code as to_stage, from_at, at, unit_code, coalesce(again, false) as again
    from events where from_stage is not null
    union all
    select e.application_id, 0, 'ACCEPT', 'WHOLE', accepted.at, min(e.at), c.unit_code, false
    from accepted
    join events e on e.application_id = accepted.application_id and e.at >= accepted.at
        and e.stage_code in ('DECIDE', 'REJECT_ACCEPT', 'WITHDRAW')
    join cases c on c.application_id = accepted.application_id
    group by e.application_id, accepted.at, c.unit_code)
select w.application_id, w.nth, w.from_stage, w.to_stage, w.from_at, w.at,
    cast(date_trunc('week', w.at at time zone 'Asia/Shanghai') as date), c.region_code, w.unit_code, c.programme,
    ended.n - begun.n, cast(w.at at time zone 'Asia/Shanghai' as date) - cast(w.from_at at time zone 'Asia/Shanghai' as date),
    judged.late, w.again
from ways w
join cases c on c.application_id = w.application_id
left join judged on judged.application_id = w.application_id and judged.nth = w.nth
left join facts.working_day begun on begun.calendar = c.calendar and begun.day = cast(w.from_at at time zone 'Asia/Shanghai' as date)
left join facts.working_day ended on ended.calendar = c.calendar and ended.day = cast(w.at at time zone 'Asia/Shanghai' as date)

-- name: compare
-- What is kept of these cases and is not so now, and what is so and not kept. Served by passage_pkey.
insert into change
select -1, gone.* from (select * from watch.passage where {only} except select * from fresh) gone
union all
select 1, new.* from (select * from fresh except select * from watch.passage where {only}) new

-- name: take_away
delete from watch.passage p using change c where c.sign < 0 and p.application_id = c.application_id and p.nth = c.nth

-- name: put
insert into watch.passage
select application_id, nth, from_stage, to_stage, from_at, at, week, region_code, unit_code, programme, working_days, calendar_days, late, again
from change where sign > 0

-- name: cells
-- Passages of {{source}} (with a sign) as rows of watch.duration: each unit's own, and what lies below each region.
with own as materialized (
    select region_code, unit_code, programme, week, from_stage, to_stage, sum(sign) as n, sum(sign) filter (where late is not null) as limited,
        sum(sign) filter (where late) as late, sum(sign) filter (where again) as again,
        sum(sign * watch.one_of(working_days)) as working, sum(sign * watch.one_of(calendar_days)) as calendar
    from {source} group by 1, 2, 3, 4, 5, 6)
select region_code, unit_code, programme, week, from_stage, to_stage, n, coalesce(limited, 0) as limited, coalesce(late, 0) as late,
    coalesce(again, 0) as again, working, calendar
from own
union all
select up.region_code, '*', kind.programme, own.week, own.from_stage, own.to_stage, sum(own.n), coalesce(sum(own.limited), 0),
    coalesce(sum(own.late), 0), coalesce(sum(own.again), 0), sum(own.working), sum(own.calendar)
from own
cross join lateral (
    select ancestor_code as region_code from facts.region_path p where p.region_code = own.region_code and p.depth > 0 union all select '') up
cross join lateral (values (own.programme), ('*')) kind(programme)
group by 1, 2, 3, 4, 5, 6

-- name: add_cells
-- The histograms of what changed are added to those that stand. Served by duration_pkey.
insert into watch.duration as held {cells}
on conflict (region_code, unit_code, programme, week, from_stage, to_stage) do update set n = held.n + excluded.n,
    limited = held.limited + excluded.limited, late = held.late + excluded.late, again = held.again + excluded.again,
    working = held.working + excluded.working, calendar = held.calendar + excluded.calendar

-- name: counted
-- Every histogram counted anew from the passages, whole.
create temp table counted on commit drop as {cells}

-- name: wrong_cells
-- Histograms that are not what was counted. An emptied one is as good as none.
create temp table wrong on commit drop as
select region_code, unit_code, programme, week, from_stage, to_stage from (
    (select * from watch.duration where n <> 0 except select * from counted)
    union all (select * from counted except select * from watch.duration)) one
group by 1, 2, 3, 4, 5, 6

-- name: drop_cells
delete from watch.duration d using wrong w where (d.region_code, d.unit_code, d.programme, d.week, d.from_stage, d.to_stage)
    = (w.region_code, w.unit_code, w.programme, w.week, w.from_stage, w.to_stage)

-- name: put_cells
insert into watch.duration select c.* from counted c join wrong w using (region_code, unit_code, programme, week, from_stage, to_stage)

-- name: next_cases
-- The last of the next cases in the order of their keys; null when there is none. Served by the primary keys.
select max(application_id) from (
    select application_id from (
        (select application_id from store.application where application_id > %(after)s order by 1 limit %(limit)s)
        union (select distinct application_id from watch.passage where application_id > %(after)s order by 1 limit %(limit)s)) one
    order by 1 limit %(limit)s) piece

-- name: pending
-- Of the cases that differ those somebody is still to count anew: the others are drift.
select count(*) filter (where application_id = any(%(waiting)s::text[])) as pending, count(*) as n from change

-- name: waiting
-- Cases that marks, claims and the list of what is due still name. The tables are short, or the system is late.
select application_id from watch.duration_due
union select jsonb_array_elements_text(cast(columns -> 'application_id' as jsonb)) from ledger.mark
    where entity in ('application', 'stage') and columns -> 'application_id' is not null
union select unnest(keys) from watch.claim where parked_at is null

-- name: add_run
insert into watch.duration_run (passages, drift, seconds) values (%(passages)s, %(drift)s, %(seconds)s)

-- name: forget_clocks
delete from watch.open_clock where file = %(file)s

-- name: add_clock
insert into watch.open_clock (file, rule, subject_key, item, region_code, unit_code, notice_at, yellow_at, red_at, evidence)
values (%(file)s, %(rule)s, %(subject_key)s, %(item)s, %(region_code)s, %(unit_code)s, %(notice_at)s, %(yellow_at)s, %(red_at)s, %(evidence)s)
on conflict (subject_key, rule, item) do update set file = excluded.file, region_code = excluded.region_code, unit_code = excluded.unit_code,
    notice_at = excluded.notice_at, yellow_at = excluded.yellow_at, red_at = excluded.red_at, evidence = excluded.evidence
