/*---
version  = 3
subject  = "person"
to       = "S"
needs    = ["benefit"]
why      = { zh = "这两项待遇按规定不能同时享受：可能是退出一项时没有停发，也可能是两处系统互不知道。", en = "These two may not be held at once: one was not stopped when the other began, or two systems do not know of each other." }
remedy   = { zh = "核实应当享受哪一项，终止另一项；多发的依法处理，本人应得的不因此中断。", en = "Find which of the two is due and end the other; deal with what was too much by law, without breaking what the person is due." }
blind_to = { zh = "互斥关系是数据，各地可登记允许并存的组合；没有登记的组合不判断，规则自其生效之月起、至失效之月止适用。标题是目录里的类别，实际组合以所列两个项目为准。儿童补贴按差额发放或者标准未知的，与困难残疾补不算重复。渐退期内和单人户纳入的不算。", en = "Which programmes exclude each other is data, and a place may let some coexist; a pair that is not listed is not judged, and a row holds for its own months only. The title is the catalogue's for its kind of pair; which two are meant the evidence names. A child benefit that is netted, or whose rate is unknown, goes with the living subsidy of the disabled. Months of a gradual exit and single-person entry are none." }
says     = { zh = "{programme_a}（{benefit_a}）与 {programme_b}（{benefit_b}）不得同时享受，自 {first_period} 起重叠，依据：{exclusion_basis}。", en = "{programme_a} ({benefit_a}) and {programme_b} ({benefit_b}) exclude each other and overlap from {first_period} on; ground: {exclusion_basis}." }
clears   = { zh = "其中一项终止，起止月份或成员记录更正后不再重叠，或者登记当地允许并存。", en = "One of them ends, months or membership are corrected so that they no longer overlap, or the place lets the two coexist." }

[params]
notice_days = 30    # of D06: calendar days of overlap until the card is yellow
gradual_exit_months = 6

[override_by]
region = "pair.region_code"
on = "cast(pair.from_period || '-01' as date)"

[codes.D04]
title = { zh = "特困与孤儿类重复", en = "Extreme poverty × child programmes" }
basis = ["民发〔2021〕43号 第9条", "关于进一步加强事实无人抚养儿童保障工作的意见 三(一)"]
[codes.D05]
title = { zh = "特困与残疾补贴重复", en = "Extreme poverty × disability subsidies" }
basis = ["国发〔2015〕52号"]
[codes.D06]
needs = ["register.hospital"]   # it spares who may be a household of their own
title = { zh = "分类身份重叠", en = "Overlapping tiers" }
basis = ["刚性支出困难家庭认定办法 第4条(一)", "民发〔2021〕57号 第8条"]

[touches]
benefit = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
household_member = "select person_key from facts.identity where person_id = any(:person_id) union select i.person_key from facts.household_member m join facts.identity i on i.person_id = m.person_id where m.household_id = any(:household_id)"
person = "person_key"
register = "select unnest(:id_number_key::text[]) union select person_key from facts.identity where person_id = any(:person_id)"
exclusion = "*"
standard = "*"
region = "*"
---*/
-- In each month the nearest row about a pair decides. Two dibao benefits are D01, dibao with tekun D02: here are all the others.
-- The living subsidy of the disabled is excluded by a child benefit at the full rate only, and while it is that: netted they go together.
select
    told.rule, told.person_key as subject_key, told.programme_a || '/' || told.programme_b as item,
    min(case when told.rule = 'D06' then told.from_at end) as notice_at,
    min(case when told.rule <> 'D06' then told.from_at when told.to_period > told.from_period then told.late_at end) as yellow_at,
    case when count(*) = count(told.until_on) then cast(max(told.until_on) as timestamp) at time zone 'Asia/Shanghai' end as until_at,
    min(told.amount_fen) as amount_at_risk_fen, min(told.region_code) as region_code, told.programme_a, told.programme_b,
    min(told.from_period) as first_period, nullif(max(told.to_period), '9999-12') as last_period, min(told.benefit_a) as benefit_a, min(told.benefit_b) as benefit_b,
    min(told.exclusion_basis) as exclusion_basis
from (
    select
        pair.*, (
            select rate.until_on from facts.full_child_benefit rate where rate.benefit_id = pair.child_id) as until_on,
        cast(cast(pair.from_period || '-01' as date) as timestamp) at time zone 'Asia/Shanghai' as from_at,
        cast(cast(pair.from_period || '-01' as date) + cast(:notice_days as int) + 1 as timestamp) at time zone 'Asia/Shanghai' as late_at,
        case when pair.programme_a in ('orphan', 'unsupported_child') or pair.programme_b in ('orphan', 'unsupported_child') then 'D04'
            when pair.programme_a in ('disability_living', 'disability_care') or pair.programme_b in ('disability_living', 'disability_care')
                then 'D05' else 'D06' end as rule
    from (  -- months that follow each other under rows that say the same are one stretch
        select
            turn.*, turn.turn_period as from_period,
            least(turn.last_period, coalesce(to_char(cast(lead(turn.turn_period) over (
                partition by turn.person_key, turn.benefit_a, turn.benefit_b, turn.first_period, turn.last_period order by turn.turn_period
            ) || '-01' as date) - 1, 'YYYY-MM'), '9999-12')) as to_period
        from (
            select
                ruled.*,
                lag(ruled.effect) over (
                    partition by ruled.person_key, ruled.benefit_a, ruled.benefit_b, ruled.first_period, ruled.last_period order by ruled.turn_period
                ) as effect_before
            from (
                select
                    pair.*, ruled.effect, ruled.basis as exclusion_basis, greatest(pair.first_period, ruled.from_month) as turn_period,
                    row_number() over (
                        partition by pair.person_key, pair.benefit_a, pair.benefit_b, pair.first_period, pair.last_period, ruled.from_month
                        order by ruled.effect = 'open', coalesce(place.depth, case when ruled.region_code > '' then 0 else 99 end), ruled.valid_from desc, ruled.exclusion_id
                    ) as nearest
                from (
                    select
                        pair.person_key, pair.region_code, pair.benefit_a, pair.benefit_b, pair.programme_a, pair.programme_b,
                        pair.household_a, pair.household_b, pair.to_period as last_period, least(pair.amount_a_fen, pair.amount_b_fen) as amount_fen,
                        case when pair.programme_a = 'disability_living' and pair.programme_b in ('orphan', 'unsupported_child') then pair.benefit_b
                            when pair.programme_b = 'disability_living' and pair.programme_a in ('orphan', 'unsupported_child') then pair.benefit_a end as child_id,
                        -- the months of a gradual exit are lawful and come before
                        greatest(pair.from_period,
                            case when pair.from_period >= pair.exit_a then to_char(cast(pair.exit_a || '-01' as date) + :gradual_exit_months * interval '1 month', 'YYYY-MM') end,
                            case when pair.from_period >= pair.exit_b then to_char(cast(pair.exit_b || '-01' as date) + :gradual_exit_months * interval '1 month', 'YYYY-MM') end
                        ) as first_period
                    from facts.received_pair pair
                    where pair.from_period <= pair.to_period
                        and not (pair.programme_a = 'dibao' and pair.programme_b in ('dibao', 'tekun'))
                ) pair
                join facts.exclusion_stretch ruled on ruled.programme_a = pair.programme_a and ruled.programme_b = pair.programme_b
                    and ruled.from_month <= pair.last_period and ruled.to_month >= pair.first_period
                left join facts.region_path place on place.region_code = pair.region_code and place.ancestor_code = ruled.region_code
                where pair.first_period <= pair.last_period and (coalesce(ruled.region_code, pair.region_code, '') = coalesce(pair.region_code, '') or place.depth >= 0)
                    -- single-person entry (民发〔2021〕57号 第8条): alone in dibao, severely disabled or gravely ill, the family on the margin
                    and not (
                        pair.programme_a = 'dibao' and pair.programme_b = 'dibao_margin' and pair.household_a <> pair.household_b
                        and (select count(*) from facts.household_member alone where alone.household_id = pair.household_a and alone.counted
                            and coalesce(alone.to_date, date '9999-12-31') >= cast(pair.first_period || '-01' as date)) = 1
                        and (exists (select 1 from facts.person p where p.person_key = pair.person_key
                                and (p.disability_grade in (1, 2) or p.disability_category in ('5', '6') and p.disability_grade = 3))
                            or exists (select 1 from facts.register r where r.person_key = pair.person_key and r.kind = 'hospital')))
            ) ruled
            where ruled.nearest = 1
        ) turn
        where turn.effect_before <> turn.effect or coalesce(turn.effect_before, '') = ''
    ) pair
    where pair.effect = 'exclusive'
        and (coalesce(pair.child_id, '') = '' or exists (
            select 1 from facts.full_child_benefit rate
            where rate.benefit_id = pair.child_id and coalesce(rate.until_on, date '9999-12-31') > cast(pair.from_period || '-01' as date)))
) told
group by told.rule, told.person_key, told.programme_a, told.programme_b
