/*---
code     = "E02"
version  = 1
title    = { zh = "服刑强戒人员仍计入", en = "In custody but counted" }
basis    = ["民发〔2021〕57号 第7条(二)", "民发〔2021〕43号 第24条(三)"]
subject  = "person"
to       = "S"
params   = { red_months = 3 }
override_by = { region = "b.region_code", programme = "b.programme", on = "w.day" }
why      = { zh = "服刑和强制隔离戒毒期间由国家供养，仍计入的，家庭会多领这一份。", en = "Somebody in custody is kept by the state; while still counted, the household receives their share as well." }
remedy   = { zh = "向监狱、戒毒所核实起止日期；属实的从次月起不再计入，释放后及时恢复。", en = "Verify the dates with prison or detoxification centre; if true take the person out from the next month, and back in after release." }
blind_to = { zh = "没有报送的羁押；不足整月的不计。", en = "Custody not reported; months not covered as a whole do not count." }
says     = { zh = "{custody_from} 起在押或强戒（至 {custody_to}），{first_month} 起整月仍计入 {programme} 待遇 {benefit_id}。", en = "In custody from {custody_from} (to {custody_to}); still counted in {programme} benefit {benefit_id} for whole months from {first_month}." }
clears   = { zh = "成员改为不计入、待遇终止，或羁押登记更正。", en = "The member is no longer counted, the benefit ends, or the custody record is corrected." }

[touches]
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
register = "select unnest(:id_number_key::text[]) union select person_key from facts.identity where person_id = any(:person_id)"
person = "person_key"
workday = "*"
---*/
-- A month counts once it has ended: its instant is the first midnight of the next one. The calendar gives the months.
select month.person_key as subject_key, '' as item,
    min(case when month.place = 1 then month.at end) as yellow_at, min(case when month.place = month.red_months then month.at end) as red_at,
    min(month.region_code) as region_code, min(month.custody_from) as custody_from, max(month.custody_to) as custody_to,
    min(month.first_month) as first_month, min(month.programme) as programme, min(month.benefit_id) as benefit_id, min(month.household_id) as household_id
from (
    select counted.*, dense_rank() over (partition by counted.person_key order by counted.first_month) as place
    from (
        select r.person_key, r.from_date as custody_from, r.to_date as custody_to, b.benefit_id, b.programme, b.region_code, b.household_id,
            to_char(w.day, 'YYYY-MM') as first_month, :red_months as red_months,
            cast(w.day + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' as at
        from facts.register r
        join facts.identity i on i.person_key = r.person_key
        join facts.household_member m on m.person_id = i.person_id and m.counted
        join facts.benefit b on b.household_id = m.household_id and coalesce(b.person_id, '') = ''
        join facts.working_day w on w.calendar = 'CN' and w.day >= r.from_date and extract(day from w.day) = 1
            and w.day + interval '1 month' <= coalesce(r.to_date, date '9999-12-30') + interval '1 day'
            and to_char(w.day, 'YYYY-MM') >= b.start_period and to_char(w.day, 'YYYY-MM') <= coalesce(b.end_period, '9999-12')
            and to_char(w.day, 'YYYY-MM') >= coalesce(to_char(m.from_date, 'YYYY-MM'), '0001-01')
            and to_char(w.day, 'YYYY-MM') <= coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')
        where r.kind in ('custody', 'drug_isolation')
        union all
        select r.person_key, r.from_date, r.to_date, b.benefit_id, b.programme, b.region_code, b.household_id,
            to_char(w.day, 'YYYY-MM'), :red_months, cast(w.day + interval '1 month' as timestamp) at time zone 'Asia/Shanghai'
        from facts.register r
        join facts.identity i on i.person_key = r.person_key
        join facts.benefit b on b.person_id = i.person_id and b.programme in ('tekun', 'dibao')
        join facts.working_day w on w.calendar = 'CN' and w.day >= r.from_date and extract(day from w.day) = 1
            and w.day + interval '1 month' <= coalesce(r.to_date, date '9999-12-30') + interval '1 day'
            and to_char(w.day, 'YYYY-MM') >= b.start_period and to_char(w.day, 'YYYY-MM') <= coalesce(b.end_period, '9999-12')
        where r.kind in ('custody', 'drug_isolation')
    ) counted
) month
group by month.person_key
