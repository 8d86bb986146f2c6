/*---
code     = "E04"
version  = 2
title    = { zh = "市场主体登记", en = "Business registration" }
basis    = ["民发〔2021〕57号 第17条", "地方规定（揭阳：无雇员夫妻店除外）"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["benefit", "register.business"]
why      = { zh = "家庭成员是企业的法定代表人、高管或控股人，可能有经营收入没有申报。", en = "A member is legal representative, executive or controlling owner of a firm: there may be income nobody declared." }
remedy   = { zh = "核实是否实际经营；“僵尸”登记引导注销，属实的重新核算收入。", en = "Find whether it operates; help close a dead registration, else compute the income anew." }
blind_to = { zh = "职务或状态没有报送的不判断；不知道是否实际经营的只作提示；没有雇员的个体小店按当地规定除外。定时统计。", en = "Silent where role or status was not sent; where it is not known to operate it is a notice only; small shops without employees are exempt by local rule. Counted by the clock." }
says     = { zh = "{department} 登记为{role}，状态 {status}，近一年开票或纳税 {turnover_fen}。", en = "{department} has them as {role}, status {status}, invoices or tax of a year {turnover_fen}." }
clears   = { zh = "登记注销或变更，待遇终止，或更正登记。", en = "The registration is closed or changed, the benefit ends, or the record is corrected." }

[params]
operating = ["existing", "存续", "在营", "开业"]
roles = ["legal_representative", "executive", "controlling", "法定代表人", "高管", "控股"]
micro_employees = 0     # a shop with no more employees than this …
micro_turnover = 60000  # … and no more turnover a year is exempt, yuan

[override_by]
region = "own.region_code"
programme = "own.programme"
on = "own.since_on"

[touches]
benefit = "*"
household = "*"
household_member = "*"
person = "*"
register = "*"
income_check = "*"
standard = "*"
region = "*"
---*/
select
    own.person_key as subject_key, '' as item, cast(min(own.since_on) as timestamp) at time zone 'Asia/Shanghai' as notice_at,
    cast(min(case when own.turnover_fen > 0 then own.since_on end) as timestamp) at time zone 'Asia/Shanghai' as yellow_at,
    min(own.region_code) as region_code, min(own.benefit_id) as benefit_id, min(own.programme) as programme, min(own.department) as department,
    min(own.role) as role, min(own.status) as status, max(own.turnover_fen) as turnover_fen, max(own.as_of) as as_of
from facts.means own
where own.kind = 'business' and own.to_date is null and own.status = any(:operating)
    and own.role = any(:roles)
    and not coalesce(own.exempt, own.employees <= :micro_employees and coalesce(own.turnover_fen, 0) <= :micro_turnover * 100, false)
group by own.person_key
