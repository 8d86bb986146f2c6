-- 0110 trail: lines are read newest first, of somebody, of one act, of a time; what was handed over is found by index
-- Phase: before the code.
create index trail_newest on access.trail (at desc, id desc);
create index trail_by on access.trail (who, at desc, id desc);
create index trail_act on access.trail (what, at desc, id desc);
drop index access.trail_at;                                   -- trail_newest serves what is forgotten, too
create index finding_handed on watch.finding (opened_at desc, finding_id) include (rule, present, ladder_card, stage, region_code, unit_code, assignee,
    programme, amount_at_risk_fen, outcome, rectified_at, due_at, silenced_until) where assigned_at is not null;   -- handed over, of all time
