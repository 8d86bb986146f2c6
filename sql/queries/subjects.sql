-- name: application
select application_id as key from store.application
-- name: household
select household_id as key from store.household where to_at is null
-- name: person
select person_key as key from store.identity
-- name: account
select account_key as key from store.payment where account_key is not null
-- name: benefit
select benefit_id as key from store.benefit where to_at is null
-- name: payment_batch
select batch_id as key from store.payment_batch
-- name: project
select project_id as key from store.project
-- name: provider
select provider_id as key from store.provider
-- name: unit
select unit_code as key from store.unit
-- name: staff
select staff_id as key from store.staff where to_at is null
-- name: feed
select feed_id as key from store.feed
-- name: finding
select finding_id as key from watch.finding
-- name: region_month
select region_code as key from store.region
