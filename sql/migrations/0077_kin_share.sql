-- 0077 kin share: of the beneficiaries of a village, how many in a hundred are kin of its cadres
-- Phase: before the code.
create view facts.kin_share as
select given.region_code as village_code,
    100.0 * count(distinct case when related.person_key is not null then given.person_key end) / count(distinct given.person_key) as percent
from facts.received given
left join (
    select distinct relative.person_key, unit.region_code
    from facts.staff staff
    join facts.unit unit on unit.unit_code = staff.unit_code
    join facts.person cadre on cadre.id_number_key = staff.id_number_key
    join facts.kin kin on kin.person_id = cadre.person_id and kin.relation <> 'self'
    join facts.identity relative on relative.person_id = kin.relative_id
    where staff.role = 'village_cadre'
) related on related.person_key = given.person_key and related.region_code = given.region_code
where given.programme in ('dibao', 'tekun', 'dibao_margin') and given.to_period = '9999-12' and given.region_code is not null
group by given.region_code;
grant select on facts.kin_share to aidwatch_worker, rule_reader;
