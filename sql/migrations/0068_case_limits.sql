-- 0068 case limits: the limits of a case and the days its clock stood still, for who may see the case
-- Phase: before the code.
create view seen.application_limit with (security_barrier) as select * from facts.application_limit t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
create view seen.pause with (security_barrier) as select * from facts.pause t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
grant select on seen.application_limit, seen.pause to aidwatch_console;
