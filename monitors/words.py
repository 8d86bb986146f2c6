"""Codes that stand in evidence, as words of a sentence: code → (Chinese, English)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
WORDS: Mapping[str, tuple[str, str]] = {
    # steps of an application
    "APPLICATION": ("申请编号", "application"), "APPLY": ("申请", "application"),
    "SUPPLEMENT_NOTICE": ("告知补正", "request for missing papers"), "ACCEPT": ("受理", "acceptance"),
    "REJECT_ACCEPT": ("不予受理", "refusal to accept"), "SURVEY_START": ("启动调查", "start of the investigation"),
    "VISIT": ("入户调查", "home visit"), "CHECK_REQUEST": ("提请核对", "request for verification"),
    "CHECK_START": ("启动核对", "start of verification"), "CHECK_REPORT": ("核对报告", "verification report"),
    "OPINION": ("初审意见", "township opinion"), "PUBLICITY_START": ("公示开始", "start of publicity"),
    "PUBLICITY_END": ("公示结束", "end of publicity"), "OBJECTION": ("异议", "objection"), "REVIEW": ("复核", "review"),
    "COUNTY_RECEIVE": ("县级接收", "receipt by the county"), "COUNTY_VISIT": ("县级入户", "county visit"),
    "DECIDE": ("审核确认", "decision"), "NOTICE": ("告知", "notice to the applicant"), "PUBLISH": ("公布", "publication"),
    "EXTEND": ("延期", "extension"), "PAUSE": ("中止计时", "stop of the clock"), "RESUME": ("恢复计时", "restart of the clock"),
    "PAPERS_DONE": ("手续补齐", "completion of papers"), "FIRST_PAYMENT": ("首次发放", "first payment"),
    "POST_CHECK": ("事后核查", "later check"), "ASSESSMENT_REQUEST": ("提请评估", "request for assessment"),
    "ASSESSMENT": ("评估", "assessment"), "WITHDRAW": ("撤回", "withdrawal"),
    # programmes
    "dibao": ("低保", "minimum living allowance"), "tekun": ("特困供养", "extreme-poverty support"),
    "dibao_margin": ("低保边缘", "low-income margin"), "rigid_expense": ("刚性支出困难", "hardship by expenses"),
    "temporary_aid": ("临时救助", "temporary aid"), "orphan": ("孤儿", "orphans"),
    "unsupported_child": ("事实无人抚养儿童", "unsupported children"),
    "disability_living": ("困难残疾人生活补贴", "disability living subsidy"),
    "disability_care": ("重度残疾人护理补贴", "disability care subsidy"), "old_age": ("高龄津贴", "old-age allowance"),
    # paths and units of limits
    "standard": ("一般程序", "standard path"), "delegated": ("委托下放", "delegated path"),
    "commitment": ("告知承诺", "commitment path"), "emergency": ("急难", "emergency path"),
    "working_day": ("工作日", "working days"), "calendar_day": ("自然日", "calendar days"), "hour": ("小时", "hours"),
    # registers and reasons
    "death": ("死亡", "death"), "cremation": ("火化", "cremation"), "custody": ("服刑羁押", "custody"),
    "drug_isolation": ("强制隔离戒毒", "compulsory isolation"), "hospital": ("住院", "hospital"), "missing": ("失踪", "missing"),
    "vehicle": ("机动车", "vehicles"), "business": ("市场主体", "businesses"), "housing_fund": ("公积金", "housing fund"),
    "social_insurance": ("社会保险", "social insurance"), "pension": ("养老金", "pensions"),
    "unemployment": ("失业", "unemployment"), "tax": ("纳税", "tax"), "payroll": ("财政供养", "public payroll"),
    "school": ("就学", "school"), "border": ("出入境", "border crossings"), "marriage": ("婚姻", "marriages"),
    "disability_certificate": ("残疾人证", "disability certificates"),
    "financial_asset": ("金融资产", "financial assets"), "hukou": ("户籍", "household registration"),
    "disability": ("重度残疾", "severe disability"), "illness": ("重病", "grave illness"),
    "alone": ("孤老", "old age alone"),
    # what a publicity must not show
    "ID_NUMBER": ("身份证号", "ID number"), "PHONE": ("电话", "telephone"), "ADDRESS": ("住址", "address"),
    "ACCOUNT": ("账号", "bank account"), "ILLNESS": ("病情", "illness"), "OTHER_FIELD": ("其他内容", "something else"),
    # what a case may lack, and what may be wrong with its record
    "TWO_PEOPLE": ("两人入户", "a second person"), "VISIT_PAPERS": ("签字或照片", "signature or photo"),
    "REASON": ("理由", "a reason"), "REASON_TEXT": ("写明的理由", "a reason in words"), "LAWFUL_REASON": ("法定理由", "a lawful reason"),
    "COMMITMENT": ("承诺书", "commitment"), "AUTHORISATION": ("授权书", "authorisation"), "DECLARATION": ("申报表", "declaration"),
    "MINUTES": ("会议纪要", "minutes"), "PEOPLE": ("足够的参会人员", "enough people"), "UNITS": ("足够的参会单位", "enough units"),
    "PAUSE_UNLISTED": ("事由不在规定范围", "a reason that is not on the list"), "PAUSE_TOO_LONG": ("中止过久", "stopped for too long"),
    "PAUSE_NEAR_LIMIT": ("临近或超过时限才中止", "stopped close to the limit or after it"),
    "EXTENSION_UNLISTED": ("事由不在法定情形内", "a reason that is not on the list"),
    "EXTENSION_CONTRADICTED": ("事由与记录不符", "a reason the records contradict"),
    "EXTENSION_LATE": ("时限届满后才延期", "extended after the limit had ended"),
    "LATE_ENTRY": ("晚录", "late entry"), "ENTRY_AFTER_CARD": ("告警后补录", "entry after a card"),
    "EDIT_AFTER_DECISION": ("决定后改数", "edit after the decision"),
    # kinship and reasons
    "self": ("本人", "the same person"), "spouse": ("配偶", "spouse"), "parent": ("父母", "parent"), "child": ("子女", "child"),
    "sibling": ("兄弟姐妹", "sibling"), "grandparent": ("祖父母、外祖父母", "grandparent"),
    "grandchild": ("孙子女、外孙子女", "grandchild"),
    "supplement": ("补正材料", "papers to be supplied"), "disaster": ("自然灾害", "a disaster"),
    "income": ("收入", "income"), "property": ("财产", "property"), "voluntary": ("自愿", "own wish"), "moved": ("迁出", "moved away"),
    "refused_work": ("拒绝工作", "refused work"), "other": ("其他", "other"),
    # payments and accounts
    "regular": ("定期", "regular"), "arrears": ("补发", "arrears"), "adjustment": ("调整", "adjustment"),
    "one_off": ("一次性", "one-off"), "submitted": ("已提交", "submitted"), "paid": ("已发放", "paid"),
    "returned": ("退回", "returned"), "reversed": ("冲正", "reversed"),
    "own": ("本人", "own"), "head": ("户主", "head of household"), "guardian": ("监护人", "guardian"),
    "institution": ("机构", "institution"), "agent": ("代办人", "agent"),
    # projects
    "needs": ("需求调查", "needs survey"), "midterm": ("中期", "midterm"), "final": ("终期", "final"), "instant": ("即时", "instant"),
    # complaints
    "complaint_taken_up": ("受理决定", "the decision to take it up"), "complaint_answered": ("书面反馈", "the written answer"),
    # holidays, as a calendar names them
    "元旦": ("元旦", "New Year"), "春节": ("春节", "Spring Festival"), "清明节": ("清明", "Tomb-sweeping Day"),
    "劳动节": ("五一", "Labour Day"), "端午节": ("端午", "Dragon Boat Festival"),
    "中秋节": ("中秋", "Mid-Autumn Festival"), "国庆节": ("国庆", "National Day"),
    "抗战胜利70周年纪念日": ("抗战胜利70周年纪念日", "70th anniversary of victory"),
    # what a rule with several questions found
    "BOTH_PAID": ("机构与个人重复发放", "paid to institution and person"),
    "IN_HOSPITAL": ("长期住院未报告", "long in hospital, not reported"),
    "URBAN_AND_RURAL": ("城乡重复", "urban and rural"), "TWO_CERTIFICATES": ("一户两证", "two certificates"),
    "HUKOU_MOVED": ("户籍迁出", "registered elsewhere"), "HUKOU_CANCELLED": ("户籍注销", "registration closed"),
    "ABROAD": ("长期出境", "long abroad"), "COSTLY_SCHOOL": ("高收费学校", "costly school"), "TRIPS_ABROAD": ("多次出境", "trips abroad"),
    "CADRE_RECEIVES": ("村干部本人在保", "a cadre receives"), "KIN_CONCENTRATED": ("近亲属集中", "many kin"),
    "OVERRUN": ("超预算", "overrun"), "PROJECTED_OVER": ("预计超预算", "projected over"),
    "PROJECTED_UNDER": ("预计执行过慢", "projected under"),
    # answers
    "agree": ("同意", "agreed"), "refuse": ("不同意", "refused"), "urban": ("城镇", "urban"), "rural": ("农村", "rural"),
}  # fmt: skip


def word(code: str, lang: str) -> str | None:
    """Return the word for a code, None where it is no code we know."""
    found = WORDS.get(code)
    return found[lang != "zh"] if found else None
