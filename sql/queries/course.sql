-- name: outdated
-- Applications whose course was made from other records than there are now: changed, moved, deleted and late ones alike, and all of
-- them after a change of paths or regions. Reads every stage once, as a hash. Budget: 10 s at 5,000,000 stages.
select application.application_id,
    coalesce(steps.digest, 0) + hashint8(application.arrival) + ways.digest as digest
from store.application application
left join (select application_id, sum(hashint8(arrival)) + count(*) as digest from store.stage group by 1) steps
    on steps.application_id = application.application_id
cross join (select coalesce(sum(hashint8(arrival)), 0) as digest
    from (select arrival from store.prescribed_path union all select arrival from store.region) way) ways
left join watch.course course on course.application_id = application.application_id
where course.digest is distinct from coalesce(steps.digest, 0) + hashint8(application.arrival) + ways.digest
limit %(limit)s

-- name: write
-- The course of each application asked. A refusal needs no publicity; neither does a minor in tekun, and whether it is one is left to
-- P01. Steps of one instant stand in the prescribed order. Index: stage_application. Budget: 2 s for 5,000.
with asked as (select * from unnest(%(ids)s::text[], %(digests)s::bigint[]) as one(application_id, digest)),
own as (
    select asked.digest, application.application_id, application.region_code, application.unit_code, application.programme,
        application.path, application.submitted_at, application.event_at, application.publicity_exempt, way.stages, way.required
    from asked join facts.application application using (application_id) left join facts.prescribed way using (application_id)),
step as (
    select own.application_id, min(stage.at) as first_at,
        array_agg(stage.stage_code order by stage.at, array_position(own.stages, stage.stage_code) nulls last, stage.stage_id)
            filter (where stage.stage_code = any(own.stages) or stage.stage_code in ('REJECT_ACCEPT', 'WITHDRAW')) as trace,
        (array_agg(stage.result order by stage.at desc, stage.stage_id desc) filter (where stage.stage_code = 'DECIDE'))[1] as decided
    from own join facts.stage stage using (application_id)
    where stage.at is not null group by 1),
course as (
    select own.*, coalesce(own.submitted_at, step.first_at, own.event_at) as begun_at, coalesce(step.trace[1:60], '{}') as trace,
        case when step.decided = 'refuse' or (own.programme = 'tekun' and own.publicity_exempt)
            then array_remove(array_remove(own.required, 'PUBLICITY_START'), 'PUBLICITY_END') else coalesce(own.required, '{}') end as needed
    from own left join step using (application_id)),
keyed as (select course.*, md5(array[course.stages::text, course.needed::text, course.trace::text]::text) as key from course),
fresh as (
    insert into watch.variant (key, stages, required, trace) select distinct on (key) key, stages, needed, trace from keyed
    where not exists (select from watch.variant held where held.key = keyed.key)
    returning variant_id, key)
insert into watch.course as held (application_id, region_code, unit_code, programme, path, begun_at, variant_id, digest)
select application_id, region_code, unit_code, programme, path, begun_at, coalesce(fresh.variant_id, known.variant_id), digest
from keyed left join fresh using (key) left join watch.variant known using (key)
on conflict (application_id) do update set (region_code, unit_code, programme, path, begun_at, variant_id, digest) =
    (excluded.region_code, excluded.unit_code, excluded.programme, excluded.path, excluded.begun_at, excluded.variant_id, excluded.digest)

-- name: unjudged
-- Variants nobody has judged yet. Few rows: most are known.
select variant_id, trace, stages, required from watch.variant where skipped is null limit 50000

-- name: judge
update watch.variant set fits = %(fits)s, skipped = %(skipped)s, reversed = %(reversed)s, repeated = %(repeated)s
where variant_id = %(variant_id)s

-- name: gone
-- Courses of applications that are no more. Primary keys. Budget: 1 s at 500,000.
delete from watch.course where not exists (select from store.application held where held.application_id = course.application_id)

-- name: flag
-- What the rules found of each course, as it stands: one truth with the cards. Index: finding_subject. Budget: 2 s at 500,000 courses.
update watch.course course set late = told.late, backdated = told.backdated
from (
    select each.application_id, coalesce(found.late, false) as late, coalesce(found.backdated, false) as backdated
    from watch.course each left join (
        select subject_key, bool_or(rule <> 'P21') as late, bool_or(rule = 'P21' and evidence ->> 'what' ~ 'ENTRY') as backdated
        from watch.finding
        where subject_kind = 'application' and present and ladder_card in ('yellow', 'red') and rule = any(%(rules)s || array['P21'])
        group by 1) found on found.subject_key = each.application_id
    where (each.late, each.backdated) is distinct from (coalesce(found.late, false), coalesce(found.backdated, false))) told
where told.application_id = course.application_id

-- name: counted
-- What a computation says of itself.
insert into watch.counted (name, at, told) values (%(name)s, %(at)s, %(told)s)
on conflict (name) do update set at = excluded.at, told = excluded.told
