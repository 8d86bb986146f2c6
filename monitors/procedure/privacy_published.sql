/*---
code     = "P03"
version  = 1
title    = { zh = "不当公示泄露隐私", en = "Forbidden or excessive publicity" }
basis    = ["民发〔2021〕57号 第24条", "关于进一步加强事实无人抚养儿童保障工作的意见 二", "个人信息保护法 第28条"]
subject  = "application"
to       = "U"
why      = { zh = "公示是请邻里监督，不是公开隐私；身份证号、病情、账号一旦张贴就收不回来，儿童的困境更不应公开。", en = "Publicity asks neighbours to watch, not to read private matters: a number, an illness or an account once posted cannot be taken back, and a child's need is nobody's news." }
remedy   = { zh = "立即撤下超范围内容，告知本人，排查同批公示；儿童类案件停止公示。", en = "Take the excess down at once, tell the person, look through the notices of the same batch; stop publicity in children's cases." }
blind_to = { zh = "只看系统登记的公示内容，看不出公示栏实际张贴了什么；没有报送公示内容的不判断。", en = "Sees the fields on record, not what hangs on the board; silent where the fields were not sent." }
says     = { zh = "{published_at} {step}：公示了不应公开的内容（{excess}），儿童类案件：{is_child}。", en = "{step} at {published_at}: what must not be shown was shown ({excess}); a child's case: {is_child}." }
clears   = { zh = "更正有误的公示登记；确已公开的，撤下并说明，记录保留。", en = "A wrong record of the publicity is corrected; what was shown stays on record after it is taken down." }

[touches]
application = "application_id"
stage = "application_id"
---*/
-- The first publicity (or publication, article 24) that shows too much; in children's programmes any publicity at all.
select
    publicity.application_id as subject_key, '' as item, publicity.at as red_at,
    publicity.region_code, publicity.unit_code, publicity.programme, publicity.path,
    publicity.stage_id, publicity.stage_code as step, publicity.at as published_at, publicity.excess, publicity.is_child
from (
    select
        shown.*, row_number() over (partition by shown.application_id order by shown.at, shown.stage_id) as place
    from (
        select
            stage.application_id, stage.stage_id, stage.stage_code, stage.at,
            application.region_code, application.unit_code, application.programme, application.path,
            application.programme in ('orphan', 'unsupported_child') and stage.stage_code = 'PUBLICITY_START' as is_child,
            trim(case when 'id_number' = any(stage.published_fields) then 'ID_NUMBER ' else '' end
                || case when 'phone' = any(stage.published_fields) then 'PHONE ' else '' end
                || case when 'address' = any(stage.published_fields) then 'ADDRESS ' else '' end
                || case when 'account' = any(stage.published_fields) then 'ACCOUNT ' else '' end
                || case when 'illness' = any(stage.published_fields) then 'ILLNESS ' else '' end
                || case when 'other' = any(stage.published_fields) then 'OTHER_FIELD' else '' end) as excess
        from facts.stage stage
        join facts.application application on application.application_id = stage.application_id
        where stage.stage_code in ('PUBLICITY_START', 'PUBLISH') and stage.at >= timestamptz '1900-01-01 00:00:00+00'
    ) shown
    where shown.is_child or shown.excess <> ''
) publicity
where publicity.place = 1
