-- 0062 silence: somebody keeps a finding from the work lists for a while, with a reason and an end
-- Phase: before the code.
-- Whether it holds, what people do about it and whether it is silent are three things; none overwrites another.
alter table watch.finding add column silenced_until timestamptz, add column silenced_by text, add column silence_reason text,
    add constraint silence_whole check ((silenced_until is null) = (silenced_by is null) and (silenced_until is null) = (silence_reason is null));
grant update (silenced_until, silenced_by, silence_reason) on watch.finding to aidwatch_console;
