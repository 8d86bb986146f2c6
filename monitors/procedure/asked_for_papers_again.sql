/*---
code     = "P15"
version  = 1
title    = { zh = "多次要求补正", en = "Repeated requests for papers" }
basis    = ["民发〔2021〕57号 第10条（一次性告知）"]
subject  = "application"
to       = "U"
why      = { zh = "材料要一次性告知；一次次让群众跑腿，有人就放弃了。", en = "What is missing must be said once and for all; each further errand makes somebody give up." }
remedy   = { zh = "受理或一次性列明全部材料；能从平台取得的不再向群众要。", en = "Accept, or list all that is missing at once; do not ask for what the platform holds." }
blind_to = { zh = "补正告知里没有写明要了什么材料，是否平台可取得无从判断；材料确有新变化的也会计入，由人核实。", en = "A request does not say which papers it asks for, so whether the platform holds them cannot be judged; a truly new need is counted too and is for people to see." }
says     = { zh = "已 {times} 次要求补正，第 {limit_times} 次在 {asked_at}。", en = "Papers were asked for {times} times, the {limit_times}th at {asked_at}." }
clears   = { zh = "更正重复或误录的补正告知；确有多次的，记录保留。", en = "A request recorded twice or by mistake is corrected; what happened stays on record." }

[params]
limit = 2           # times

[override_by]
region = "application.region_code"
programme = "application.programme"
path = "application.path"
on = "cast(request.at at time zone 'Asia/Shanghai' as date)"

[touches]
application = "application_id"
stage = "application_id"
---*/
select
    request.application_id as subject_key, '' as item, request.at as yellow_at,
    application.region_code, application.unit_code, application.programme, application.path,
    request.times, request.place as limit_times, request.at as asked_at
from (
    select
        stage.application_id, stage.at,
        row_number() over (partition by stage.application_id order by stage.at, stage.stage_id) as place,
        count(*) over (partition by stage.application_id) as times
    from facts.stage stage
    where stage.stage_code = 'SUPPLEMENT_NOTICE' and stage.at >= timestamptz '1900-01-01 00:00:00+00'
) request
join facts.application application on application.application_id = request.application_id
where request.place = :limit
