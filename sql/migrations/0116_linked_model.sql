-- 0116 linked_model: by which model a record was compared; when the model changes everybody is compared anew, and what stood stays until then
-- Phase: before the code.
alter table watch.linked add column model text not null default '';
