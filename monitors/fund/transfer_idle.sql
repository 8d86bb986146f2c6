/*---
code     = "F13"
version  = 1
title    = { zh = "资金滞留", en = "Transferred money left idle" }
basis    = ["中办发〔2020〕18号 四(四)（严禁滞留、挤占、挪用）"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["fund_transfer", "payment_batch"]
why      = { zh = "救助资金到了县里却迟迟不发，困难群众就一直在等。", en = "Money for aid has arrived in the county and is not paid out: people wait for it." }
remedy   = { zh = "查明未发的原因，尽快造册发放；确需结转的按规定办理。", en = "Find why it was not paid, make the list and pay; what must be carried over follows its rules." }
blind_to = { zh = "看不到账户余额，只看到账后有没有该类别在本地区（含下级）的发放批次；没有报送到账时间、地区或类别的不判断。定时统计。", en = "Sees no balances, only whether a run of the programme followed in the region or below; silent where time, place or programme was not sent. Counted by the clock." }
says     = { zh = "{programme} 资金 {transferred_fen} 于 {received_at} 到账，应在 {limit_on} 前发放；其后首个批次：{first_batch_at}。", en = "{transferred_fen} for {programme} arrived at {received_at} and was to be paid out by {limit_on}; the first run after it: {first_batch_at}." }
clears   = { zh = "在期限内有发放批次，或更正到账记录。逾期发放的，记录保留。", en = "A run within the limit, or a wrong record of the transfer corrected. Paid out later, the finding stays." }

[params]
limit = 30          # calendar days
red_days = 180

[override_by]
region = "came.region_code"
programme = "came.programme"
on = "came.received_on"

[touches]
fund_transfer = "*"
payment_batch = "*"
region = "*"
unit = "*"
---*/
select
    idle.region_code || '/' || idle.programme || '/' || to_char(idle.received_on, 'YYYY-MM') as subject_key, idle.transfer_id as item,
    idle.late_at as yellow_at, case when coalesce(idle.first_batch_at, idle.very_late_at) >= idle.very_late_at then idle.very_late_at end as red_at,
    idle.amount_fen as amount_at_risk_fen, idle.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_finance' and place.region_code = idle.region_code
    ) as unit_code,
    idle.programme, idle.amount_fen as transferred_fen, idle.received_at, idle.limit_on, idle.first_batch_at
from (
    select
        came.*, came.received_on + cast(:limit as int) as limit_on,
        cast(came.received_on + cast(:limit as int) + 1 as timestamp) at time zone 'Asia/Shanghai' as late_at,
        cast(came.received_on + cast(:red_days as int) + 1 as timestamp) at time zone 'Asia/Shanghai' as very_late_at,
        (
            select min(coalesce(batch.approved_at, batch.closed_at)) from facts.payment_batch batch
            where batch.programme = came.programme
                and cast(coalesce(batch.approved_at, batch.closed_at) at time zone 'Asia/Shanghai' as date) >= came.received_on
                and case when batch.region_code <> came.region_code then exists (
                    select 1 from facts.region_path place
                    where place.region_code = batch.region_code and place.ancestor_code = came.region_code) else true end
        ) as first_batch_at
    from (
        select transfer.*, cast(transfer.received_at at time zone 'Asia/Shanghai' as date) as received_on
        from facts.fund_transfer transfer
        where transfer.received_at >= timestamptz '1900-01-01 00:00:00+00' and transfer.region_code is not null and transfer.programme is not null
            and coalesce(transfer.payee_kind, 'payment_account') = 'payment_account'
    ) came
) idle
where coalesce(idle.first_batch_at, timestamptz '9999-12-31 00:00:00+00') >= idle.late_at
