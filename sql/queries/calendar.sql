-- name: year
-- The days of one year. Index: primary key of working_day. Budget: 5 ms.
select day, working, provisional from facts.working_day
where calendar = %(calendar)s and day between make_date(%(year)s, 1, 1) and make_date(%(year)s, 12, 31)
order by day
