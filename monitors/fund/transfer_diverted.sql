/*---
code     = "F14"
version  = 1
title    = { zh = "挤占挪用", en = "Diversion of funds" }
basis    = ["社会救助暂行办法（国务院令第649号）第5条（专款专用）", "社会救助暂行办法（国务院令第649号）第67条"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["fund_transfer"]
params   = { allowed = ["assistance", "救助", "救助资金", "困难群众救助", "生活补助", "社会救助"] }   # purposes, compared as given
override_by = { region = "transfer.region_code", programme = "transfer.programme", on = "cast(transfer.received_at at time zone 'Asia/Shanghai' as date)" }
why      = { zh = "救助资金专款专用：拨给单位、用于办公用车的每一笔，都是从困难群众的钱里拿走的。", en = "Money for aid is for aid alone: whatever goes to an organisation, an office or a car is taken from those in need." }
remedy   = { zh = "查明去向和依据，追回资金；用途登记有误的，更正登记。", en = "Find where it went and on what ground, and recover it; where the purpose was recorded wrongly, mend the record." }
blind_to = { zh = "只看拨款记录里的收款方类别和用途，看不到支出凭证；收款方和用途都没有报送的不判断；用途按文字比对，各地可自定允许的用途。定时统计。", en = "Sees the kind of payee and the purpose of transfers, no vouchers; silent where neither was sent. Purposes are compared as given, and places may list their own. Counted by the clock." }
says     = { zh = "{programme} 资金 {transferred_fen} 于 {received_at} 拨付，收款方类别 {payee_kind}，用途“{purpose}”。", en = "{transferred_fen} for {programme} was transferred at {received_at} to a payee of kind {payee_kind}, purpose “{purpose}”." }
clears   = { zh = "更正收款方或用途，或登记当地允许的用途。", en = "A wrong payee or purpose corrected, or the purpose set as allowed in that place." }

[touches]
fund_transfer = "*"
unit = "*"
region = "*"
---*/
select
    transfer.region_code || '/' || transfer.programme || '/' || to_char(transfer.received_at at time zone 'Asia/Shanghai', 'YYYY-MM') as subject_key,
    transfer.transfer_id as item, transfer.received_at as red_at, transfer.amount_fen as amount_at_risk_fen, transfer.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_finance' and place.region_code = transfer.region_code
    ) as unit_code,
    transfer.programme, transfer.amount_fen as transferred_fen, transfer.received_at, transfer.payee_kind, transfer.purpose
from facts.fund_transfer transfer
where transfer.received_at >= timestamptz '1900-01-01 00:00:00+00' and transfer.region_code is not null and transfer.programme is not null
    and (transfer.payee_kind in ('organisation', 'other') or coalesce(trim(transfer.purpose), '') <> '' and not trim(transfer.purpose) = any(:allowed))
