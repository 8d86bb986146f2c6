-- 0041 timeliness: indexes of rules about complaints
-- Phase: before the code.
create index complaint_benefit on store.complaint (benefit_id) where benefit_id is not null;   -- T27
