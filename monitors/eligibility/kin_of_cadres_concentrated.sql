/*---
code     = "E20"
version  = 2
title    = { zh = "村干部经办人及近亲属集中享受", en = "Kin concentration in a village" }
basis    = ["中办发〔2020〕18号（严查优亲厚友）", "国办发〔2023〕39号"]
subject  = "person"
to       = "S"
scope    = "all"
needs    = ["staff", "kinship", "benefit"]
why      = { zh = "村干部本人在保，或者一个村里干部近亲属在保的比例远高于同县其他村：要有人复核程序。", en = "A village cadre receives a benefit, or kin of cadres are a far larger share of a village's beneficiaries than elsewhere in the county: somebody should go over the procedure again." }
remedy   = { zh = "复核有关案件的登记备案、入户和评议；核实后才能认定。", en = "Go over registration, visits and decisions of these cases; only what was verified counts." }
blind_to = { zh = "只认得登记了证件号码的干部和亲属关系；穷村、小村本来就互为亲属，比例高不等于有问题；核实前不升级。定时统计。", en = "Knows cadres by number and kinship on record; in small villages everybody is kin, and a high share proves nothing; it never rises before a human verified it. Counted by the clock." }
says     = { zh = "{what}：村 {village_code} 近亲属 {kin_beneficiaries} 人在保，占 {percent}%（同县中位数 {median_percent}%）。", en = "{what}: in village {village_code} {kin_beneficiaries} kin receive benefits, {percent} % (county median {median_percent} %)." }
clears   = { zh = "复核完成并登记结论，或更正人员、亲属登记。", en = "The review is done and its outcome recorded, or staff or kinship corrected." }

[params]
limit = 3.0         # robust z against the villages of the county
least = 5           # kin

[override_by]
region = "village.village_code"

[touches]
staff = "*"
unit = "*"
kinship = "*"
person = "*"
benefit = "*"
household_member = "*"
---*/
-- z as in F15. The share of a village is told at one of its cadres.
select
    told.cadre_key as subject_key, told.what || '/' || told.village_code as item, min(told.at) as notice_at, min(told.region_code) as region_code,
    min(told.unit_code) as unit_code, told.what, told.village_code, max(told.kin_beneficiaries) as kin_beneficiaries,
    cast(round(max(told.percent), 1) as double precision) as percent, cast(round(max(told.median_percent), 1) as double precision) as median_percent
from (
    select
        staff.id_number_key as cadre_key, 'CADRE_RECEIVES' as what, own.region_code as village_code, own.region_code, staff.unit_code, 0 as kin_beneficiaries,
        cast(null as numeric) as percent, cast(null as numeric) as median_percent,
        cast(cast(own.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as at
    from facts.staff staff
    join facts.received own on own.person_key = staff.id_number_key
    where staff.role = 'village_cadre' and own.programme in ('dibao', 'tekun', 'dibao_margin') and own.to_period = '9999-12'
        and coalesce(staff.active_to, date '9999-12-31') = date '9999-12-31'
    union all
    select
        village.cadre_key, 'KIN_CONCENTRATED', village.village_code, village.village_code, village.unit_code, village.kin_beneficiaries, village.percent,
        cast(county.median_percent as numeric), village.at
    from (
        select
            one.village_code, min(one.cadre_key) as cadre_key, min(one.unit_code) as unit_code, count(distinct one.person_key) as kin_beneficiaries,
            100.0 * count(distinct one.person_key) / max(one.beneficiaries) as percent, max(one.at) as at
        from (
            select
                unit.region_code as village_code, staff.id_number_key as cadre_key, staff.unit_code, own.person_key, village.beneficiaries,
                cast(cast(own.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as at
            from facts.staff staff
            join facts.unit unit on unit.unit_code = staff.unit_code
            join facts.person cadre on cadre.id_number_key = staff.id_number_key
            join facts.kin kin on kin.person_id = cadre.person_id and kin.relation <> 'self'
            join facts.identity relative on relative.person_id = kin.relative_id
            join facts.received own on own.person_key = relative.person_key and own.region_code = unit.region_code
                and own.programme in ('dibao', 'tekun', 'dibao_margin') and own.to_period = '9999-12'
            join (
                select given.region_code, count(distinct given.person_key) as beneficiaries from facts.received given
                where given.programme in ('dibao', 'tekun', 'dibao_margin') and given.to_period = '9999-12'
                group by given.region_code
            ) village on village.region_code = unit.region_code
            where staff.role = 'village_cadre'
        ) one
        group by one.village_code
    ) village
    join (
        select
            middle.county, middle.median_percent,
            percentile_cont(0.5) within group (order by abs(spread.percent - middle.median_percent)) as mad_percent
        from (
            select left(share.village_code, 6) as county, percentile_cont(0.5) within group (order by share.percent) as median_percent
            from facts.kin_share share group by left(share.village_code, 6)
        ) middle
        join facts.kin_share spread on left(spread.village_code, 6) = middle.county
        group by middle.county, middle.median_percent
    ) county on county.county = left(village.village_code, 6)
    where village.kin_beneficiaries >= :least and village.percent - county.median_percent > :limit * 1.4826 * county.mad_percent
) told
group by told.cadre_key, told.what, told.village_code
