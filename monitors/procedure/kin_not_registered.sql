/*---
code     = "P06"
version  = 1
title    = { zh = "近亲属未单独登记备案", en = "Kin of staff not registered" }
basis    = ["民发〔2021〕57号 第11条"]
subject  = "application"
to       = "U"
why      = { zh = "经办人员、村（居）干部近亲属的申请要单独登记备案，县级才会入户核查；不登记就绕过了这一关。", en = "Applications of kin of the people who handle aid are registered apart, so that the county visits them; unregistered, they pass by that check." }
remedy   = { zh = "补办单独登记备案，由县级民政部门入户核查并公开结果。", en = "Register the case apart, let the county visit, and make the result known." }
blind_to = { zh = "只认得登记了证件号码的工作人员和登记了亲属关系的家庭；只看受理当日在岗、所在单位管辖申请地的人员。没有报送备案标志的不判断。", en = "Knows only staff with an ID number and families with kinship on record; looks at staff in post on the day of acceptance whose unit covers the place. Silent where the flag was not sent." }
says     = { zh = "申请家庭成员 {person_id} 与工作人员 {staff_id} 登记为近亲属，{accepted_at} 受理时没有单独登记备案。", en = "Member {person_id} is on record as kin of staff member {staff_id}; the case accepted at {accepted_at} was not registered apart." }
clears   = { zh = "补办单独登记备案；亲属关系或人员登记有误的，更正登记。", en = "The case is registered apart, or a wrong record of kinship or staff is corrected." }

[touches]
application = "application_id"
stage = "application_id"
household_member = "select application.application_id from facts.application application where application.household_id = any(:household_id)"
person = "select application.application_id from facts.kin kin join facts.household_member member on member.person_id = kin.relative_id join facts.application application on application.household_id = member.household_id where kin.person_id = any(:person_id)"
kinship = "select application.application_id from facts.household_member member join facts.application application on application.household_id = member.household_id where member.person_id = any(:person_id) or member.person_id = any(:relative_id)"
staff = "select application.application_id from facts.person human join facts.kin kin on kin.person_id = human.person_id join facts.household_member member on member.person_id = kin.relative_id join facts.application application on application.household_id = member.household_id where human.id_number_key = any(:id_number_key)"
correction = "select application.application_id from facts.correction found join facts.identity identity on identity.person_key = found.subject_key join facts.household_member member on member.person_id = identity.person_id join facts.application application on application.household_id = member.household_id where found.finding_id = any(:finding_id) and found.subject_kind = 'person' and found.rule like 'E%'"
unit = "*"
region = "*"
---*/
-- Red when, later, an eligibility finding about a member of the household was confirmed.
select
    related.application_id as subject_key, '' as item, related.accepted_at as yellow_at, related.ineligible_at as red_at,
    related.region_code, related.unit_code, related.programme, related.path, related.accepted_at,
    related.household_id, split_part(related.pair, ' ', 2) as person_id, split_part(related.pair, ' ', 1) as staff_id
from (
    select
        accepted.application_id, accepted.accepted_at, application.region_code, application.unit_code, application.programme,
        application.path, application.household_id,
        (
            select min(staff.staff_id || ' ' || member.person_id)
            from facts.household_member member
            join facts.kin kin on kin.person_id = member.person_id and kin.relation <> 'self'
            join facts.person human on human.person_id = kin.relative_id
            join facts.staff staff on staff.id_number_key = human.id_number_key
            join facts.unit unit on unit.unit_code = staff.unit_code
            join facts.region_path place
                on place.region_code = application.region_code and place.ancestor_code = unit.region_code
            where member.household_id = application.household_id
                and coalesce(member.from_date, accepted.accepted_on) <= accepted.accepted_on
                and coalesce(member.to_date, accepted.accepted_on) >= accepted.accepted_on
                and staff.role in ('intake', 'investigator', 'reviewer', 'approver', 'village_cadre')
                and coalesce(staff.active_from, accepted.accepted_on) <= accepted.accepted_on
                and coalesce(staff.active_to, accepted.accepted_on) >= accepted.accepted_on
        ) as pair,
        (
            select min(greatest(found.verified_at, accepted.accepted_at))
            from facts.household_member member
            join facts.identity identity on identity.person_id = member.person_id
            join facts.correction found on found.subject_kind = 'person' and found.subject_key = identity.person_key
            where member.household_id = application.household_id and found.rule like 'E%' and found.outcome = 'true'
        ) as ineligible_at
    from (
        select
            stage.application_id, min(stage.at) as accepted_at,
            cast(min(stage.at) at time zone 'Asia/Shanghai' as date) as accepted_on
        from facts.stage stage
        where stage.stage_code = 'ACCEPT' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
        group by stage.application_id
    ) accepted
    join facts.application application on application.application_id = accepted.application_id
    where not coalesce(application.kin_flag, not application.kin_flag_known)
) related
where related.pair is not null
