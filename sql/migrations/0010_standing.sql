-- 0010 standing: what stands for a slice is read once for all the rules asked about it
-- Phase: before the code.
drop index watch.finding_subject;
create index finding_subject on watch.finding (subject_kind, subject_key, rule);               -- reconcile, dossier
alter table watch.recheck drop constraint recheck_pkey, add primary key (subject_kind, subject_key, file, period);
