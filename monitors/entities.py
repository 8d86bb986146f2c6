"""The entities of the event contract 1.0: one definition from which structs, schema and documents come.

A line of ``CONTRACT`` is ``entity: field type, field type, …`` with the key first. Types are the
contract's: id, ts, date, period, fen, bool, code, num, int, str, object, scalar, ``list<…>``,
``enum{a|b}``; ``s:<kind>`` is a sensitive text, which leaves intake only as pseudonym and mask.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

PROGRAMMES = (
    "dibao", "tekun", "dibao_margin", "rigid_expense", "temporary_aid",
    "orphan", "unsupported_child", "disability_living", "disability_care", "old_age",
)  # fmt: skip
STAGE_CODES = (
    "APPLY", "SUPPLEMENT_NOTICE", "ACCEPT", "REJECT_ACCEPT", "SURVEY_START", "VISIT", "CHECK_REQUEST",
    "CHECK_START", "CHECK_REPORT", "OPINION", "PUBLICITY_START", "PUBLICITY_END", "OBJECTION", "REVIEW",
    "COUNTY_RECEIVE", "COUNTY_VISIT", "DECIDE", "NOTICE", "PUBLISH", "EXTEND", "PAUSE", "RESUME",
    "PAPERS_DONE", "FIRST_PAYMENT", "POST_CHECK", "ASSESSMENT_REQUEST", "ASSESSMENT", "WITHDRAW",
)  # fmt: skip
PROGRAMME, STAGE = f"enum{{{'|'.join(PROGRAMMES)}}}", f"enum{{{'|'.join(STAGE_CODES)}}}"

CONTRACT = f"""
region: region_code code, name str, level enum{{province|city|county|township|village}}, parent_code code, urban_rural enum{{urban|rural}}, valid_from date, valid_to date
unit: unit_code id, name str, region_code code, kind enum{{village_committee|township_office|county_civil_affairs|county_finance|payment_bank|disabled_federation|department|supervision}}
staff: staff_id id, unit_code id, name s:name, id_number s:id_number, role enum{{intake|investigator|reviewer|approver|payment_clerk|village_cadre|supervisor}}, active_from date, active_to date
person: person_id id, id_type enum{{resident_id|hk_mo_tw_permit|foreign_permanent|none}}, id_number s:id_number, name s:name, sex enum{{M|F}}, birth_date date, hukou_region code, residence_region code, phone s:phone, disability_category enum{{1|2|3|4|5|6|7}}, disability_grade int, disability_valid_to date
kinship: kinship_id id, person_id id, relative_id id, relation enum{{spouse|parent|child|sibling|grandparent|grandchild}}
household: household_id id, region_code code, head_person_id id, address s:address, urban_rural enum{{urban|rural}}, lon num, lat num
household_member: member_id id, household_id id, person_id id, relation_to_head str, counted bool, from_date date, to_date date
application: application_id id, programme {PROGRAMME}, path enum{{standard|delegated|commitment|emergency}}, region_code code, unit_code id, household_id id, applicant_person_id id, submitted_at ts, kin_flag bool, complaint_flag bool, cross_region bool, publicity_exempt bool, cause str, plan_id id, promised_at ts
stage: stage_id id, application_id id, stage_code {STAGE}, at ts, recorded_at ts, staff_ids list<id>, unit_code id, result str, reason str, note str, evidence list<enum{{signature|photo|commitment|authorisation|declaration|minutes|notice|other}}>, published_fields list<enum{{name|household_size|amount|programme|id_number|phone|address|account|illness|other}}>, lon num, lat num
benefit: benefit_id id, programme {PROGRAMME}, household_id id, person_id id, application_id id, region_code code, covered_persons int, monthly_amount_fen fen, method enum{{difference|tier}}, start_period period, end_period period, stop_reason enum{{income|property|death|custody|voluntary|moved|refused_work|other}}, extras_fen fen, review_class enum{{A|B|C}}, last_review_on date, valid_to date, gradual_exit_from period
standard: standard_id id, region_code code, programme {PROGRAMME}, urban_rural enum{{urban|rural}}, monthly_amount_fen fen, valid_from date
income_check: check_id id, application_id id, household_id id, checked_at ts, declared_per_capita_fen fen, verified_per_capita_fen fen, assets_fen fen, exclusions_fen fen, authorised bool
payment_batch: batch_id id, programme {PROGRAMME}, region_code code, unit_code id, period period, lines int, total_fen fen, list_hash str, approved_at ts, closed_at ts, budget_id id
tier: tier_id id, region_code code, programme {PROGRAMME}, category str, monthly_amount_fen fen, valid_from date
payment: payment_id id, batch_id id, benefit_id id, programme {PROGRAMME}, region_code code, household_id id, payee_person_id id, account_number s:account, account_name s:name, period period, amount_fen fen, kind enum{{regular|arrears|adjustment|one_off}}, submitted_at ts, paid_at ts, returned_at ts, status enum{{submitted|paid|returned|reversed}}, channel enum{{bank|cash}}, approver_id id
account: account_id id, account_number s:account, holder_name s:name, holder_id_number s:id_number, changed_at ts, changed_by id, agency_agreement bool, holder_role enum{{own|head|guardian|institution|agent}}
budget: budget_id id, programme {PROGRAMME}, region_code code, year int, amount_fen fen
fund_transfer: transfer_id id, programme {PROGRAMME}, region_code code, received_at ts, amount_fen fen, purpose str, payee_kind enum{{payment_account|organisation|other}}
provider: provider_id id, name str, legal_representative s:name, region_code code
project: project_id id, name str, service_code str, provider_id id, unit_code id, region_code code, price_fen fen, planned_units int, signed_on date, contract_from date, contract_to date, needs_survey_on date, needs_survey_samples int, midterm_evaluated_on date, final_evaluated_on date, feedback_samples int
project_payment: project_payment_id id, project_id id, amount_fen fen, paid_at ts
bid: bid_id id, project_id id, provider_id id, bid_on date
provider_bar: bar_id id, provider_id id, region_code code, from_date date, to_date date, reason str
service_order: order_id id, project_id id, service_code str, person_id id, worker_id id, started_at ts, ended_at ts, recorded_at ts, lon_in num, lat_in num, lon_out num, lat_out num, photo_hash str, signature_hash str, status enum{{planned|done|cancelled}}
survey_response: response_id id, project_id id, phase enum{{needs|midterm|final|instant}}, person_id id, channel enum{{sms|popup|phone|visit|form}}, answered_at ts, duration_s int, score score, collector_id id, device_hash str
visit: visit_id id, household_id id, person_id id, kind enum{{outreach|quarterly_check|review|care}}, risk enum{{red|orange|yellow}}, due_on date, visited_at ts, staff_ids list<id>, lon num, lat num, photo_hash str, note_hash str, duration_s int
clue: clue_id id, household_id id, person_id id, region_code code, unit_code id, kind enum{{top5_index|low_income|self_report|hotline|grid|referral}}, pushed_at ts, responded_at ts, response str
complaint: complaint_id id, application_id id, benefit_id id, region_code code, unit_code id, named bool, received_at ts, accepted_at ts, answered_at ts
credit_record: credit_id id, person_id id, level enum{{general|serious}}, found_on date, noticed_on date, objection_until date, expires_on date
register: record_id id, kind enum{{death|cremation|custody|drug_isolation|vehicle|property|business|housing_fund|social_insurance|pension|unemployment|tax|payroll|hospital|school|border|marriage|disability_certificate|financial_asset|hukou|missing}}, id_number s:id_number, person_id id, from_date date, to_date date, amount_fen fen, attributes object, department str, as_of date
recovery: recovery_id id, benefit_id id, person_id id, ordered_on date, amount_fen fen, recovered_fen fen, plan bool, closed_on date
access: access_id id, user_id id, person_id id, at ts, purpose str, application_id id, exported int
parameter: parameter_id id, rule str, name str, region_code code, programme {PROGRAMME}, path enum{{standard|delegated|commitment|emergency}}, value scalar, valid_from date
deadline: deadline_id id, rule str, programme {PROGRAMME}, path enum{{standard|delegated|commitment|emergency}}, region_code code, from_stage {STAGE}, to_stage {STAGE}, days int, red_days int, notice_days int, extended_days int, unit enum{{working_day|calendar_day|hour}}, pauses list<str>, basis str, verified bool, valid_from date, valid_to date
workday: day_id id, calendar str, day date, working bool, provisional bool, name str, settled bool
exclusion: exclusion_id id, programme_a {PROGRAMME}, programme_b {PROGRAMME}, effect enum{{exclusive|top_up|coexist}}, region_code code, basis str, valid_from date, valid_to date
prescribed_path: path_id id, programme {PROGRAMME}, path enum{{standard|delegated|commitment|emergency}}, region_code code, stages list<{STAGE}>, required list<{STAGE}>, basis str, verified bool, valid_from date, valid_to date
feed: feed_id id, source str, department str, interval_s int, expected_from ts
batch_share: share_id id, rule str, batch_id id, lines int, fired int, judged_at ts
"""

#: Entities of which every version is kept, because a past month is judged by what held then.
VERSIONED = frozenset({"benefit", "household", "account", "person", "staff"})
#: Written by this system itself (source /local), never accepted from outside.
LOCAL_ONLY = frozenset({"batch_share"})
#: What rules may read though no event carries it: written by people and the evaluator. The columns of its marks.
MARKED: dict[str, tuple[str, ...]] = {"correction": ("finding_id", "unit_code"), "person_pair": ("person_key",)}
#: The column whose value is the month a row belongs to.
MONTH = {"payment": "period"}
#: Columns a changed row is found by; marks carry their old and new values.
SUBJECT_COLUMNS = frozenset({
    "application_id", "household_id", "person_id", "payee_person_id", "head_person_id", "applicant_person_id",
    "relative_id", "benefit_id", "batch_id", "account_key", "project_id", "provider_id", "unit_code", "staff_id",
    "worker_id", "person_key", "id_number_key", "rule", "user_id",
})  # fmt: skip
#: What else intake derives from a sensitive value, by its kind; the value itself becomes key and mask.
DERIVED = {
    "id_number": ("id_valid bool", "id_fault str", "id_birth_date date", "id_sex enum{M|F}", "id_area str"),
    "account": ("account_luhn_ok bool",),
}
_FIELD = re.compile(r"(\w+) (\S+?)(?:,|$)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the contract: its name and its type word."""

    name: str
    type: str

    @property
    def secret(self) -> str | None:
        """The kind of sensitive value (id_number, name, phone, address, account), or None."""
        return self.type[2:] if self.type.startswith("s:") else None

    def tokens(self) -> tuple[Field, ...]:
        """The columns that stand for this field after intake."""
        if self.secret is None:
            return (self,)
        stem = "account" if self.name == "account_number" else self.name
        derived = DERIVED.get(self.secret, ()) if self.name in ("id_number", "account_number") else ()
        pair = (Field(f"{stem}_key", "id"), Field(f"{stem}_mask", "str"))
        return pair + tuple(Field(*d.split(" ", 1)) for d in derived)


@dataclass(frozen=True)
class Entity:
    """One entity of the contract: ``fields`` as sent, ``columns`` as kept."""

    name: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return self.fields[0].name

    @property
    def versioned(self) -> bool:
        return self.name in VERSIONED

    @property
    def month(self) -> str | None:
        return MONTH.get(self.name)

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """What facts hold of it: every sensitive field replaced by pseudonym, mask and derived values."""
        own = tuple(token for field in self.fields for token in field.tokens())
        return (*own, Field("person_key", "id")) if self.name == "person" else own

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Columns by which a changed row finds the subjects it concerns (its own key included)."""
        return tuple(c.name for c in self.columns if c.name == self.key or c.name in SUBJECT_COLUMNS)


def _entity(line: str) -> Entity:
    name, _, rest = line.partition(": ")
    return Entity(name, tuple(Field(*found) for found in _FIELD.findall(rest)))


ENTITIES: dict[str, Entity] = {e.name: e for e in map(_entity, CONTRACT.strip().splitlines())}
