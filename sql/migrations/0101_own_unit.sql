-- 0101 own unit: a handler's findings are found, not sieved from those of the city
-- Phase: with the code.
create index finding_unit on watch.finding (unit_code) where unit_code is not null;   -- beside finding_assignee
