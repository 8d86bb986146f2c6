/*---
code     = "F20"
version  = 1
title    = { zh = "跨乡镇同证同卡复制", en = "Same ID or account in several townships' lists" }
basis    = ["社会救助暂行办法（国务院令第649号）第67条", "财办〔2020〕37号（发放到人到户）"]
subject  = "person"
to       = "U"
by_month = true
needs    = ["payment", "payment_batch", "account"]
why      = { zh = "同一身份证号在同一个月出现在两个以上乡镇的发放名册里：名册行被复制到别处，或者迁移后两地都在发。", en = "In one month one ID number stands in the payment lists of two or more townships: rows copied to another list, or both places paying after a move." }
remedy   = { zh = "调取各乡镇当月名册和审批材料，核实本人实际居住地和领款人，保留一处；核实前不认定本人有问题。", en = "Take the lists and approvals of each township for the month, verify where the person lives and who drew the money, keep one; nothing is held against the person before that." }
blind_to = { zh = "只看正常发放；县级及以上统一造册的批次不算乡镇名册。发入监护人或供养机构账户的行不判断；多人共用账户的，以账户为对象另行提示。", en = "Regular lines only; a batch listed by a county or above is no township's list. Lines into a guardian's or institution's account are exempt; where several people share the account, the finding is about the account." }
says     = { zh = "{period} 同一身份证号出现在 {townships} 个乡镇的名册中（{lines} 笔，共 {total_fen}），首次提交 {first_at}，最后提交 {last_at}。", en = "For {period} one ID number stands in the lists of {townships} townships ({lines} lines, {total_fen} in all), first submitted {first_at}, last {last_at}." }
clears   = { zh = "当月只剩一个乡镇的名册，其余行退回或冲销。", en = "Only one township's lines of the month remain; the others are returned or reversed." }
[touches]
payment = """
select i.person_key from facts.identity i where i.person_id = any(:payee_person_id)
union select i.person_key from facts.payment p join facts.identity i on i.person_id = p.payee_person_id
where p.account_key = any(:account_key) and p.period = any(:period)"""
account = "select i.person_key from facts.payment p join facts.identity i on i.person_id = p.payee_person_id where p.account_key = any(:account_key)"
payment_batch = "select i.person_key from facts.payment p join facts.identity i on i.person_id = p.payee_person_id where p.batch_id = any(:batch_id)"
person = """
select unnest(cast(:person_key as text[]))
union select i.person_key from facts.payment q join facts.payment p on p.account_key = q.account_key and p.period = q.period
join facts.identity i on i.person_id = p.payee_person_id where q.payee_person_id = any(:person_id)"""
region = "*"
---*/
select t.person_key as subject_key, t.period as item, t.period,
    max(case when t.n = 2 then t.at end) as red_at,
    sum(case when t.n > 1 then t.amount_fen else 0 end) as amount_at_risk_fen, min(t.township) as region_code,
    count(*) as townships, sum(t.lines) as lines, sum(t.amount_fen) as total_fen, min(t.at) as first_at, max(t.last_at) as last_at,
    array_agg(t.township order by t.n) filter (where t.n <= 10) as region_codes,
    array_agg(t.batch_id order by t.n) filter (where t.n <= 10) as batch_ids,
    array_agg(t.payment_id order by t.n) filter (where t.n <= 10) as payment_ids
from (
    select g.*, row_number() over (partition by g.person_key, g.period order by g.at, g.township) as n
    from (
        select x.person_key, x.period, x.township, min(x.judged_at) as at, max(x.judged_at) as last_at, count(*) as lines,
            sum(x.amount_fen) as amount_fen, min(x.batch_id) as batch_id, min(x.payment_id) as payment_id,
            max(x.is_shared) as is_shared
        from (
            select l.*, coalesce(w.ancestor_code, case when substr(l.list_region, 7, 6) <> '000000'
                    then substr(l.list_region, 1, 9) || '000' end) as township,
                -- the account stands in several townships' lists for several people: then the account is the subject
                case when (select min(coalesce(u.ancestor_code, case when substr(coalesce(c.region_code, q.region_code), 7, 6) <> '000000'
                            then substr(coalesce(c.region_code, q.region_code), 1, 9) || '000' end))
                        <> max(coalesce(u.ancestor_code, case when substr(coalesce(c.region_code, q.region_code), 7, 6) <> '000000'
                            then substr(coalesce(c.region_code, q.region_code), 1, 9) || '000' end))
                        and min(coalesce(case when a.holder_role = 'head' then q.household_id end, j.person_key))
                        <> max(coalesce(case when a.holder_role = 'head' then q.household_id end, j.person_key))
                    from facts.payment q
                    left join facts.payment_batch c on c.batch_id = q.batch_id
                    left join facts.identity j on j.person_id = q.payee_person_id
                    left join facts.account_version a on a.account_key = q.account_key and a.holder_role = 'head'
                        and a.from_at <= q.judged_at and (a.to_at is null or q.judged_at < a.to_at)
                    left join (
                        select s.region_code, s.ancestor_code from facts.region_path s
                        join facts.region r on r.region_code = s.ancestor_code and r.level = 'township'
                    ) u on u.region_code = coalesce(c.region_code, q.region_code)
                    where q.account_key = l.account_key and q.period = l.period and q.kind = 'regular'
                        and coalesce(q.status, 'submitted') not in ('returned', 'reversed')) then 1 else 0 end as is_shared
            from (
                select i.person_key, p.period, p.payment_id, p.batch_id, p.account_key, p.judged_at, p.amount_fen,
                    coalesce(b.region_code, p.region_code) as list_region,
                    min(coalesce(b.region_code, p.region_code)) over (partition by i.person_key, p.period) as first_region,
                    max(coalesce(b.region_code, p.region_code)) over (partition by i.person_key, p.period) as last_region
                from facts.identity i
                join facts.payment p on p.payee_person_id = i.person_id
                left join facts.payment_batch b on b.batch_id = p.batch_id
                where p.kind = 'regular' and coalesce(p.status, 'submitted') not in ('returned', 'reversed')
                    and p.period is not null
            ) l
            left join (
                select s.region_code, s.ancestor_code from facts.region_path s
                join facts.region r on r.region_code = s.ancestor_code and r.level = 'township'
            ) w on w.region_code = l.list_region
            where l.first_region <> l.last_region and not exists (
                select 1 from facts.account_version a where a.account_key = l.account_key
                    and a.holder_role in ('guardian', 'institution')
                    and a.from_at <= l.judged_at and (a.to_at is null or l.judged_at < a.to_at))
        ) x
        where x.township is not null
        group by x.person_key, x.period, x.township
    ) g
) t
group by t.person_key, t.period
having count(*) > 1 and max(t.is_shared) = 0
