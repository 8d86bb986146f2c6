-- 0014 scope: what somebody who looks may see, bound to the transaction and enforced by the database
-- Phase: with the code.
-- A scope is a set of half-open ranges on store.region_order, set per transaction by `access.see_as`; unset: no rows.
create function access.ranges() returns int4multirange language sql stable as
$$ select coalesce(nullif(current_setting('aidwatch.ranges', true), ''), '{}')::int4multirange $$;
create function access.everywhere() returns boolean language sql stable as
$$ select access.ranges() @> '{(,)}'::int4multirange $$;
create function access.unit() returns text language sql stable as
$$ select nullif(current_setting('aidwatch.unit', true), '') $$;
create view access.here as               -- the regions of the scope
    select region_code from store.region_order where access.ranges() @> from_n;

-- Findings: row-level security. One without a region is seen from everywhere only; one of several regions from each.
alter table watch.finding enable row level security;
create policy machine on watch.finding to aidwatch_worker using (true) with check (true);
create policy people on watch.finding to aidwatch_console using (
    ((select access.everywhere())
        or region_code in (select region_code from access.here)
        or finding_id in (select r.finding_id from watch.finding_region r where r.region_code in (select region_code from access.here)))
    and ((select access.unit()) is null or unit_code = (select access.unit())));
alter table watch.finding_event enable row level security;
create policy machine on watch.finding_event to aidwatch_worker using (true) with check (true);
create policy people on watch.finding_event to aidwatch_console using (
    ((select access.everywhere()) and (select access.unit()) is null)
    or exists (select from watch.finding f where f.finding_id = finding_event.finding_id)) with check (true);
alter table watch.finding_region enable row level security;
create policy machine on watch.finding_region to aidwatch_worker using (true) with check (true);
create policy people on watch.finding_region to aidwatch_console using (
    (select access.everywhere()) or region_code in (select region_code from access.here));
alter view watch.finding_shown set (security_invoker = true);

-- Records and events: COPY does not go into a table with row-level security, so people read them through these views
-- and have no right on what lies behind (docs/decisions/0008). The condition is checked before any other.
create schema seen;
create view seen.household with (security_barrier) as select * from facts.household t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.application with (security_barrier) as select * from facts.application t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.benefit with (security_barrier) as select * from facts.benefit t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.payment with (security_barrier) as select * from facts.payment t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.payment_batch with (security_barrier) as select * from facts.payment_batch t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.project with (security_barrier) as select * from facts.project t
    where (select access.everywhere()) or t.region_code in (select region_code from access.here);
create view seen.household_member with (security_barrier) as select * from facts.household_member t
    where (select access.everywhere()) or exists (select from seen.household h where h.household_id = t.household_id);
create view seen.stage with (security_barrier) as select * from facts.stage t
    where (select access.everywhere()) or exists (select from seen.application a where a.application_id = t.application_id);
create view seen.income_check with (security_barrier) as select * from facts.income_check t
    where (select access.everywhere()) or exists (select from seen.application a where a.application_id = t.application_id);
create view seen.person with (security_barrier) as select * from facts.person t
    where (select access.everywhere()) or exists (select from seen.household_member m where m.person_id = t.person_id)
        or exists (select from seen.benefit b where b.person_id = t.person_id)
        or exists (select from seen.payment p where p.payee_person_id = t.person_id);
create view seen.account with (security_barrier) as select * from facts.account t
    where (select access.everywhere()) or exists (select from seen.payment p where p.account_key = t.account_key);
create view seen.register with (security_barrier) as select * from facts.register t
    where (select access.everywhere()) or exists (select from seen.person p where p.person_key = t.person_key);
create view seen.service_order with (security_barrier) as select * from facts.service_order t
    where (select access.everywhere()) or exists (select from seen.project p where p.project_id = t.project_id);
create view seen.survey_response with (security_barrier) as select * from facts.survey_response t
    where (select access.everywhere()) or exists (select from seen.project p where p.project_id = t.project_id);
-- An event is seen with the record it is about; one of a record that is gone, or of another kind, from everywhere only.
create view seen.event with (security_barrier) as select * from ledger.event t
    where (select access.everywhere()) or case t.entity
        when 'household' then exists (select from seen.household r where r.household_id = t.key)
        when 'household_member' then exists (select from seen.household_member r where r.member_id = t.key)
        when 'application' then exists (select from seen.application r where r.application_id = t.key)
        when 'stage' then exists (select from seen.stage r where r.stage_id = t.key)
        when 'income_check' then exists (select from seen.income_check r where r.check_id = t.key)
        when 'benefit' then exists (select from seen.benefit r where r.benefit_id = t.key)
        when 'payment' then exists (select from seen.payment r where r.payment_id = t.key)
        when 'payment_batch' then exists (select from seen.payment_batch r where r.batch_id = t.key)
        when 'person' then exists (select from seen.person r where r.person_id = t.key)
        when 'account' then exists (select from seen.account r where r.account_id = t.key)
        when 'register' then exists (select from seen.register r where r.record_id = t.key)
        when 'project' then exists (select from seen.project r where r.project_id = t.key)
        when 'service_order' then exists (select from seen.service_order r where r.order_id = t.key)
        when 'survey_response' then exists (select from seen.survey_response r where r.response_id = t.key)
        else t.entity in ('provider', 'region', 'unit') end;

revoke select on all tables in schema facts from aidwatch_console;
grant select on facts.region, facts.region_path, facts.unit, facts.feed, facts.parameter, facts.stage_order, facts.working_day,
    facts.source_state, facts.provider to aidwatch_console;
revoke select on ledger.event from aidwatch_console;
grant usage on schema seen to aidwatch_console;
grant select on all tables in schema seen to aidwatch_console;
grant select on access.here to aidwatch_console;
grant execute on function access.ranges(), access.everywhere(), access.unit() to aidwatch_console;
