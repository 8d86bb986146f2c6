-- 0068 case limits: limits of a case for who may see it; calendars are counted for the planner, too
-- Phase: before the code.
create view seen.application_limit with (security_barrier) as select * from facts.application_limit t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
create view seen.pause with (security_barrier) as select * from facts.pause t
    where (select access.everywhere()) or access.sees_record('application', t.application_id);
grant select on seen.application_limit, seen.pause to aidwatch_console;

-- The planner must know that one calendar holds most days: of a table it knows nothing about it takes the days of a calendar for few,
-- reads them all for each step of a case, and keeps that plan.
alter function store.count_working_days() rename to fill_working_days;
create function store.count_working_days() returns void language plpgsql security definer set search_path = store, pg_temp as $$
begin
    perform fill_working_days();
    analyze working_day, region_calendar;
end $$;
revoke execute on function store.count_working_days() from public;
grant execute on function store.count_working_days() to aidwatch_worker;
select store.count_working_days();
