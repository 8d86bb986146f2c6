"""Codes of the contract as words on the screen. Every word here is in both catalogues.

One file, though long: it is tables of words.
"""

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
WAITS = {  # what comes next
    "assess": _("to be assessed"), "reply": _("waits for a reply"), "verify": _("waits to be verified"),
    "correct": _("waits for correction"), "close": _("waits to be closed"),
}  # fmt: skip
DUE = {
    "late": _("late"), "today": _("due today or late"), "week": _("due within 7 days or late"),
    "kept": _("answered and corrected in time"), "missed": _("answered or corrected late"),
}  # fmt: skip
ADDRESSED = {"U": _("unit"), "S": _("a point to verify"), "D": _("owner of the data"), "P": _("provider")}
LOOP = {
    "needs": _("Needs survey"), "midterm": _("Mid-term evaluation"), "final": _("Final evaluation"), "feedback": _("After-care feedback"),
}  # fmt: skip
LOOP_STATE = {
    "late": _("missing or too late"), "due": _("due now"), "ahead": _("not yet due"), "done": _("done"), "spared": _("not required"),
    "unknown": _("unknown"),
}  # fmt: skip
PROJECT_LIST = {
    "all": _("All projects"), "running": _("Projects under contract today"), "step-late": _("Projects with a step missing or too late"),
    "too-few": _("Projects with too few answers to judge"), "below-half": _("Projects with satisfaction below 50 %"),
    "below-target": _("Projects with satisfaction from 50 % to 80 %"), "content": _("Projects with satisfaction of 80 % or more"),
    "satisfaction-unknown": _("Projects whose satisfaction no source reports"), "paid-ahead": _("Projects paid ahead of delivery"),
    "in-step": _("Projects paid in step with delivery"), "delivery-unknown": _("Projects of which delivery or payment is unknown"),
    "suspicious": _("Projects with findings that hold"), "answers": _("Valid answers"), "orders": _("Services delivered"),
    "orders-signed": _("Services delivered and confirmed by signature"), "payments": _("Payments to projects"), "providers": _("Providers"),
    "providers-barred": _("Providers barred today"),
}  # fmt: skip
MONEY = {  # monitors.indicators.reconciliation: what is reconciled, and the classes of its differences
    "decided": _("Decided for the month"), "listed": _("In payment lists"), "paid": _("Paid by the bank"), "owed": _("Owed to citizens"),
    "unknown": _("Not compared"),
    "unlisted": _("Decided, left off a closed list"), "unlisted_yet": _("Decided, list not closed yet"),
    "listed_less": _("Listed with less than decided"), "listed_more": _("Listed with more than decided"),
    "undecided": _("Listed without a decision"), "after_end": _("Listed after the benefit ended"),
    "paid_twice": _("Paid twice for one month"), "listed_again": _("Listed again"), "arrears": _("Arrears beside the regular line"),
    "adjustment": _("Adjustment"), "no_answer": _("No answer of the bank yet"), "returned": _("Returned, not paid again"),
    "repaid": _("Returned, paid again"), "reversed": _("Taken back: reversed, or returned where nothing was due"),
}  # fmt: skip
FUND_LIST = {  # lists of page Funds that are not classes of the above
    "deviation": _("All deviations, too little and too much"), "returned-long": _("Returned more than 30 working days ago"),
    "returned-late": _("Returned 11 to 30 working days ago"), "returned-intime": _("Returned, still in time"),
    "returned-unknown": _("Returned, working days unknown"), "batches": _("Payment lists"),
    "batches-off": _("Payment lists that differ from their head"), "recovered": _("Recovered"), "prevented": _("Prevented"),
    "budgets": _("Budget lines"), "hints-months": _("Months far from the months before"), "hints-aid": _("Temporary aid of one size"),
    "hints-digits": _("First digits of temporary aid"),
}  # fmt: skip
DIGITS = {  # monitors.indicators.digits
    "close": _("close to the expected shares"), "acceptable": _("acceptably close"), "marginal": _("marginal"),
    "off": _("far from the expected shares"),
    "few": _("cannot be judged: fewer than 300 amounts"), "narrow": _("cannot be judged: amounts lie too close together"),
}  # fmt: skip
EFFECT = {  # what the exclusion matrix says of two programmes
    "exclusive": _("Exclusive"), "top_up": _("Topped up, or the higher one"), "coexist": _("May stand side by side"),
    "open": _("No rule decides"),
}  # fmt: skip
EXECUTION = {  # monitors.indicators.budget
    "overrun": _("over the budget"), "over": _("projected over the budget"), "under": _("projected far below the budget"),
    "in_order": _("within the budget"), "unknown": _("unknown"),
}  # fmt: skip
CHANNEL = {
    "sms": _("SMS"), "popup": _("pop-up"), "phone": _("phone call"), "visit": _("visit at home"), "form": _("paper form"),
    "unknown": _("unknown"),
}  # fmt: skip
PHASE = {"midterm": _("mid-term"), "final": _("final"), "instant": _("on the spot")}
CLUE = {
    "top5_index": _("Top 5 % of the difficulty index"), "low_income": _("Income below twice the standard"),
    "self_report": _("Reported by the household"), "hotline": _("Hotline"), "grid": _("Found by the community grid"),
    "referral": _("Referral"), "untold": _("Kind not told"),
}  # fmt: skip
CLUE_STATE = {
    "long": _("no follow-up, twice overdue"), "late": _("no follow-up, overdue"), "waiting": _("waiting, within the time"),
    "answered": _("followed up in time"), "answered-late": _("followed up late"), "unknown": _("unknown"),
}  # fmt: skip
COLOUR = {"red": _("Red: high risk"), "orange": _("Orange: priority"), "yellow": _("Yellow: general"), "untold": _("No colour told")}
VISIT_STATE = {
    "long": _("twice overdue"), "late": _("overdue"), "due": _("due soon"), "kept": _("kept"), "unknown": _("frequency unknown"),
}  # fmt: skip
VISIT_KIND = {"outreach": _("outreach"), "quarterly_check": _("quarterly check"), "review": _("review"), "care": _("care visit")}
GONE = {"refused": _("Refused"), "exited": _("Exited")}
CHECK_STATE = {
    "long": _("two quarters without a check"), "late": _("a quarter without a check"), "due": _("due this quarter"),
    "checked": _("checked this quarter"), "ahead": _("due from next quarter"), "unknown": _("unknown"),
}  # fmt: skip
RANGE = {
    "24h": _("Today"), "7d": _("Last 7 days"), "30d": _("Last 30 days"), "90d": _("Last 90 days"),
    "365d": _("Last 365 days"), "month": _("This month"),
}  # fmt: skip
STEP = {  # what happened to a finding
    "opened": _("Opened"), "card": _("Card changed"), "refreshed": _("Values changed"), "cleared": _("Cleared by itself"),
    "returned": _("Returned"), "acknowledge": _("Acknowledged"), "hand_over": _("Handed over"), "dismiss": _("Dismissed"),
    "tell": _("Person concerned told"), "explain": _("Explanation heard"), "reply": _("Replied"), "send_back": _("Sent back"),
    "verify": _("Verified"), "rectify": _("Correction reported"), "rectify_again": _("Correction sent back"), "close": _("Closed"),
    "remind": _("Reminded"), "annotate": _("Note"), "reopen": _("Reopened"),
    "silence": _("Silenced"), "end_silence": _("Silence ended"), "letter": _("Letter issued"),
}  # fmt: skip
DO = {  # what somebody may do about it
    "acknowledge": _("Acknowledge"), "hand_over": _("Hand over"), "dismiss": _("Dismiss"), "tell": _("Note that the person was told"),
    "explain": _("Note the explanation"), "reply": _("Reply"), "send_back": _("Send back"), "verify": _("Verify"),
    "rectify": _("Report the correction"), "rectify_again": _("Send the correction back"), "close": _("Close"), "remind": _("Remind"),
    "annotate": _("Add a note"), "reopen": _("Reopen"), "silence": _("Silence"), "end_silence": _("End the silence"),
}  # fmt: skip
DO_ADVICE = {
    "acknowledge": _("You have seen it; nothing is decided by that."),
    "hand_over": _("The unit sees it at once and answers until the date."),
    "dismiss": _("No finding after all. It is kept, with your reason, and counts against the rule."),
    "silence": _("It leaves the work lists until the date and comes back by itself, at once if the card turns red."),
    "tell": _("Say how and when the person concerned was told. They have 10 working days to explain."),
    "reply": _("Say what was found, what was done, and what the person concerned said."),
    "verify": _("What the papers and the visit show, not what the rule supposed."),
    "close": _("The data is checked before: what was confirmed must be corrected."),
}
OUTCOME = {"true": _("Confirmed"), "not_true": _("Not confirmed"), "data_problem": _("Wrong data"), "exempt": _("Exempt from blame")}
LETTER = {"advice": _("Proposal of supervision"), "rectify": _("Notice to correct")}
SEX = {"M": _("male"), "F": _("female")}
SAME = {"same": _("one human"), "different": _("two humans"), "undecided": _("open again")}
DECIDE = {"same": _("They are one human: merge"), "different": _("They are two humans"), "undecided": _("Undo: open again")}
DECIDE_ADVICE = {
    "same": _("Both numbers will stand for one human; rules look at the person anew. It can be undone."),
    "different": _("The pair leaves the queue; if they were merged, they are two again."),
    "undecided": _("The pair goes back into the queue; if they were merged, they are two again."),
}  # fmt: skip
COMPARED = {
    "name": _("Name"), "id_number": _("ID number"), "birth_date": _("Birth date"), "sex": _("Sex"), "home": _("Phone and place"),
}  # fmt: skip
LIKENESS = {  # levels of monitors/linkage/examples/persons.toml
    "exact": _("the same"), "variant": _("variant character"), "same_sound": _("sounds the same"), "look_alike": _("looks alike"),
    "transposed": _("characters exchanged"), "near_sound": _("sounds alike"), "damerau 1": _("one slip"), "damerau 2": _("two slips"),
    "both valid": _("two valid numbers"), "last digits": _("last digits differ"), "area and birth date": _("area and birth date agree"),
    "year": _("year of birth"), "phone and address": _("phone and address"), "phone": _("phone"), "address": _("address"),
    "village": _("village"), "township": _("township"), "county": _("county"), "else": _("different"), "unknown": _("unknown"),
}  # fmt: skip
FOUND = {
    "confirmed": _("confirmed"), "lifted": _("not confirmed, wrong data or exempt"), "unfounded": _("not confirmed, or wrong data"),
    "verified": _("verified, whatever was found"), "undecided": _("not decided yet"),
}  # fmt: skip
DONE = {"handed_over": _("handed over"), "corrected": _("corrected")}
EXEMPT = {
    "procedure_whole": _("Procedure complete, the data could not be had then"), "concealed": _("The applicant concealed it"),
    "data_late": _("The data came late"), "policy_unclear": _("The rules were unclear"), "aid_first": _("Help was given first"),
    "system_error": _("False alarm of the system"),
}  # fmt: skip
DISMISS = {
    "explained_by_rule": _("Lawful as it is"), "known_already": _("Handled elsewhere already"),
    "system_error": _("False alarm of the system"), "data_problem": _("Wrong data"),
}  # fmt: skip
SILENCE = {
    "awaiting_policy": _("The rules are being clarified"), "system_change": _("A system is being changed"),
    "handled_elsewhere": _("Another office is dealing with it"),
}  # fmt: skip
REASON = {**EXEMPT, **DISMISS, **SILENCE, "past_fact": _("What happened cannot be undone")}
REFUSED = (  # monitors.lifecycle.REFUSALS
    _("Who handed a finding over does not confirm it: ask a colleague."),
    _("A red card, or what was confirmed, is closed by somebody else than who verified it."),
    _("A red card is not dismissed by one person: verify it, and let a colleague close it."),
    _("The person concerned must be told and have 10 working days to explain, or have explained, before this is confirmed."),
    _("The data still shows it. It can be closed when it is corrected, or as a past fact that cannot be undone."),
    _("A source this rule needs is late: whether it is corrected cannot be known now."),
    _("The correction has not been reported yet."), _("This has been done already."), _("This finding is not about a citizen."),
    _("Only what was confirmed has to be corrected."), _("A red card cannot be silenced."), _("This finding is not silenced."),
    _("This rests on one register: say what it was verified against (a second source, a visit, a paper) before it is confirmed."),
)  # fmt: skip
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
    "workday": _("Working day"), "exclusion": _("Exclusion"), "prescribed_path": _("Prescribed path"), "feed": _("Source"),
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
TOPIC = {  # what somebody is told
    "cards": _("new and rising cards"), "tasks": _("what a unit is asked, reminders, letters"),
    "answers": _("replies and corrections"), "escalations": _("cards nobody acknowledged, answered or verified"),
}  # fmt: skip
ACT = {  # what the trail tells
    "signed_in": _("signed in"), "signed_out": _("signed out"), "refused": _("refused"), "locked": _("refused, locked"),
    "unlocked": _("unlocked"), "password_changed": _("changed the password"), "second_factor_set": _("set a second factor"),
    "account_added": _("made an account"), "account_changed": _("changed an account"), "account_disabled": _("disabled an account"),
    "channel_added": _("made a notification"), "channel_removed": _("took a notification away"),
    "account_enabled": _("enabled an account"), "account_reset": _("reset an account"),
    "searched": _("searched by a clear value"), "sample_drawn": _("drew a sample"),
    "exported": _("took a file"), "evidence_taken": _("took an evidence package"),
    "revealed": _("looked at a clear value"), "erased": _("erased a person"), "retention": _("removed what was over its time"),
    "retention_set": _("set a period of retention"),
    "limit_proposed": _("proposed a limit"), "limit_accepted": _("accepted a limit"), "limit_refused": _("refused a limit"),
    "pair_same": _("took two records for one person"), "pair_different": _("took two records for two people"),
    "pair_undecided": _("opened a pair again"),
    "letter_sent": _("sent a refused record again"), "letter_set_aside": _("set a refused record aside"),
}  # fmt: skip
KEPT = {  # kinds of data with a period (access.retention)
    "trail": _("lines of the trail"), "reveal": _("reveals"), "look_up": _("searches by a clear value"), "dead_letter": _("refused events"),
    "audit_run": _("audit results"), "session": _("sessions"), "event_id": _("ids of events"), "clear_value": _("clear values"),
}
OUTCOME_OF_LETTER = {  # how a refused record was closed
    "accepted": _("Taken in"), "repeated": _("Known already"), "set_aside": _("Set aside"),
}
TRIAL = {  # why a trial has no result, or not yet
    "queued": _("waits"), "running": _("being worked out"), "lost": _("It was lost with its job after an hour. Try again."),
    "refused": _("The rule or a value no longer fits, or the database refused the question. Look at the rule, then try again."),
    "too_slow": _("One piece took longer than a rule may take. Try values that let it find less."),
    "stopped": _("The job was stopped. Try again; if it stays, the log of the jobs says why."),
}  # fmt: skip
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
STEP_OF_CASE = {**STAGE_CODE, "WHOLE": _("Acceptance to decision")}  # what a length is told of
MEASURE = {"median": _("Median"), "p90": _("P90"), "late": _("Share late")}
LEFT = {  # how long a limit still runs
    "late": _("past the limit"), "today": _("ends today"), "soon": _("1–3 working days left"), "later": _("4–10 working days left"),
    "far": _("more than 10 working days left"),
}  # fmt: skip
WAITING = {  # monitors.indicators.waiting
    "work": _("worked on"), "office": _("waits for an office"), "publicity": _("publicity"), "applicant": _("waits for the applicant"),
}
VALUE = {  # codes of events that no rule speaks of; the rest is in monitors.words
    "bank": _("by bank"), "cash": _("in cash"), "difference": _("difference method"), "tier": _("by tiers"),
    "done": _("done"), "planned": _("planned"),
    "cancelled": _("cancelled"), "sms": _("by text message"), "popup": _("by pop-up"), "phone": _("by telephone"),
    "visit": _("by a visit"), "form": _("by form"), "hukou": _("household registration"), "pension": _("pension"),
    "social_insurance": _("social insurance"), "housing_fund": _("housing fund"), "vehicle": _("vehicle"),
    "business": _("business"), "unemployment": _("unemployment benefit"), "tax": _("tax"), "payroll": _("payroll"),
    "school": _("school"), "border": _("border crossing"), "marriage": _("marriage"),
    "spouse": _("spouse"), "parent": _("parent"), "child": _("child"), "sibling": _("sibling"), "grandparent": _("grandparent"),
    "grandchild": _("grandchild"), "disability_certificate": _("disability certificate"), "financial_asset": _("financial assets"),
}  # fmt: skip


def word(table: dict[str, str], code: str | None) -> str:
    """Return the word for a code, the code itself where no word is known (never nothing)."""
    return t(table[code]) if code in table else (code or "")


def value(code: str) -> str:
    """Return the word for a code that may stand in an event or in evidence, the code itself where none is known."""
    return in_sentences(code, language()) or (t(VALUE[code]) if code in VALUE else code)
