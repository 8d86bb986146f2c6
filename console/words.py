"""Codes of the contract as words on the screen. Every word here is in both catalogues."""

from console.i18n import language, t
from console.i18n import marked as _
from monitors.words import word as in_sentences

CARD = {"red": _("Red card"), "yellow": _("Yellow card"), "notice": _("Notice"), "cleared": _("Cleared")}
CARD_SHORT = {"red": _("red"), "yellow": _("yellow"), "notice": _("notice"), "cleared": _("cleared")}
SHAPE = {
    "red": "■",
    "yellow": "▲",
    "notice": "●",
    "cleared": "○",
}  # a shape beside each colour: prints in black and white
STAGE = {
    "open": _("To be assessed"), "assigned": _("Handed over"), "replied": _("Replied"), "verified": _("Verified"),
    "closed": _("Closed"), "dismissed": _("Dismissed"),
}  # fmt: skip
PROGRAMME = {
    "dibao": _("Minimum living allowance"), "tekun": _("Extreme-poverty support"),
    "dibao_margin": _("Low-income margin"), "rigid_expense": _("Hardship by expenses"),
    "temporary_aid": _("Temporary aid"), "orphan": _("Orphans"), "unsupported_child": _("Unsupported children"),
    "disability_living": _("Disability living subsidy"), "disability_care": _("Disability care subsidy"),
    "old_age": _("Old-age allowance"),
}  # fmt: skip
SUBJECT = {
    "application": _("Application"), "household": _("Household"), "person": _("Person"), "account": _("Bank account"),
    "benefit": _("Benefit"), "payment_batch": _("Payment batch"), "project": _("Project"), "provider": _("Provider"),
    "unit": _("Unit"), "staff": _("Staff member"), "region_month": _("Region and month"), "feed": _("Source"),
    "finding": _("Finding"),
}  # fmt: skip
FAMILY = {
    "timeliness": _("Timeliness"), "procedure": _("Procedure"), "duplicate": _("Duplicates"),
    "duplicates": _("Duplicates"), "eligibility": _("Eligibility"), "fund": _("Funds"), "funds": _("Funds"),
    "project": _("Projects"), "projects": _("Projects"), "outreach": _("Outreach"), "commitment": _("Commitment"),
    "data-quality": _("Data quality"), "data_quality": _("Data quality"), "quality": _("Data quality"),
}  # fmt: skip
ADDRESSEE = {
    "U": _("The unit and its handler answer."),
    "S": _("A point to verify: no effect on anybody before people have checked it."),
    "D": _("The owner of the data answers."),
    "P": _("The provider answers, through the buyer of the service."),
}
RANGE = {
    "24h": _("Today"), "7d": _("Last 7 days"), "30d": _("Last 30 days"), "90d": _("Last 90 days"),
    "365d": _("Last 365 days"),
}  # fmt: skip
STEP = {
    "opened": _("Opened"), "card": _("Card changed"), "refreshed": _("Values changed"), "cleared": _("Cleared by itself"),
    "returned": _("Returned"), "assigned": _("Handed over"), "replied": _("Replied"), "verified": _("Verified"),
    "closed": _("Closed"), "dismissed": _("Dismissed"), "sent_back": _("Sent back"),
}  # fmt: skip
ENTITY = {
    "region": _("Region"), "unit": _("Unit"), "staff": _("Staff member"), "person": _("Person record"),
    "kinship": _("Kinship"), "household": _("Household"), "household_member": _("Household member"),
    "application": _("Application"), "stage": _("Step"), "benefit": _("Benefit"), "standard": _("Standard"),
    "income_check": _("Income check"), "payment_batch": _("Payment batch"), "tier": _("Tier"), "payment": _("Payment"),
    "account": _("Bank account"), "budget": _("Budget"), "fund_transfer": _("Fund transfer"), "provider": _("Provider"),
    "project": _("Project"), "project_payment": _("Project payment"), "bid": _("Bid"), "provider_bar": _("Bar"),
    "service_order": _("Service order"), "survey_response": _("Survey answer"), "visit": _("Visit"), "clue": _("Clue"),
    "complaint": _("Complaint"), "credit_record": _("Credit record"), "register": _("Register record"),
    "recovery": _("Recovery"), "access": _("Look-up"), "parameter": _("Parameter"), "deadline": _("Deadline"),
    "workday": _("Working day"), "exclusion": _("Exclusion"), "feed": _("Source"),
}  # fmt: skip
ROLE = {
    "supervisor": _("Supervisor"), "auditor": _("Auditor"), "leader": _("Leader"), "rule_owner": _("Rule owner"),
    "unit_handler": _("Unit handler"), "system_admin": _("System administrator"),
    "security_admin": _("Security administrator"), "audit_admin": _("Audit administrator"),
}  # fmt: skip
ACCOUNT_FAULTS = (  # the templates of sql.accounts
    _("There is an account {name} already: change it, or choose another name."), _("There is no account {name}."),
    _("{name} is no account name: use 2 to 32 small letters, digits, dots, underscores or hyphens, a letter first."),
    _("Give at least one of these roles: {roles}."), _("A unit handler answers the cards of one unit: name it."),
    _("An administrator has one role and no other: system, security and audit are kept apart from each other and from the work."),
    _("{code} is no region we know: give a 12-digit code of the region tree, or * for all."),
)
SECRET = {"id_number": _("ID number"), "name": _("Name"), "phone": _("Phone"), "account": _("Bank account")}
PURPOSE = {  # why somebody looks at a clear value
    "verify": _("to verify this finding"), "inquiry": _("to answer an inquiry"), "audit": _("for an audit"),
    "other": _("for another reason"),
}  # fmt: skip
ACT = {  # what the trail tells
    "signed_in": _("signed in"), "signed_out": _("signed out"), "refused": _("refused"), "locked": _("refused, locked"),
    "unlocked": _("unlocked"), "password_changed": _("changed the password"), "second_factor_set": _("set a second factor"),
    "account_added": _("made an account"), "account_changed": _("changed an account"), "account_disabled": _("disabled an account"),
    "account_enabled": _("enabled an account"), "account_reset": _("reset an account"),
    "revealed": _("looked at a clear value"), "erased": _("erased a person"), "retention": _("removed what was over its time"),
    "retention_set": _("set a period of retention"),
}  # fmt: skip
KEPT = {  # kinds of data with a period (access.retention)
    "trail": _("lines of the trail"), "reveal": _("reveals"), "look_up": _("searches by number"), "dead_letter": _("refused events"),
    "audit_run": _("audit results"), "session": _("sessions"), "event_id": _("ids of events"), "clear_value": _("clear values"),
}
STAGE_CODE = {
    "APPLY": _("Applied"), "SUPPLEMENT_NOTICE": _("Supplement asked for"), "ACCEPT": _("Accepted"),
    "REJECT_ACCEPT": _("Not accepted"), "SURVEY_START": _("Survey begun"), "VISIT": _("Home visit"),
    "CHECK_REQUEST": _("Income check requested"), "CHECK_START": _("Income check begun"),
    "CHECK_REPORT": _("Income check reported"), "OPINION": _("Township opinion"),
    "PUBLICITY_START": _("Publicity begun"), "PUBLICITY_END": _("Publicity ended"), "OBJECTION": _("Objection"),
    "REVIEW": _("Review"), "COUNTY_RECEIVE": _("Received by the county"), "COUNTY_VISIT": _("County visit"),
    "DECIDE": _("Decided"), "NOTICE": _("Applicant notified"), "PUBLISH": _("Result published"),
    "EXTEND": _("Extended"), "PAUSE": _("Clock stopped"), "RESUME": _("Clock resumed"),
    "PAPERS_DONE": _("Papers complete"), "FIRST_PAYMENT": _("First payment"), "POST_CHECK": _("Later check"),
    "ASSESSMENT_REQUEST": _("Assessment requested"), "ASSESSMENT": _("Assessed"), "WITHDRAW": _("Withdrawn"),
}  # fmt: skip
VALUE = {  # codes of events that no rule speaks of; the rest is in monitors.words
    "bank": _("by bank"), "cash": _("in cash"), "difference": _("difference method"), "tier": _("by tiers"),
    "income": _("income"), "property": _("property"), "voluntary": _("voluntary"), "moved": _("moved"),
    "refused_work": _("refused work"), "other": _("other"), "done": _("done"), "planned": _("planned"),
    "cancelled": _("cancelled"), "sms": _("by text message"), "popup": _("by pop-up"), "phone": _("by telephone"),
    "visit": _("by a visit"), "form": _("by form"), "hukou": _("household registration"), "pension": _("pension"),
    "social_insurance": _("social insurance"), "housing_fund": _("housing fund"), "vehicle": _("vehicle"),
    "business": _("business"), "unemployment": _("unemployment benefit"), "tax": _("tax"), "payroll": _("payroll"),
    "school": _("school"), "border": _("border crossing"), "marriage": _("marriage"),
    "disability_certificate": _("disability certificate"), "financial_asset": _("financial assets"),
}  # fmt: skip


def word(table: dict[str, str], code: str | None) -> str:
    """Return the word for a code, the code itself where no word is known (never nothing)."""
    return t(table[code]) if code in table else (code or "")


def value(code: str) -> str:
    """Return the word for a code that may stand in an event or in evidence, the code itself where none is known."""
    return in_sentences(code, language()) or (t(VALUE[code]) if code in VALUE else code)
