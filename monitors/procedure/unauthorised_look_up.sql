/*---
code     = "P20"
version  = 1
title    = { zh = "越权查询个人信息", en = "Unauthorised look-ups" }
basis    = ["社会救助暂行办法（国务院令第649号） 第61条、第66条(四)", "个人信息保护法 第51条"]
subject  = "staff"
to       = "U"
params   = { limit = 50, export = 20, night_from = 23, night_to = 6 }
override_by = { region = "looked.region_code", on = "cast(looked.day as date)" }
why      = { zh = "查询困难群众信息须有事由；无事由、成批、深夜或查自己亲属的查询，可能是泄露或谋私。", en = "Looking up people in need takes a reason; look-ups without one, in bulk, at night or of one's own kin may leak or serve oneself." }
remedy   = { zh = "由本人以外的人核对事由和案件；属实的按保密规定处理，系值班、集中核查等正当查询的予以说明销号。", en = "Somebody else than the person verifies reason and case; true ones are handled under the duty of secrecy, lawful ones (duty at night, a campaign) are explained and closed." }
blind_to = { zh = "未上报的查询；借用他人账号；事由虚假；亲属关系未登记的。没有上报事由和案件字段的系统，不因其为空提示。", en = "Look-ups nobody reports, borrowed accounts, false reasons, kin not on record. A system that sends neither purpose nor case is not accused of leaving them empty." }
says     = { zh = "{day} 查询 {looks} 次、{persons} 人：无事由 {without_reason} 次，深夜 {at_night} 次，亲属 {of_kin} 次，批量导出 {in_bulk} 次；单日上限 {limit_persons} 人。", en = "{day}: {looks} look-ups of {persons} people; {without_reason} without a reason, {at_night} at night, {of_kin} of kin, {in_bulk} exports in bulk; at most {limit_persons} people a day." }
clears   = { zh = "查询记录经核实更正（补录真实事由、案件），或亲属登记被更正。", en = "The records of look-ups are corrected after verification (true purpose, true case), or the record of kinship is." }

[touches]
access = "user_id"
staff = "staff_id"
unit = "select s.staff_id from facts.staff s where s.unit_code = any(:unit_code)"
kinship = """
select s.staff_id from facts.identity i join facts.staff s on s.id_number_key = i.person_key
where i.person_id = any(:person_id) or i.person_id = any(:relative_id)
"""
person = """
select s.staff_id from facts.staff s where s.id_number_key = any(:person_key)
union select s.staff_id from facts.identity i join facts.staff s on s.id_number_key = i.person_key where i.person_id = any(:person_id)
"""
---*/
-- "Without case or purpose" holds where both are known and neither is given. Days and hours are those of Asia/Shanghai.
select judged.user_id as subject_key, judged.day as item,
    min(case when judged.is_wrong or judged.is_grave then judged.at end) as yellow_at,
    min(case when judged.is_grave then judged.at end) as red_at,
    min(judged.region_code) as region_code, min(judged.unit_code) as unit_code, judged.day,
    count(*) as looks, max(judged.person_n) as persons,
    sum(case when judged.without_reason then 1 else 0 end) as without_reason,
    sum(case when judged.at_night then 1 else 0 end) as at_night, sum(case when judged.of_kin then 1 else 0 end) as of_kin,
    sum(case when judged.in_bulk then 1 else 0 end) as in_bulk, max(judged.limit_persons) as limit_persons
from (
    select looked.*, looked.without_reason or looked.hour >= :night_from or looked.hour < :night_to or looked.person_n > :limit as is_wrong,
        looked.of_kin or looked.exported > :export as is_grave, looked.hour >= :night_from or looked.hour < :night_to as at_night,
        looked.exported > :export as in_bulk, :limit as limit_persons
    from (
        select firsts.*, staff.unit_code, unit.region_code,
            sum(firsts.is_first) over (partition by firsts.user_id, firsts.day order by firsts.at, firsts.access_id) as person_n
        from (
            select a.user_id, a.access_id, a.at, to_char(a.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day,
                extract(hour from a.at at time zone 'Asia/Shanghai') as hour, coalesce(a.exported, 0) as exported,
                a.purpose_known and a.application_id_known and coalesce(a.purpose, '') = '' and coalesce(a.application_id, '') = ''
                    as without_reason,
                exists (
                    select 1 from facts.staff s
                    join facts.identity own on own.person_key = s.id_number_key
                    join facts.kinship k on k.person_id = own.person_id and k.relative_id = a.person_id
                    where s.staff_id = a.user_id
                ) or exists (
                    select 1 from facts.staff s
                    join facts.identity own on own.person_key = s.id_number_key
                    join facts.kinship k on k.relative_id = own.person_id and k.person_id = a.person_id
                    where s.staff_id = a.user_id
                ) as of_kin,
                case when a.person_id is not null and row_number() over (
                    partition by a.user_id, to_char(a.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), a.person_id order by a.at, a.access_id
                ) = 1 then 1 else 0 end as is_first
            from facts.access a
            where a.user_id is not null and a.at >= timestamptz '1900-01-01 00:00:00+00'
        ) firsts
        left join facts.staff staff on staff.staff_id = firsts.user_id
        left join facts.unit unit on unit.unit_code = staff.unit_code
    ) looked
) judged
group by judged.user_id, judged.day
having sum(case when judged.is_wrong or judged.is_grave then 1 else 0 end) > 0
