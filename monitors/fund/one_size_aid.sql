/*---
code     = "F16"
version  = 1
title    = { zh = "临时救助平均化", en = "One-size temporary aid" }
basis    = ["民发〔2018〕23号 二(三)（分类分档救助）"]
subject  = "region_month"
to       = "U"
scope    = "all"
needs    = ["payment"]
why      = { zh = "临时救助应当按困难程度分类分档；大家领一样的数，就没有看过谁更难。", en = "Temporary aid is to follow need; where everybody gets the same, nobody looked at who needs more." }
remedy   = { zh = "抽查当月案卷，看金额怎样定的；没有分档标准的，制定标准。", en = "Look into the month's files how amounts were set; where there are no grades, set them." }
blind_to = { zh = "当月不足十笔的不判断；当地标准本来就只有一档的会误报；只看最近一年。定时统计。", en = "Silent below ten lines a month; places that have one grade only are noticed as well; the last year only. Counted by the clock." }
says     = { zh = "{pay_period} 临时救助 {lines} 笔，其中 {modal_lines} 笔同为 {modal_fen}（{percent}%），{round_lines} 笔是 500 元的整倍数。", en = "{lines} lines of temporary aid in {pay_period}: {modal_lines} of {modal_fen} each ({percent} %), {round_lines} multiples of 500 yuan." }
clears   = { zh = "更正发放记录。", en = "Wrong payments are corrected." }

[params]
limit = 60          # per cent of the same amount
round_percent = 95  # per cent of multiples of 500 yuan
least = 10          # lines

[override_by]
region = "month.region_code"
on = "month.first_on"

[touches]
payment = "*"
region = "*"
unit = "*"
---*/
select
    month.region_code || '/temporary_aid/' || month.period as subject_key, '' as item,
    cast(month.first_on + interval '1 month' as timestamp) at time zone 'Asia/Shanghai' as notice_at, month.region_code, (
        select substring(min(cast(100 + place.depth as text) || unit.unit_code), 4) from facts.unit unit
        join facts.region_path place on place.ancestor_code = unit.region_code
        where unit.kind = 'county_civil_affairs' and place.region_code = month.region_code
    ) as unit_code,
    month.period as pay_period, month.lines, month.modal_lines, month.modal_fen, month.round_lines,
    cast(round(100.0 * month.modal_lines / month.lines, 1) as double precision) as percent
from facts.aid_month month
where month.period > (select to_char(max(newest.first_on) - interval '12 months', 'YYYY-MM') from facts.newest_month newest where newest.programme = 'temporary_aid')
    and month.lines >= :least and (month.modal_lines * 100 > :limit * month.lines or month.round_lines * 100 > :round_percent * month.lines)
