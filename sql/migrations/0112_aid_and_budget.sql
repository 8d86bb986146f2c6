-- 0112 aid and budget: lines of aid beside each other (F17), and what was paid in each month, for the budget of its year (F12, page Funds)
-- Phase: before the code.

-- Temporary aid paid or on its way, line by line, without staged aid (one decision, several payments): rule F17 lays each line beside the
-- others of its household.
create view facts.aid_line as
select payment.payment_id, payment.household_id, payment.region_code, payment.amount_fen, payment.approver_id, payment.judged_at as at,
    cast(payment.judged_at at time zone 'Asia/Shanghai' as date) as on_day
from facts.payment payment
left join facts.benefit benefit on benefit.benefit_id = payment.benefit_id
left join facts.application application on application.application_id = benefit.application_id
where payment.programme = 'temporary_aid' and payment.household_id is not null
    and coalesce(payment.status, 'submitted') in ('submitted', 'paid') and coalesce(application.plan_id, '') = '';

grant select on facts.aid_line to aidwatch_worker, rule_reader;

create table watch.paid_month (                              -- money that arrived, by benefit month and month of payment; made with the reconciliation
    region_code text not null, programme text not null,      -- of a place everything below it is part
    paid_month text not null,                                -- YYYY-MM: the budget of its year pays it, whatever month it is for
    period text not null,                                    -- '': no benefit month on record
    fen bigint not null,
    primary key (region_code, programme, paid_month, period));
create index paid_month_period on watch.paid_month (period);                                 -- a month is written anew as a whole
create view seen.paid_month with (security_barrier) as select * from watch.paid_month t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
grant select, insert, update, delete on watch.paid_month to aidwatch_worker;
grant select on seen.paid_month to aidwatch_console;

insert into watch.paid_month (region_code, programme, paid_month, period, fen)
select place.ancestor_code, payment.programme, to_char(payment.paid_at at time zone 'Asia/Shanghai', 'YYYY-MM'), coalesce(payment.period, ''), sum(payment.amount_fen)
from facts.payment payment join facts.region_path place on place.region_code = payment.region_code
where payment.status = 'paid' and payment.paid_at is not null and payment.programme is not null and payment.amount_fen is not null
group by 1, 2, 3, 4;
