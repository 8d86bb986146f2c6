-- 0047 calendars: names of days off and worked, calendars of regions, and how far a due date may still move
-- Phase: before the code.
alter table store.workday add column name text, add column settled boolean;
create or replace view facts.workday as select
    day_id, calendar, day, working, provisional, event_source, event_at,
    calendar is not null or not ('calendar' = any(absent)) as calendar_known,
    day is not null or not ('day' = any(absent)) as day_known,
    working is not null or not ('working' = any(absent)) as working_known,
    provisional is not null or not ('provisional' = any(absent)) as provisional_known,
    name, settled,
    name is not null or not ('name' = any(absent)) as name_known,
    settled is not null or not ('settled' = any(absent)) as settled_known
from store.workday;

-- The calendar of each region that has one of its own, or inherits one on its path; every other region has CN.
create table store.region_calendar (region_code text primary key, calendar text not null);
create view facts.region_calendar as select region_code, calendar from store.region_calendar;

-- name: null for a day as a plain week has it, '' for another one nobody named.
-- n_least, n_most: working days up to and including the day, should a notice still to come take off, or have worked, all that it may.
-- n_named: days with a name up to and including the day, so that where none lies between two days none is looked for.
delete from store.working_day;
alter table store.working_day add column name text, add column n_least int not null, add column n_most int not null,
    add column n_named int not null;
create index working_day_least on store.working_day (calendar, n_least, day);                -- the latest due date
create index working_day_most on store.working_day (calendar, n_most, day);                  -- the earliest due date
create index working_day_named on store.working_day (calendar, day) where name is not null;  -- the arithmetic of a card
create or replace view facts.working_day as select calendar, day, working, n, provisional, name, n_least, n_most, n_named
from store.working_day;

-- A calendar named by a region's code lies over the nearest one above it, in the end over CN; any other stands alone.
create or replace function store.count_working_days() returns void language plpgsql security definer set search_path = store, pg_temp as $$
begin
    delete from region_calendar;
    insert into region_calendar
    with own as (select distinct calendar from workday where calendar ~ '^\d{12}$')
    select distinct on (place.region_code) place.region_code, own.calendar
    from (select region_code, ancestor_code, depth from region_path union all select calendar, calendar, -1 from own) place
    join own on own.calendar = place.ancestor_code
    order by place.region_code, place.depth;
    delete from working_day;
    insert into working_day (calendar, day, working, n, provisional, name, n_least, n_most, n_named)
    with own as (select distinct calendar from workday),
    layer as (
        select calendar, calendar as below, -1 as depth from own
        union all
        select own.calendar, below.calendar, place.depth from own
        join region_path place on place.region_code = own.calendar join own below on below.calendar = place.ancestor_code
        union all
        select calendar, 'CN', 99 from own where calendar ~ '^\d{12}$'),
    told as (
        select distinct on (layer.calendar, day.day) layer.calendar, day.day, day.working, coalesce(day.provisional, false) as provisional,
            coalesce(day.settled, not day.provisional, true) as settled,
            coalesce(day.name, case when day.working <> (extract(isodow from day.day) < 6) then '' end) as name
        from layer join workday day on day.calendar = layer.below and day.day is not null and day.working is not null
        order by layer.calendar, day.day, layer.depth)
    select calendar, day, working, sum(working::int) over before, provisional, name,
        sum((working and settled)::int) over before, sum((working or not settled)::int) over before, count(name) over before
    from told window before as (partition by calendar order by day);
end $$;

create function store.count_local_days() returns void language plpgsql security definer set search_path = store, pg_temp as $$
begin
    if exists (select from workday where calendar <> 'CN') then
        perform count_working_days();
    end if;
end $$;

grant select, insert, update, delete on store.region_calendar to aidwatch_worker;
grant select on facts.region_calendar to aidwatch_worker, rule_reader, aidwatch_console;
revoke execute on function store.count_local_days() from public;
grant execute on function store.count_local_days() to aidwatch_worker;
select store.count_working_days();
