-- 0063 counted: what pages count they read from indexes that hold all of it, not from the findings themselves
-- Phase: with the code.
alter table watch.finding
    add column programme text generated always as (evidence ->> 'programme') stored,   -- a filter of every page
    add column noticed_at timestamptz not null default watch.now_at();                 -- opened, card changed, or came back: what the feed is ordered by
update watch.finding set noticed_at = greatest(raised_at, least(card_since, last_seen_at));

drop index watch.finding_open, watch.finding_place, watch.finding_stage;
create index finding_open on watch.finding (opened_at desc, finding_id) include (rule, ladder_card, stage, region_code, unit_code, assignee,
    programme, amount_at_risk_fen, outcome, rectified_at, due_at, silenced_until) where present;                            -- what stands: tiles, map, lists
create index finding_opened on watch.finding (opened_at desc, finding_id) include (present, rule, rule_version, ladder_card, stage, region_code, unit_code,
    assignee, programme, amount_at_risk_fen, outcome, assigned_at, rectified_at, due_at, yellow_at, red_at, cleared_at, replied_at, silenced_until);   -- any time: trend, scores, yield
create index finding_stage on watch.finding (stage, stage_at) include (finding_id, opened_at, present, rule, ladder_card, region_code, unit_code,
    assignee, programme, amount_at_risk_fen, outcome, rectified_at, due_at, silenced_until) where stage in ('assigned', 'replied', 'verified');   -- inquiries
create index finding_noticed on watch.finding (noticed_at desc, finding_id) where present;                  -- the feed
create index finding_found on watch.finding (first_seen_at);                                                -- found today
create statistics watch.finding_standing (mcv) on present, stage, ladder_card from watch.finding;          -- what stands is not closed
create statistics watch.finding_day on ((opened_at at time zone 'Asia/Shanghai')::date) from watch.finding;  -- few days, not many instants

drop view watch.finding_shown;           -- select f.* is frozen when it is made
create view watch.finding_shown with (security_invoker = true) as
select f.*, case when s.stale_since is not null and f.ladder_card in ('yellow', 'red') then 'notice' else f.ladder_card end as card,
    s.stale_since,
    case f.stage when 'open' then 'assess' when 'assigned' then 'reply' when 'replied' then 'verify' when 'verified' then
        case when f.outcome = 'true' and f.rectified_at is null then 'correct' else 'close' end end as waits,  -- due_at counts for reply and correct
    coalesce(f.silenced_until > (select watch.now_at()) and f.ladder_card is distinct from 'red', false) as is_silenced  -- a red card is never silent
from watch.finding f
left join (select code, min(stale_since) as stale_since from watch.rule_state r join watch.rule_stale using (file) group by code) s
    on s.code = f.rule;
grant select on watch.finding_shown to aidwatch_worker, aidwatch_console;

-- Without a word a function keeps a question from being shared between two processors.
alter function access.ranges() parallel safe;
alter function access.everywhere() parallel safe;
alter function access.unit() parallel safe;
alter function watch.now_at() parallel safe;
-- The same scope as before. Said with "or" the planner takes it for one finding in a thousand, and sorts where it should count.
alter policy people on watch.finding using (
    case when (select access.everywhere()) then true
        when region_code in (select region_code from access.here) then true
        else finding_id in (select r.finding_id from watch.finding_region r where r.region_code in (select region_code from access.here)) end
    and case when (select access.unit()) is null then true else unit_code = (select access.unit()) or assignee = (select access.unit()) end);
