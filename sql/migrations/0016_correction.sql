-- 0016 correction: what people do about a finding, and the findings about that (T24–T26)
-- Phase: with the code.
-- People's columns of the episode at hand. The machine empties them when an ended finding begins a new episode, and
-- writes no other time; what was said in an earlier episode stays in watch.finding_event.
alter table watch.finding
    add column raised_at timestamptz,                         -- when we showed it: from then people can answer (contract §6)
    add column acknowledged_at timestamptz,
    add column assigned_at timestamptz, add column assigned_by text,
    add column told_at timestamptz, add column explained_at timestamptz,  -- the citizen concerned (domain §9.1.5)
    add column replied_at timestamptz,
    add column verified_at timestamptz, add column verified_by text,
    add column rectified_at timestamptz,
    add column closed_at timestamptz;
update watch.finding set raised_at = first_seen_at;
alter table watch.finding alter column raised_at set not null, alter column raised_at set default watch.now_at(),
    add constraint outcome_known check (outcome in ('true', 'not_true', 'data_problem', 'exempt'));
create index finding_due on watch.finding (due_at) where due_at is not null and stage in ('assigned', 'verified');  -- inquiries
create index finding_stage on watch.finding (stage, stage_at) where stage in ('assigned', 'replied', 'verified');   -- inquiries
create index finding_assignee on watch.finding (assignee) where assignee is not null;                              -- a unit's own
create index finding_confirmed on watch.finding (coalesce(assignee, unit_code), rule, verified_at) where outcome = 'true';             -- T25 of units

drop view watch.finding_shown;
create view watch.finding_shown with (security_invoker = true) as
select f.*, case when s.stale_since is not null and f.ladder_card in ('yellow', 'red') then 'notice' else f.ladder_card end as card,
    s.stale_since,
    case f.stage when 'open' then 'assess' when 'assigned' then 'reply' when 'replied' then 'verify' when 'verified' then
        case when f.outcome = 'true' and f.rectified_at is null then 'correct' else 'close' end end as waits  -- due_at counts for reply and correct
from watch.finding f
left join (select code, min(stale_since) as stale_since from watch.rule_state r join watch.rule_stale using (file) group by code) s
    on s.code = f.rule;
grant select on watch.finding_shown to aidwatch_worker, aidwatch_console;

alter table watch.finding_event add column said jsonb;        -- unit, due date, outcome and reason of a step

-- What rules may know of findings. Findings about findings are left out: nothing is judged by them (design §11.11).
create view facts.correction as
select finding_id, rule, subject_kind, subject_key, coalesce(assignee, unit_code) as unit_code, region_code, stage, present,
    notice_at, yellow_at, red_at, raised_at, cleared_at, acknowledged_at, assigned_at, due_at, replied_at, verified_at, rectified_at,
    closed_at, case when stage = 'dismissed' then stage_at end as dismissed_at, outcome
from watch.finding
where rule not in ('T24', 'T25', 'T26', 'Q11');
grant select on facts.correction to aidwatch_worker, rule_reader;

-- To be called before findings change: rules about findings are asked about them, and about the units they were and will be with.
create function watch.mark_corrections(finding_ids text[], units text[]) returns void language sql security definer
set search_path = pg_temp as $$
    insert into ledger.mark (entity, columns, n)
    select 'correction', json_build_object('finding_id', finding_ids,
            'unit_code', coalesce(array_agg(distinct unit) filter (where unit is not null), '{}')), cardinality(finding_ids)
    from (select unnest(units) as unit
        union all select unit_code from watch.finding f where f.finding_id = any(finding_ids)
        union all select assignee from watch.finding f where f.finding_id = any(finding_ids)) held;
$$;
revoke execute on function watch.mark_corrections(text[], text[]) from public;
grant execute on function watch.mark_corrections(text[], text[]) to aidwatch_worker, aidwatch_console;

-- ── who may write what: people's columns, and the story of their steps ─────────────────────────────────────────────
drop policy people on watch.finding;
create policy people on watch.finding to aidwatch_console using (
    ((select access.everywhere())
        or region_code in (select region_code from access.here)
        or finding_id in (select r.finding_id from watch.finding_region r where r.region_code in (select region_code from access.here)))
    and ((select access.unit()) is null or unit_code = (select access.unit()) or assignee = (select access.unit())));
grant update (stage, stage_at, assignee, due_at, note, outcome, outcome_reason, acknowledged_at, assigned_at, assigned_by, told_at,
    explained_at, replied_at, verified_at, verified_by, rectified_at, closed_at) on watch.finding to aidwatch_console;
grant insert (finding_id, at, what, from_stage, to_stage, by_whom, note, said) on watch.finding_event to aidwatch_console;
grant insert (payload) on watch.outbox to aidwatch_console;
create index finding_event_verdict on watch.finding_event (finding_id, id) where what in ('verify', 'dismiss', 'reopen');  -- lead yield
