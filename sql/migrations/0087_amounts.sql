-- 0087 amounts: budgets, what was recovered, and what was prevented, each with the rows it adds up
-- Phase: before the code.
create view seen.budget with (security_barrier) as select * from facts.budget t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
-- Money that came back, as the business reports it; it lies where its benefit does.
create view seen.recovery with (security_barrier) as
select t.recovery_id, t.benefit_id, t.ordered_on, t.amount_fen, t.recovered_fen, t.plan, t.closed_on, b.region_code, b.programme, b.household_id
from facts.recovery t left join store.benefit b on b.benefit_id = t.benefit_id and b.to_at is null
where (select access.everywhere()) or b.region_code in (select region_code from access.here);
-- Prevented: one month, no more, of a benefit that people confirmed to be wrong and that has been put right since: what it was when the
-- finding was shown, less what it is now (nothing once it has ended), counted once for each benefit, and only where the money stopped:
-- after the last month of an ended benefit no regular line was paid.
create view seen.prevented with (security_barrier) as
select distinct on (found.benefit_id) found.finding_id, found.rule, found.benefit_id, found.household_id, found.region_code, found.programme,
    found.rectified_at, found.before_fen, found.after_fen, found.before_fen - found.after_fen as fen
from (
    select f.finding_id, f.rule, f.rectified_at, now_.benefit_id, now_.household_id, now_.region_code, now_.programme,
        before.monthly_amount_fen as before_fen,
        case when now_.end_period <= to_char(f.rectified_at at time zone 'Asia/Shanghai', 'YYYY-MM') then 0 else now_.monthly_amount_fen end as after_fen,
        now_.end_period, before.end_period as before_end
    from watch.finding f
    join store.benefit now_ on now_.benefit_id = case when f.subject_kind = 'benefit' then f.subject_key else f.evidence ->> 'benefit_id' end
        and now_.to_at is null
    join store.benefit before on before.benefit_id = now_.benefit_id and before.from_at <= f.raised_at and f.raised_at < before.to_at
    where f.outcome = 'true' and f.rectified_at is not null and not f.present
        and ((select access.everywhere()) or now_.region_code in (select region_code from access.here))
        and ((select access.unit()) is null or (select access.unit()) in (f.unit_code, f.assignee))) found
where found.before_fen > found.after_fen and (found.before_end is null or found.before_end > coalesce(found.end_period, '9999-12'))
    and not exists (select from store.payment p where p.benefit_id = found.benefit_id and p.period > found.end_period
        and p.kind = 'regular' and p.status = 'paid')
order by found.benefit_id, found.rectified_at, found.finding_id;
create index finding_rectified on watch.finding (rectified_at) where outcome = 'true' and rectified_at is not null;
create index recovery_benefit on store.recovery (benefit_id) where recovered_fen > 0;
grant select on seen.budget, seen.recovery, seen.prevented to aidwatch_console;
