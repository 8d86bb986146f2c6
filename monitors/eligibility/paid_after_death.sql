/*---
code     = "E01"
version  = 1
title    = { zh = "死亡后仍享受", en = "Paid after death" }
basis    = ["民发〔2022〕83号 一(三)", "民发〔2021〕43号 第24条、第26条", "社会救助暂行办法（国务院令第649号）第66条(六)"]
subject  = "person"
to       = "S"
params   = { household_months = 3 }
override_by = { region = "b.region_code", programme = "b.programme", on = "d.died_on" }
why      = { zh = "死亡登记之后仍有发放：资金可能流失，也可能是登记错误，本人还健在。", en = "Money was paid after a death was registered: it leaks, or the register is wrong and the person is alive." }
remedy   = { zh = "核实死亡日期和实际领取人；属实的从次月停发并追回，登记有误的更正登记并恢复待遇。", en = "Verify the death and who drew the money; if true stop from the next month and recover, if not have the register corrected and restore the benefit." }
blind_to = { zh = "尚未登记的死亡；由他人代领的现金。", en = "Deaths not yet registered; cash drawn by others." }
says     = { zh = "登记死亡日期 {died_on}（{sources} 个来源），此后 {first_period} 至 {last_period} 共发放 {months} 个月，合计 {paid_fen}。", en = "Death registered on {died_on} ({sources} source(s)); {months} month(s) paid after that, {first_period} to {last_period}, {paid_fen} in all." }
clears   = { zh = "死亡登记被更正或撤销，或这些月份的发放被退回、冲销。", en = "The death record is corrected or withdrawn, or these payments are returned or reversed." }

[touches]
payment = """
select p.person_key from (
    select i.person_key from facts.benefit_version b join facts.identity i on i.person_id = b.person_id where b.benefit_id = any(:benefit_id)
    union select i.person_key from facts.benefit_version b join facts.household_member m on m.household_id = b.household_id
        join facts.identity i on i.person_id = m.person_id where b.benefit_id = any(:benefit_id)
) p where (select count(*) from facts.register r where r.person_key = p.person_key and r.kind in ('death', 'cremation')) > 0
"""
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
register = "select unnest(:id_number_key::text[]) union select person_key from facts.identity where person_id = any(:person_id)"
person = "person_key"
---*/
-- Registers of two kinds, or the same kind from two departments, are two sources; one whose department was not sent adds none.
-- Multi-member households have three months to be re-verified (fact: the death of one member ends nothing at once);
-- personal benefits and single-person households end with the month of death.
select line.person_key as subject_key, '' as item,
    min(case when line.place = 1 then line.at end) as notice_at, min(case when line.place = 2 then line.at end) as yellow_at,
    min(case when line.place = 3 then line.at end) as red_at,
    sum(line.amount_fen) as amount_at_risk_fen, min(line.region_code) as region_code,
    min(line.died_on) as died_on, max(line.sources) as sources, max(line.place) as months, sum(line.amount_fen) as paid_fen,
    min(line.period) as first_period, max(line.period) as last_period, min(line.benefit_id) as benefit_id, min(line.programme) as programme
from (
    select paid.*, dense_rank() over (partition by paid.person_key order by paid.period) as place
    from (
        select d.person_key, d.died_on, d.sources, b.benefit_id, b.programme, b.region_code, p.period, p.amount_fen,
            coalesce(p.paid_at, p.event_at) as at
        from (
            select r.person_key, min(r.from_date) as died_on, greatest(count(distinct r.kind), count(distinct r.department)) as sources
            from facts.register r where r.kind in ('death', 'cremation') group by r.person_key
        ) d
        join facts.identity i on i.person_key = d.person_key
        join facts.benefit_version b on b.person_id = i.person_id
        join facts.payment p on p.benefit_id = b.benefit_id and p.kind = 'regular' and p.status = 'paid'
            and p.judged_at >= b.from_at and (b.to_at is null or p.judged_at < b.to_at)
            and p.period > to_char(d.died_on, 'YYYY-MM')
        union all
        select d.person_key, d.died_on, d.sources, b.benefit_id, b.programme, b.region_code, p.period, p.amount_fen,
            coalesce(p.paid_at, p.event_at)
        from (
            select r.person_key, min(r.from_date) as died_on, greatest(count(distinct r.kind), count(distinct r.department)) as sources
            from facts.register r where r.kind in ('death', 'cremation') group by r.person_key
        ) d
        join facts.identity i on i.person_key = d.person_key
        join facts.household_member m on m.person_id = i.person_id and m.counted
            and coalesce(m.from_date, date '0001-01-01') < d.died_on and coalesce(m.to_date, date '9999-12-31') >= d.died_on - 1
        join facts.benefit_version b on b.household_id = m.household_id and coalesce(b.person_id, '') = ''
        join facts.payment p on p.benefit_id = b.benefit_id and p.kind = 'regular' and p.status = 'paid'
            and p.judged_at >= b.from_at and (b.to_at is null or p.judged_at < b.to_at)
            and p.period > to_char(d.died_on, 'YYYY-MM')
            and (
                (select count(distinct other.person_id) from facts.household_member other
                    where other.household_id = m.household_id and other.counted
                        and coalesce(other.from_date, date '0001-01-01') < d.died_on
                        and coalesce(other.to_date, date '9999-12-31') >= d.died_on - 1) < 2
                or p.period > to_char(date_trunc('month', d.died_on) + :household_months * interval '1 month', 'YYYY-MM')
                    and p.period <= coalesce(to_char(m.to_date, 'YYYY-MM'), '9999-12')
            )
    ) paid
) line
group by line.person_key
