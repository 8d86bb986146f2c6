/*---
code     = "T16"
version  = 1
title    = { zh = "成员死亡三个月内未核查", en = "Death not processed in three months" }
basis    = ["民发〔2022〕83号 一(三)"]
subject  = "benefit"
to       = "U"
params   = { months = 3, notice_days = 60, yellow_days = 80 }
override_by = { region = "gone.region_code", programme = "gone.programme", on = "gone.died_on" }
why      = { zh = "成员死亡后应在三个月内重新核查家庭：不停错，也不多发。", en = "After a death the household is to be checked anew within three months: nothing stopped in error, nothing paid too long." }
remedy   = { zh = "核实死亡登记，重新计算家庭待遇，登记核查或变更。", en = "Verify the death, work out the household's benefit anew, and record the check or the change." }
blind_to = { zh = "尚未登记的死亡；核查的质量。", en = "Deaths not yet registered; how well it was checked." }
says     = { zh = "家庭成员死亡后应予核查：{arithmetic}。此后没有核查或变更记录，该成员仍计入保障。", en = "After a member's death the household was to be checked: {arithmetic}. No check or change is recorded since, and the member is still counted." }
clears   = { zh = "登记核查、重新审核确认或成员变更；死亡登记被更正；待遇终止。", en = "A check, a new decision or the member's leaving is recorded; the death is corrected; the benefit ends." }

[touches]
benefit = "benefit_id"
household_member = "select b.benefit_id from facts.benefit b where b.household_id = any(:household_id)"
register = "select b.benefit_id from facts.identity i join facts.household_member m on m.person_id = i.person_id join facts.benefit b on b.household_id = m.household_id where i.person_key = any(:id_number_key) union select b.benefit_id from facts.household_member m join facts.benefit b on b.household_id = m.household_id where m.person_id = any(:person_id)"
person = "select b.benefit_id from facts.household_member m join facts.benefit b on b.household_id = m.household_id where m.person_id = any(:person_id)"
application = "select b.benefit_id from facts.benefit b where b.household_id = any(:household_id)"
stage = "select b.benefit_id from facts.application a join facts.benefit b on b.household_id = a.household_id where a.application_id = any(:application_id)"
---*/
-- Points of the register (death, cremation) carry the day in from_date; the earliest counts. A person may be listed twice.
select gone.benefit_id as subject_key, gone.person_id as item,
    cast(gone.died_on + gone.notice_days as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(gone.died_on + gone.yellow_days as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    cast(gone.limit_on + 1 as timestamp) at time zone 'Asia/Shanghai' as red_at,
    gone.region_code, cast(null as text) as unit_code, gone.household_id, gone.programme, gone.person_id, gone.died_on, gone.limit_months, gone.limit_on
from (
    select gone.*, cast(:months as int) as limit_months, cast(gone.died_on + cast(:months as int) * interval '1 month' as date) as limit_on,
        cast(:notice_days as int) as notice_days, cast(:yellow_days as int) as yellow_days
    from (
        select distinct benefit.benefit_id, benefit.household_id, benefit.programme, benefit.region_code, benefit.last_review_on, member.person_id,
            (select min(death.from_date) from facts.register death
                where death.person_key = i.person_key and death.kind in ('death', 'cremation')) as died_on
        from facts.benefit benefit
        join facts.household_member member on member.household_id = benefit.household_id and member.counted
            and member.to_date is null and member.to_date_known
        join facts.identity i on i.person_id = member.person_id
        where benefit.end_period is null and benefit.end_period_known
    ) gone
    where gone.died_on is not null
) gone
where coalesce(gone.last_review_on, date '0001-01-01') < gone.died_on
    and not exists (
        select 1 from facts.application application
        join facts.stage step on step.application_id = application.application_id and step.stage_code in ('REVIEW', 'DECIDE')
        where application.household_id = gone.household_id and cast(step.at at time zone 'Asia/Shanghai' as date) >= gone.died_on)
