-- 0048 promised: by when an applicant was promised an answer, the second of the three clocks of a case (statutory, promised, of the step)
-- Phase: before the code.
alter table store.application add column promised_at timestamptz;
create or replace view facts.application as select
    application_id, programme, path, region_code, unit_code, household_id, applicant_person_id, submitted_at, kin_flag, complaint_flag, cross_region, publicity_exempt, cause, plan_id, event_source, event_at,
    programme is not null or not ('programme' = any(absent)) as programme_known,
    path is not null or not ('path' = any(absent)) as path_known,
    region_code is not null or not ('region_code' = any(absent)) as region_code_known,
    unit_code is not null or not ('unit_code' = any(absent)) as unit_code_known,
    household_id is not null or not ('household_id' = any(absent)) as household_id_known,
    applicant_person_id is not null or not ('applicant_person_id' = any(absent)) as applicant_person_id_known,
    submitted_at is not null or not ('submitted_at' = any(absent)) as submitted_at_known,
    kin_flag is not null or not ('kin_flag' = any(absent)) as kin_flag_known,
    complaint_flag is not null or not ('complaint_flag' = any(absent)) as complaint_flag_known,
    cross_region is not null or not ('cross_region' = any(absent)) as cross_region_known,
    publicity_exempt is not null or not ('publicity_exempt' = any(absent)) as publicity_exempt_known,
    cause is not null or not ('cause' = any(absent)) as cause_known,
    plan_id is not null or not ('plan_id' = any(absent)) as plan_id_known,
    promised_at,
    promised_at is not null or not ('promised_at' = any(absent)) as promised_at_known
from store.application;
create or replace view seen.application with (security_barrier) as select * from facts.application t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
