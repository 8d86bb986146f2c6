-- 0079 coverage: what registers cover, how fresh each kind is, and who may have been stopped or left out by mistake
-- Phase: before the code.
grant select on facts.source_state to rule_reader, aidwatch_worker;
