-- 0098 urgent: the red cards nobody has handed over, the oldest first
-- Phase: with the code.
create index finding_urgent on watch.finding (opened_at, finding_id) include (rule, region_code, unit_code, assignee, programme, due_at, silenced_until)
    where present and stage = 'open' and ladder_card = 'red';
