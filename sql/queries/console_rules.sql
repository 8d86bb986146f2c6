-- name: yield
-- The lead-yield ledger: for each rule and version what was flagged, handed over, verified, confirmed and corrected, and
-- the money confirmed. A verdict that was opened again does not count. Index: finding_event_verdict. Budget: 300 ms at 1,000,000 findings.
with matching as not materialized (select finding_id, rule, rule_version, present, assigned_at, rectified_at, amount_at_risk_fen, outcome from watch.finding_shown f
    where cast(:region as text) is null
        or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))),
verdict as (
    select finding_id, coalesce(said ->> 'outcome', 'not_true') as outcome, cast(said ->> 'version' as int) as version
    from (select e.*, lead(what) over (partition by finding_id order by id) as next_what
          from watch.finding_event e where what in ('verify', 'dismiss', 'reopen')) told
    where what in ('verify', 'dismiss') and next_what is distinct from 'reopen'),
flagged as (
    select rule, rule_version as version, count(*) as flagged, count(*) filter (where present) as present, count(assigned_at) as handed_over,
        count(rectified_at) as corrected, coalesce(sum(amount_at_risk_fen) filter (where outcome = 'true'), 0)::bigint as confirmed_fen
    from matching group by 1, 2),
judged as (
    select m.rule, coalesce(v.version, m.rule_version) as version, count(*) as verified, count(*) filter (where v.outcome = 'true') as confirmed,
        count(*) filter (where v.outcome = 'data_problem') as data_problem, count(*) filter (where v.outcome = 'exempt') as exempt
    from verdict v join matching m on m.finding_id = v.finding_id group by 1, 2)
select rule, version, coalesce(flagged, 0) as flagged, coalesce(present, 0) as present, coalesce(handed_over, 0) as handed_over,
    coalesce(verified, 0) as verified, coalesce(confirmed, 0) as confirmed, coalesce(data_problem, 0) as data_problem,
    coalesce(exempt, 0) as exempt, coalesce(corrected, 0) as corrected, coalesce(confirmed_fen, 0)::bigint as confirmed_fen
from flagged full join judged using (rule, version)
order by rule, version desc
limit 1000

-- name: states
-- What each rule last said of itself. Few rows.
select code, min(evaluated_at) as evaluated_at, min(unknown_since) as unknown_since from watch.rule_state group by 1 order by 1 limit 1000

-- name: parameters
-- Local values of one rule's parameters. Index: parameter_rule. Budget: 5 ms.
select p.name, p.value, p.region_code, p.programme, p.path, p.valid_from, r.name as place
from facts.parameter p left join facts.region r on r.region_code = p.region_code
where p.rule = any(cast(:codes as text[])) order by 1, 3 nulls first, 6 limit 500
