-- 0096 tally: how many findings there are of each sort in each place, kept exact by whoever writes a finding
-- Phase: with the code.
-- Who changes a finding leaves a line of what is to be added and taken away, in the same transaction: lines are only added, so nobody
-- waits for anybody. A job adds them up every minute. What is read is the sums and the lines together: exact at every moment.
create table watch.finding_tally (
    place text not null,                                     -- a region down to the township, with all below it; '*': everything
    own boolean not null,                                    -- lies in the place itself, or further down in no township of its own
    rule text not null, rule_version int not null, present boolean not null, ladder_card text, stage text not null, programme text,
    money boolean not null,                                  -- whether there is an amount above zero
    n bigint not null, amount_fen bigint not null, amount_n bigint not null,        -- findings, their amounts, how many have one
    handed_over bigint not null, corrected bigint not null, confirmed_fen bigint not null);
create unique index finding_tally_identity on watch.finding_tally
    (place, own, rule, rule_version, present, ladder_card, stage, programme, money) nulls not distinct;
create table watch.finding_delta (
    id bigint generated always as identity primary key, region_code text,
    rule text not null, rule_version int not null, present boolean not null, ladder_card text, stage text not null, programme text,
    money boolean not null, n int not null, amount_fen bigint not null, amount_n int not null,
    handed_over int not null, corrected int not null, confirmed_fen bigint not null);
create table watch.tally_state (singleton boolean primary key default true check (singleton), good boolean not null);
insert into watch.tally_state (good) values (false);        -- the job counts anew; until then pages count the findings themselves

alter table watch.finding add column several boolean not null default false;   -- lies in several regions (finding_region): never in a sum
update watch.finding set several = true where finding_id in (select finding_id from watch.finding_region);
create index finding_apart on watch.finding (opened_at desc, finding_id) include (several, silenced_until, rule, rule_version, present, ladder_card, stage,
    region_code, unit_code, assignee, programme, amount_at_risk_fen, outcome, assigned_at, rectified_at, due_at)
    where several or silenced_until is not null;             -- what no sum holds

-- Silence ends by the clock and several regions are counted in each: such findings are counted one by one, and are in no sum.
create function watch.add_delta(f watch.finding, sign int) returns void language sql as $$
    insert into watch.finding_delta (region_code, rule, rule_version, present, ladder_card, stage, programme, money, n, amount_fen, amount_n,
        handed_over, corrected, confirmed_fen)
    select f.region_code, f.rule, f.rule_version, f.present, f.ladder_card, f.stage, f.programme, coalesce(f.amount_at_risk_fen > 0, false),
        sign, sign * coalesce(f.amount_at_risk_fen, 0), sign * (f.amount_at_risk_fen is not null)::int, sign * (f.assigned_at is not null)::int,
        sign * (f.rectified_at is not null)::int, case when f.outcome = 'true' then sign * coalesce(f.amount_at_risk_fen, 0) else 0 end
    where not f.several and f.silenced_until is null
$$;
create function watch.count_finding() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op <> 'INSERT' then perform watch.add_delta(old, -1); end if;
    if tg_op <> 'DELETE' then perform watch.add_delta(new, 1); end if;
    return null;
end $$;
create function watch.doubt_tally() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update watch.tally_state set good = false where good;
    return null;
end $$;
create function watch.mark_several() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare moved text := case when tg_op = 'DELETE' then old.finding_id else new.finding_id end;
begin
    update watch.finding f set several = not f.several
    where f.finding_id = moved and f.several <> exists (select from watch.finding_region r where r.finding_id = moved);
    return null;
end $$;
create trigger counted_new after insert or delete on watch.finding for each row execute function watch.count_finding();
create trigger counted after update on watch.finding for each row
    when ((old.region_code, old.rule, old.rule_version, old.present, old.ladder_card, old.stage, old.programme, old.amount_at_risk_fen,
            old.assigned_at is null, old.rectified_at is null, old.outcome, old.several, old.silenced_until is null)
        is distinct from (new.region_code, new.rule, new.rule_version, new.present, new.ladder_card, new.stage, new.programme, new.amount_at_risk_fen,
            new.assigned_at is null, new.rectified_at is null, new.outcome, new.several, new.silenced_until is null))
    execute function watch.count_finding();
create trigger emptied after truncate on watch.finding for each statement execute function watch.doubt_tally();
create trigger several after insert or delete on watch.finding_region for each row execute function watch.mark_several();
create trigger moved after insert or update or delete on store.region_path for each statement execute function watch.doubt_tally();   -- places changed

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

-- The places whose sums together are what somebody sees of a region (null: of everything), each finding in one of them.
create function access.tops(region text) returns setof text language sql stable parallel safe as $$
    select '*' where region is null and (select access.everywhere())
    union all
    select region where (select access.everywhere()) or region in (select region_code from access.here)
    union all
    select here.region_code from access.here
    where not (select access.everywhere())
        and (region is null or (region not in (select h.region_code from access.here h)
            and exists (select from facts.region_path p where p.region_code = here.region_code and p.ancestor_code = region)))
        and not exists (select from facts.region r join access.here up on up.region_code = r.parent_code where r.region_code = here.region_code)
$$;
create view seen.finding_tally with (security_barrier) as select t.* from watch.finding_tally t
    where (select access.unit()) is null and ((select access.everywhere()) or t.place in (select region_code from access.here));
create view seen.finding_delta with (security_barrier) as select t.* from watch.finding_delta t
    where (select access.unit()) is null and ((select access.everywhere()) or t.region_code in (select region_code from access.here));
grant select on seen.finding_tally, seen.finding_delta, watch.tally_state to aidwatch_console;
grant select, insert, update, delete on watch.finding_tally, watch.finding_delta to aidwatch_worker;
grant select, update on watch.tally_state to aidwatch_worker;
grant execute on function access.tops(text) to aidwatch_console;
