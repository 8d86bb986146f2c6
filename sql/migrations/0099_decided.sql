-- 0099 decided: what pages ask one by one they find by index
-- Phase: with the code.
create index visit_person on store.visit (person_id, visited_at) where person_id is not null;   -- signs of life: without it every visit was read for each stop
create index finding_decided on watch.finding (opened_at desc, finding_id) include (rule, present, ladder_card, stage, region_code, unit_code, assignee,
    programme, amount_at_risk_fen, outcome, rectified_at, due_at, silenced_until) where outcome is not null;   -- confirmed and lifted, of all time
