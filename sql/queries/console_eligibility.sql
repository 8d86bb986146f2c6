-- name: arrivals
-- What arrived of each entity and kind of register from each declared source, and from the others together (no department); whether it
-- is late, and whom the kind covers.
-- Index: register_compared primary key. Budget: 100 ms with 8,000 places.
select s.entity || case when s.kind <> '' then '.' || s.kind else '' end as carried_by, f.department, f.feed_id is not null as declared,
    max(s.as_of) as as_of, max(s.last_at) as last_at, min(f.stale_since) as stale_since, max(covered.persons) as persons
from facts.source_state s
left join watch.feed_shown f on f.source = s.source
left join (
    select t.kind, sum(t.persons)::bigint as persons
    from seen.register_compared t
    where cast(:region as text) is null or t.region_code = any(array(
        select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text)))
    group by t.kind
) covered on s.entity = 'register' and covered.kind = s.kind
group by 1, 2, f.feed_id

-- name: underpaid
-- Lines below what the rule gives (F01), the largest first, with how many and how much in all. Index: finding_underpaid. Budget: 100 ms.
select f.finding_id as key, f.finding_id, f.subject_key as benefit_id, f.evidence ->> 'programme' as programme, f.period, f.region_code,
    (f.evidence ->> 'amount_fen')::bigint as amount_fen, (f.evidence ->> 'expected_fen')::bigint as expected_fen,
    -(f.evidence ->> 'difference_fen')::bigint as missing_fen,
    count(*) over () as n, (sum(-(f.evidence ->> 'difference_fen')::bigint) over ())::bigint as total_fen
from watch.finding f
where f.rule = 'F01' and f.present and (f.evidence ->> 'difference_fen')::bigint < 0
    and (cast(:region as text) is null or f.region_code = any(array(
        select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text))))
    and (cast(:programme as text) is null or f.programme = cast(:programme as text))
    and (cast(:from_at as timestamptz) is null or f.opened_at >= cast(:from_at as timestamptz))
    and (cast(:to_at as timestamptz) is null or f.opened_at < cast(:to_at as timestamptz))
order by 9 desc, f.finding_id limit :most

-- name: judged
-- Benefits stopped for death or custody and whether the registers bear it out; comes first in its others.
-- contradicted: somebody shows a sign of life (or of being free) after it; unborne: no register of that kind knows it, though one is
-- reported; unknown: none is reported. As the clock last looked (workers.remade). Index: stopped_period. Budget: 30 ms for 50,000 stops.
with heard as (
    select coalesce(bool_or(kind in ('death', 'cremation')), false) as death, coalesce(bool_or(kind in ('custody', 'drug_isolation')), false) as custody
    from facts.source_state where entity = 'register'),
judged as (
    select t.*, case
        when t.alive_at is not null then 'contradicted' when t.borne then 'borne'
        when t.stop_reason = 'death' and heard.death or t.stop_reason = 'custody' and heard.custody then 'unborne' else 'unknown' end as state
    from seen.stopped t cross join heard
    where t.end_period >= to_char(cast(:since as date), 'YYYY-MM') and (cast(:until as date) is null or t.end_period <= to_char(cast(:until as date), 'YYYY-MM'))
        and (cast(:programme as text) is null or t.programme = cast(:programme as text))
        and (cast(:region as text) is null or t.region_code = any(array(
            select below.region_code from facts.region_path below where below.ancestor_code = cast(:region as text)))))

-- name: stopped
-- The benefits of one state. Index and budget: as judged.
select benefit_id as key, *, count(*) over () as n from judged where state = :state order by end_period desc, benefit_id limit :most

-- name: stopped_counts
-- How many of each state. Index and budget: as judged.
select state, count(*) as n from judged group by 1
