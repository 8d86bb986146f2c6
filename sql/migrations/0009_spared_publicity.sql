-- 0009 spared publicity: who asked not to be publicised, found by the person who applies (P01, P02)
-- Phase: before the code.
create index application_spared on store.application (applicant_person_id) where publicity_exempt;
