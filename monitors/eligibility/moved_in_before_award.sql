/*---
code     = "E21"
version  = 2
title    = { zh = "迁户可疑", en = "Suspicious household move" }
basis    = ["社会救助暂行办法（国务院令第649号）第68条"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["household_member", "benefit", "staff", "kinship"]
why      = { zh = "救助前半年内才迁入困难家庭，又是外地经办人员的近亲属：可能是借户领取。", en = "Moved into a poor household in the half year before its award, and kin of staff elsewhere: the household may have been borrowed." }
remedy   = { zh = "核实迁入原因和共同生活情况。", en = "Find why they moved in and whether they live together." }
blind_to = { zh = "只认得登记了证件号码的工作人员和亲属关系；工作单位管辖或属于该地的不算外地，地区没有登记的不判断；新生儿、婚嫁迁入不算。定时统计。", en = "Knows staff by number and kinship on record; a unit in charge of the place, or of a part of it, is not elsewhere; silent where a region is not on record; newborns and marriages are none. Counted by the clock." }
says     = { zh = "{moved_on} 迁入家庭 {household_id}，{first_period} 起享受 {programme}，是工作人员 {staff_id} 的近亲属（{relation}）。", en = "Moved into household {household_id} on {moved_on}, receives {programme} from {first_period} on, and is kin ({relation}) of staff member {staff_id}." }
clears   = { zh = "更正迁入日期、亲属登记，或成员改为不计入。", en = "The day of the move or kinship is corrected, or the member is no longer counted." }

[params]
months = 6

[override_by]
region = "benefit.region_code"
programme = "benefit.programme"
on = "cast(benefit.start_period || '-01' as date)"

[touches]
household_member = "*"
benefit = "*"
person = "*"
kinship = "*"
staff = "*"
unit = "*"
region = "*"
---*/
select
    moved.person_key as subject_key, moved.household_id as item, min(moved.at) as notice_at, min(moved.region_code) as region_code, min(moved.benefit_id) as benefit_id,
    min(moved.programme) as programme, moved.household_id, min(moved.moved_on) as moved_on, min(moved.from_period) as first_period,
    min(moved.staff_id) as staff_id, min(moved.relation) as relation
from (
    select
        human.person_key, member.household_id, member.from_date as moved_on, benefit.benefit_id, benefit.programme, benefit.region_code,
        benefit.start_period as from_period, staff.staff_id, kin.relation,
        cast(cast(benefit.start_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as at
    from facts.household_member member
    join facts.benefit benefit on benefit.household_id = member.household_id and coalesce(benefit.person_id, '') = ''
    join facts.person human on human.person_id = member.person_id
    join facts.kin kin on kin.person_id = member.person_id and kin.relation <> 'self'
    join facts.person relative on relative.person_id = kin.relative_id
    join facts.staff staff on staff.id_number_key = relative.id_number_key and staff.role <> 'supervisor'
    join facts.unit unit on unit.unit_code = staff.unit_code
    join facts.region_path here on here.region_code = benefit.region_code and here.depth = 0
    join facts.region_path there on there.region_code = unit.region_code and there.depth = 0
    where member.counted and benefit.programme in ('dibao', 'dibao_margin', 'tekun')
        and member.from_date <= cast(benefit.start_period || '-01' as date)
        and member.from_date > cast(benefit.start_period || '-01' as date) - :months * interval '1 month'
        -- elsewhere: neither above nor below the place of the benefit
        and not exists (
            select 1 from facts.region_path up
            where up.region_code = benefit.region_code and up.ancestor_code = unit.region_code
                or up.region_code = unit.region_code and up.ancestor_code = benefit.region_code)
        and not coalesce(coalesce(human.id_birth_date, human.birth_date) > member.from_date - interval '12 months', false)
        and coalesce(member.relation_to_head, '') not in ('spouse', '配偶', '儿媳', '女婿')
        -- the others were there before: a household that is new as a whole did not move
        and exists (
            select 1 from facts.household_member before
            where before.household_id = member.household_id and before.counted
                and before.from_date <= member.from_date - interval '6 months')
) moved
group by moved.person_key, moved.household_id
