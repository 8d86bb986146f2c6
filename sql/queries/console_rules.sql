-- name: flagged
-- The first half of the lead-yield ledger: what became of the findings of each rule and version. Comes after console_findings.matching.
-- Index: finding_opened. Budget: 400 ms at 1,000,000 findings; it is asked only where flagged_tallied cannot be.
select rule, rule_version as version, count(*) as flagged, count(*) filter (where present) as present, count(assigned_at) as handed_over,
    count(rectified_at) as corrected, coalesce(sum(amount_at_risk_fen) filter (where outcome = 'true'), 0)::bigint as confirmed_fen
from matching group by 1, 2 limit 1000

-- name: flagged_tallied
-- As flagged, from sums. Comes after console_findings.tallied. Index and budget: as that.
select rule, rule_version as version, sum(n)::bigint as flagged, coalesce(sum(n) filter (where present), 0)::bigint as present,
    sum(handed_over)::bigint as handed_over, sum(corrected)::bigint as corrected, sum(confirmed_fen)::bigint as confirmed_fen
from tallied group by 1, 2 having sum(n) > 0 limit 1000

-- name: judged
-- The second half: verdicts by the version they were given on. A verdict that was opened again does not count; one that stands is the
-- last of a finding that has one now: so many rows has the list. Index: finding_event_verdict. Budget: 100 ms for 20,000 verdicts.
with verdict as (
    select finding_id, coalesce(said ->> 'outcome', 'not_true') as outcome, cast(said ->> 'version' as int) as version, next_what is null as is_last
    from (select e.*, lead(what) over (partition by finding_id order by id) as next_what
          from watch.finding_event e where what in ('verify', 'dismiss', 'reopen')) told
    where what in ('verify', 'dismiss') and next_what is distinct from 'reopen')
select f.rule, coalesce(v.version, f.rule_version) as version, count(*) as verified, count(*) filter (where v.outcome = 'true') as confirmed,
    count(*) filter (where v.is_last and f.outcome is not null) as verified_now, count(*) filter (where v.is_last and f.outcome = 'true') as confirmed_now,
    count(*) filter (where v.outcome = 'data_problem') as data_problem, count(*) filter (where v.outcome = 'exempt') as exempt
from verdict v join watch.finding f on f.finding_id = v.finding_id
where (cast(:rules as text[]) is null or f.rule = any(cast(:rules as text[])))
    and (cast(:programme as text) is null or f.programme = cast(:programme as text))
    and (cast(:opened_from as timestamptz) is null or f.opened_at >= cast(:opened_from as timestamptz))
    and (cast(:opened_to as timestamptz) is null or f.opened_at < cast(:opened_to as timestamptz))
    and (cast(:region as text) is null
        or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))
        or f.finding_id in (
            select r.finding_id from watch.finding_region r
            join facts.region_path p on p.region_code = r.region_code and p.ancestor_code = cast(:region as text)))
group by 1, 2
limit 1000

-- name: states
-- What each rule last said of itself. Few rows.
select code, min(evaluated_at) as evaluated_at, min(unknown_since) as unknown_since from watch.rule_state group by 1 order by 1 limit 1000

-- name: parameters
-- Local values of one rule's parameters. Index: parameter_rule. Budget: 5 ms.
select p.name, p.value, p.region_code, p.programme, p.path, p.valid_from, r.name as place
from facts.parameter p left join facts.region r on r.region_code = p.region_code
where p.rule = any(cast(:codes as text[])) order by 1, 3 nulls first, 6 limit 500
