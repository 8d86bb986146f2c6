-- 0082 funds: what rules about money look for and seldom find
-- Phase: before the code.
create index payment_returned on store.payment (benefit_id, period) where status = 'returned';  -- F05

-- ID numbers of the people who handle aid and of their kin on record: whose accounts no aid of others belongs into.
create view facts.holder_of_staff as
select staff.id_number_key, staff.id_number_key as staff_number_key, staff.staff_id, staff.active_from, staff.active_to, 'self'::text as relation
from facts.staff staff where staff.role <> 'supervisor' and staff.id_number_key is not null
union all
select relative.id_number_key, staff.id_number_key, staff.staff_id, staff.active_from, staff.active_to, kin.relation
from facts.staff staff
join facts.person human on human.id_number_key = staff.id_number_key
join facts.kin kin on kin.person_id = human.person_id and kin.relation <> 'self'
join facts.person relative on relative.person_id = kin.relative_id and relative.id_number_key is not null
where staff.role <> 'supervisor';
grant select on facts.holder_of_staff to aidwatch_worker, rule_reader;
