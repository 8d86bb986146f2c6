/*---
code     = "D08"
version  = 2
title    = { zh = "疑似一人多号", en = "Probable duplicate identity" }
basis    = ["社会救助暂行办法（国务院令第649号）第67条"]
subject  = "person"
to       = "S"
needs    = ["person"]
why      = { zh = "两份不同号码的档案，姓名、出生日期、住址、电话等高度相似，可能是同一人登记了两次，也可能只是相像的两个人。", en = "Two files under different numbers are very much alike in name, birth date, place and phone: one human registered twice, or two who are alike." }
remedy   = { zh = "在合并队列中逐项对照依据，必要时核对户籍；确为同一人的合并身份，不是的作出排除。合并可以撤销。", en = "Compare the reasons in the merge queue, and the household register where needed; merge one human's identities, or rule it out. A merge can be undone." }
blind_to = { zh = "概率由姓名、号码、生日、性别、电话、住址的相似程度推算，不是认定；姓名、生日、住址都登记错的，或者只有姓名的，发现不了。", en = "The probability is reckoned from likeness of name, number, birth date, sex, phone and place; it decides nothing. It misses people whose name, birth date and place are all wrong, or of whom only a name is kept." }
says     = { zh = "与另一身份疑似同一人，概率 {probability_share}，发现于 {notice_at}，待合并队列裁定。", en = "Probably one human with another identity, probability {probability_share}, found {notice_at}; to be decided in the merge queue." }
clears   = { zh = "合并队列作出「同一人」或「不是同一人」的裁定，或者登记更正后不再相似。", en = "People decide in the merge queue that they are the same or different, or the records are corrected and no longer alike." }
[params]
limit = 0.9
[override_by]
region = "pair.region_code"
on = "cast(pair.notice_at at time zone 'Asia/Shanghai' as date)"
[touches]
person_pair = "person_key"
person = "person_key"
household_member = "select i.person_key from facts.identity i where i.person_id = any(:person_id)"
household = "select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
---*/
select pair.person_key as subject_key, pair.other_person_key as item, pair.notice_at, pair.region_code, pair.probability_share, pair.other_person_key
from (
    select p.person_key, p.found_at as notice_at, p.probability as probability_share, p.right_key as other_person_key, (
            select min(h.region_code)
            from facts.household_member m join facts.household h on h.household_id = m.household_id
            where m.person_id = p.left_person_id
        ) as region_code
    from facts.person_pair p
    where p.decision = 'undecided'
) pair
where pair.probability_share >= :limit
