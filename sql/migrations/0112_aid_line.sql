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
