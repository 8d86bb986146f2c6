-- name: findings
-- What the transaction's scope shows (access.see_as), one page, newest first; the place where the last one ended is (opened_at, finding_id), so what is inserted
-- meanwhile moves nothing. Served by finding_open, finding_identity, finding_subject, finding_changed.
-- Budget: 80 ms at 1,000,000 findings.
select f.finding_id, f.rule, f.rule_version, f.subject_kind, f.subject_key, f.item, f.card, f.ladder_card, f.stale_since,
    f.stage, f.present, f.opened_at, f.card_since, f.cleared_at, f.region_code, f.unit_code, f.amount_at_risk_fen, f.evidence,
    f.period, f.notice_at, f.yellow_at, f.red_at, f.until_at
from watch.finding_shown f
where (cast(:finding_id as text) is null or f.finding_id = cast(:finding_id as text))
  and (cast(:rule as text[]) is null or f.rule = any(cast(:rule as text[])))
  and (cast(:card as text[]) is null or f.card = any(cast(:card as text[])))
  and (cast(:stage as text[]) is null or f.stage = any(cast(:stage as text[])))
  and (cast(:subject_kind as text) is null or f.subject_kind = cast(:subject_kind as text))
  and (cast(:subject_key as text) is null or f.subject_key in (cast(:subject_key as text), facts.one_person(cast(:subject_key as text))))
  and (cast(:present as boolean) is null or f.present = cast(:present as boolean))
  and (cast(:since as timestamptz) is null
       or greatest(f.last_seen_at, f.stage_at, f.cleared_at) >= cast(:since as timestamptz))
  and (cast(:region as text) is null
       or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text))
       or f.finding_id in (
           select r.finding_id from watch.finding_region r
           join facts.region_path p on p.region_code = r.region_code and p.ancestor_code = cast(:region as text)))
  and (cast(:after_at as timestamptz) is null
       or (f.opened_at <= cast(:after_at as timestamptz)
           and (f.opened_at < cast(:after_at as timestamptz) or f.finding_id > cast(:after_id as text))))
order by f.opened_at desc, f.finding_id
limit :limit

-- name: history
-- What happened to a finding, first to last. Served by finding_event_finding. Budget: 5 ms.
select at, known_at, what, from_card, to_card, from_stage, to_stage, by_whom, note
from watch.finding_event
where finding_id = :finding_id
order by id
limit 1000

-- name: parameters
-- Local values of rule parameters. Budget: 10 ms.
select rule, name, region_code, programme, path, value, valid_from
from facts.parameter
where rule is not null and name is not null
order by rule, name, region_code nulls first, programme nulls first, path nulls first, valid_from nulls first
limit 5000

-- name: findings_opened
-- Findings counted by when or where they opened. Served by finding_open. Budget: 300 ms at 1,000,000 findings.
select case cast(:group_by as text)
        when 'day' then to_char(f.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')
        when 'region' then f.region_code when 'rule' then f.rule else coalesce(f.card, 'cleared') end as key,
    count(*) as n, count(*) filter (where f.present) as present,
    coalesce(sum(f.amount_at_risk_fen), 0)::bigint as amount_at_risk_fen
from watch.finding_shown f
where (cast(:region as text) is null
       or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
  and (cast(:programme as text) is null or f.evidence ->> 'programme' = cast(:programme as text))
  and (cast(:from as timestamptz) is null or f.opened_at >= cast(:from as timestamptz))
  and (cast(:to as timestamptz) is null or f.opened_at < cast(:to as timestamptz))
group by 1
order by 1
limit 2000

-- name: reconciliation
-- Decided, listed, paid, owed and the classes of the differences, by benefit month, place or programme. ``places`` are whole: each holds
-- what lies below it. Served by reconciled_pkey. Budget: 60 ms for 20 places and 12 months.
select case cast(:group_by as text) when 'month' then period when 'region' then region_code when 'programme' then programme else kind end as key,
    kind, sum(n)::bigint as n, sum(fen)::bigint as fen
from seen.reconciled
where region_code = any(cast(:places as text[])) and (cast(:programme as text) is null or programme = cast(:programme as text))
  and (cast(:from as date) is null or period >= to_char(cast(:from as date), 'YYYY-MM'))
  and (cast(:to as date) is null or period <= to_char(cast(:to as date), 'YYYY-MM'))
group by 1, 2
order by 1, 2
limit 10000

-- name: amounts
-- Money in four senses that are never added: what findings that hold may be about, what is owed to citizens, what came back, and one
-- month of what was stopped after a finding. Served by finding_open, reconciled_pkey, finding_rectified. Budget: 300 ms.
select 'at_risk' as kind, count(*) as n, coalesce(sum(f.amount_at_risk_fen), 0)::bigint as fen from watch.finding f
where f.present and f.amount_at_risk_fen > 0 and (cast(:programme as text) is null or f.programme = cast(:programme as text))
  and (cast(:region as text) is null or f.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
  and (cast(:from as date) is null or f.opened_at >= cast(cast(:from as date) as timestamp) at time zone 'Asia/Shanghai')
  and (cast(:to as date) is null or f.opened_at < cast(cast(:to as date) + 1 as timestamp) at time zone 'Asia/Shanghai')
union all
select 'owed', coalesce(sum(r.n), 0)::bigint, coalesce(sum(r.fen), 0)::bigint from seen.reconciled r
where r.kind = 'owed' and r.region_code = any(cast(:places as text[])) and (cast(:programme as text) is null or r.programme = cast(:programme as text))
  and (cast(:from as date) is null or r.period >= to_char(cast(:from as date), 'YYYY-MM'))
  and (cast(:to as date) is null or r.period <= to_char(cast(:to as date), 'YYYY-MM'))
union all
select 'recovered', count(*), coalesce(sum(r.recovered_fen), 0)::bigint from seen.recovery r
where r.recovered_fen > 0 and (cast(:programme as text) is null or r.programme = cast(:programme as text))
  and (cast(:region as text) is null or r.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
  and (cast(:from as date) is null or r.ordered_on >= cast(:from as date)) and (cast(:to as date) is null or r.ordered_on <= cast(:to as date))
union all
select 'prevented', count(*), coalesce(sum(r.fen), 0)::bigint from seen.prevented r
where (cast(:programme as text) is null or r.programme = cast(:programme as text))
  and (cast(:region as text) is null or r.region_code in (select p.region_code from facts.region_path p where p.ancestor_code = cast(:region as text)))
  and (cast(:from as date) is null or r.rectified_at >= cast(cast(:from as date) as timestamp) at time zone 'Asia/Shanghai')
  and (cast(:to as date) is null or r.rectified_at < cast(cast(:to as date) + 1 as timestamp) at time zone 'Asia/Shanghai')

-- name: everywhere
-- Whether the bearer sees every place. Budget: 1 ms.
select access.everywhere()

-- name: person_of
-- The records of the human with this number, as far as they are seen. Index: person_pseudonym. Budget: 5 ms.
select person_key, person_id from seen.person where person_key = facts.one_person(cast(:pseudonym as text)) order by 2 limit 51

-- name: is_inside
-- Whether a region lies in the scope of the transaction. Budget: 1 ms.
select access.everywhere() or exists (select from access.here where region_code = cast(:region as text)) as inside

-- name: role_rights
-- What the role we logged in as may go around: row-level security says nothing to either of these.
select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user
