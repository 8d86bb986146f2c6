-- 0104 judged: when people gave their verdict, and whether the dates they set were kept: closing empties due_at, and stage_at moves with each note
-- Phase: before the code.
alter table watch.finding
    add column decided_at timestamptz,                       -- verified or dismissed; null again when opened again
    add column kept_due boolean;                             -- every date set for a reply or a correction was kept; null: none was set and met
update watch.finding set decided_at = coalesce(verified_at, case when stage = 'dismissed' then stage_at end) where outcome is not null;
grant update (decided_at, kept_due) on watch.finding to aidwatch_console;

drop index watch.finding_decided;
create index finding_decided on watch.finding (opened_at desc, finding_id) include (rule, present, ladder_card, stage, region_code, unit_code, assignee,
    programme, amount_at_risk_fen, outcome, rectified_at, due_at, silenced_until, yellow_at, red_at, cleared_at, raised_at, decided_at)
    where outcome is not null;                               -- confirmed, lifted, unfounded: lists, points lost by month, fairness
create index finding_kept on watch.finding (opened_at desc, finding_id) include (rule, present, ladder_card, stage, region_code, unit_code, assignee,
    programme, amount_at_risk_fen, silenced_until, kept_due) where kept_due is not null;                -- answered in time or not
create index open_clock_unit on watch.open_clock (unit_code, yellow_at);                               -- dossier of a unit

drop view watch.finding_shown;           -- select f.* is frozen when it is made
create view watch.finding_shown with (security_invoker = true) as
select f.*, case when s.stale_since is not null and f.ladder_card in ('yellow', 'red') then 'notice' else f.ladder_card end as card,
    s.stale_since,
    case f.stage when 'open' then 'assess' when 'assigned' then 'reply' when 'replied' then 'verify' when 'verified' then
        case when f.outcome = 'true' and f.rectified_at is null then 'correct' else 'close' end end as waits,  -- due_at counts for reply and correct
    coalesce(f.silenced_until > (select watch.now_at()) and f.ladder_card is distinct from 'red', false) as is_silenced,  -- a red card is never silent
    f.several or f.silenced_until is not null as apart       -- in no sum of finding_tally
from watch.finding f
left join (select code, min(stale_since) as stale_since from watch.rule_state r join watch.rule_stale using (file) group by code) s
    on s.code = f.rule;
grant select on watch.finding_shown to aidwatch_worker, aidwatch_console;
