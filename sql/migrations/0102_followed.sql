-- 0102 followed: what came of each clue is made by the clock, beside the visits, not looked for in visits and applications at every look
-- Phase: with the code.
create table watch.followed (clue_id text primary key, followed_at timestamptz not null);   -- the first visit or application after the push
grant select, insert, update, delete on watch.followed to aidwatch_worker;

create or replace view seen.clue with (security_barrier) as    -- followed: answered, visited or applied, whichever came first after the push
select t.*, least(t.responded_at, kept.followed_at) as followed_at
from facts.clue t left join watch.followed kept on kept.clue_id = t.clue_id
where (select access.everywhere()) or t.region_code in (select region_code from access.here);
