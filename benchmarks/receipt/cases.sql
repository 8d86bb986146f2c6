-- What became of the cases. Late: ended after the day promised. An open one is judged at the last step anybody took.
select count(*) as cases, count(closed.ended_at) as closed,
    count(*) filter (where closed.ended_at > case_.promised_at) as late,
    count(*) filter (where closed.ended_at is null and case_.promised_at < last_step.at) as open_past_due,
    percentile_cont(0.5) within group (order by extract(epoch from closed.ended_at - case_.submitted_at) / 86400) as median_days,
    percentile_cont(0.9) within group (order by extract(epoch from closed.ended_at - case_.submitted_at) / 86400) as p90_days
from facts.application case_
left join (select application_id, max(at) as ended_at from facts.stage where stage_code = 'DECIDE' group by application_id) closed
    on closed.application_id = case_.application_id
cross join (select max(at) as at from facts.stage where stage_code <> 'DECIDE') last_step
