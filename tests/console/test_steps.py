"""The correction loop as people walk it: each in the own role, held by four eyes, a hearing and the data."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from console.pages.overview_numbers import active
from console.queries import findings
from console.url import Filters
from monitors.lifecycle import STEPS
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.world import World

HOME, ELSEWHERE = "371402000000", "371424000000"
LATER = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()

WHO: dict[str, dict[str, Any]] = {
    "handler": {"roles": ["unit_handler"], "unit_code": "U1"}, "other": {"roles": ["unit_handler"], "unit_code": "U2"},
    "leader": {"roles": ["leader"]}, "far": {"regions": [ELSEWHERE]},
}  # fmt: skip


class People:
    """Two supervisors, a unit's handler, and what they do to findings."""

    def __init__(self, database: Database, world: World) -> None:
        self.database, self.world = database, world
        self.names: dict[str, FlaskClient] = {}
        with world.again() as now:
            now.unit("U1", "黄河涯镇政府", HOME, "township_office")
            now.unit("U2", "民政局", HOME, "county_civil_affairs")
            now.calendar()

    def __getitem__(self, name: str) -> FlaskClient:
        if name not in self.names:
            self.names[name] = guest(self.database, name=name, **({"roles": ["supervisor"], "regions": [HOME]} | WHO.get(name, {}))).client
        return self.names[name]

    def does(self, name: str, step: str, finding: str, **typed: Any) -> int:
        """Take a step; return the status: 303 when it was written."""
        told = {"step": step, "finding": finding, "note": "查明", **typed}
        return self[name].post("/step", data=told).status_code

    def finding(self, card: str = "yellow", rule: str = "T04", **more: Any) -> str:
        with self.world.again() as now:
            return now.finding(rule, card, HOME, unit_code="U1", **more)

    def row(self, finding: str) -> Any:
        with self.database.engine("owner").connect() as conn:
            return conn.execute(text("select * from watch.finding where finding_id = :id"), {"id": finding}).one()

    def counts(self, finding: str) -> bool:
        """Whether a finding is among what somebody still has to act on."""
        question = findings.asked(active(Filters()).but(subject_key=self.row(finding).subject_key), datetime.now(UTC))
        with self.database.engine("owner").connect() as conn:
            return findings.counted(conn, question, 10) == 1

    def story(self, finding: str) -> list[tuple[str, str]]:
        with self.database.engine("owner").connect() as conn:
            query = "select what, by_whom from watch.finding_event where finding_id = :id and by_whom <> 'aidwatch' order by id"
            return [tuple(row) for row in conn.execute(text(query), {"id": finding})]

    def machine(self, finding: str, **now: Any) -> None:
        with self.world.again() as later:
            later.conn.execute(text(f"update watch.finding set {', '.join(f'{n} = :{n}' for n in now)} where finding_id = :id"), now | {"id": finding})


@pytest.fixture
def people(database: Database, world: World) -> People:
    return People(database, world)


def test_a_finding_goes_the_whole_way_and_its_story_says_who_did_what(people: People) -> None:
    finding = people.finding()
    assert people.does("li", "hand_over", finding, unit="U1", due=LATER) == 303
    assert people.row(finding).assignee == "U1"
    assert people.does("handler", "acknowledge", finding) == 409  # handing over says that it was seen
    assert people.does("handler", "reply", finding, note="已补办手续") == 303
    assert people.does("wang", "verify", finding, outcome="true", due=LATER) == 303
    assert people.does("handler", "rectify", finding) == 303
    people.machine(finding, present=False, ladder_card=None)
    assert people.does("li", "close", finding) == 303
    assert people.story(finding) == [("hand_over", "li"), ("reply", "handler"), ("verify", "wang"), ("rectify", "handler"), ("close", "li")]
    assert (people.row(finding).stage, people.row(finding).outcome) == ("closed", "true")
    dossier = ask(guest(people.database, name="li", regions=[HOME]), "finding-body", search="", path=f"/finding/{finding}")
    assert "已补办手续" in dossier


def test_what_was_confirmed_is_not_closed_by_who_verified_it_nor_while_the_data_shows_it(people: People) -> None:
    finding = people.finding()
    people.does("li", "hand_over", finding, unit="U1", due=LATER)
    people.does("handler", "reply", finding)
    assert people.does("li", "verify", finding, outcome="true", due=LATER) == 409, "who handed over does not confirm"
    assert people.does("wang", "verify", finding, outcome="true", due=LATER) == 303
    assert people.does("li", "close", finding) == 409, "not corrected yet"
    people.does("handler", "rectify", finding)
    assert people.does("li", "close", finding) == 409, "the data still shows it"
    assert people.does("wang", "close", finding, past_fact="yes") == 409, "four eyes"
    assert people.does("li", "close", finding, past_fact="yes") == 303
    assert people.row(finding).outcome_reason is None


def test_a_red_card_is_not_dismissed_by_one_person(people: People) -> None:
    red, yellow = people.finding("red"), people.finding("yellow")
    assert people.does("li", "dismiss", red, dismiss_reason="system_error") == 409
    assert people.does("li", "dismiss", yellow, dismiss_reason="system_error") == 303
    assert people.does("li", "verify", red, outcome="not_true") == 303
    assert people.does("li", "close", red) == 409
    assert people.does("wang", "close", red) == 303


def test_a_citizen_is_heard_before_a_doubt_is_confirmed(people: People) -> None:
    finding = people.finding("yellow", "E01", subject_kind="person", subject_key="p" * 32)
    assert people.does("wang", "verify", finding, outcome="true", due=LATER) == 409
    assert people.does("li", "tell", finding) == 303
    assert people.does("wang", "verify", finding, outcome="true", due=LATER) == 409, "ten working days to explain"
    people.machine(finding, told_at=datetime.now(UTC) - timedelta(days=30))
    assert people.does("wang", "verify", finding, outcome="true", due=LATER, against="公安与殡葬登记一致") == 303
    other = people.finding("yellow", "E01", subject_kind="person", subject_key="q" * 32)
    people.does("li", "tell", other)
    people.does("li", "explain", other, note="长期住院,未去世")
    assert people.does("wang", "verify", other, outcome="not_true") == 303


def test_one_register_alone_confirms_nothing(people: People) -> None:
    def doubt(key: str, sources: int) -> str:
        finding = people.finding("yellow", "E01", subject_kind="person", subject_key=key * 32, evidence={"sources": sources, "programme": "dibao"})
        people.does("li", "tell", finding)
        people.does("li", "explain", finding, note="无异议")
        return finding

    one, two = doubt("p", 1), doubt("q", 2)
    assert 'name="against"' in people["wang"].get(f"/step?step=verify&finding={one}").text
    assert 'name="against"' not in people["wang"].get(f"/step?step=verify&finding={two}").text
    refused = people["wang"].post("/step", data={"step": "verify", "finding": one, "note": "属实", "outcome": "true", "due": LATER, "against": " "})
    assert refused.status_code == 409
    assert "仅凭单一来源" in refused.text
    assert people.row(one).outcome is None
    assert people.does("wang", "verify", two, outcome="true", due=LATER) == 303, "two sources agree"
    assert people.does("wang", "verify", one, outcome="true", due=LATER, against="入户见到本人家属,火化证 11010519491231002X") == 303
    page = ask(guest(people.database), "finding-body", search="", path=f"/finding/{one}")
    assert "核实依据：入户见到本人家属" in page
    assert "11010519491231002X" not in page
    lifted = doubt("r", 1)
    assert people.does("wang", "verify", lifted, outcome="not_true") == 303, "a doubt is lifted without a second source"


def test_an_exemption_needs_its_reason_and_a_declaration(people: People) -> None:
    finding = people.finding()
    assert people.does("li", "verify", finding, outcome="exempt", reason="data_late") == 400
    assert people.does("li", "verify", finding, outcome="exempt", declared="yes") == 400
    assert people.does("li", "verify", finding, outcome="exempt", reason="data_late", declared="yes") == 303
    assert (people.row(finding).outcome, people.row(finding).outcome_reason) == ("exempt", "data_late")


def test_everybody_keeps_to_the_own_part(people: People) -> None:
    finding = people.finding()
    assert people.does("leader", "acknowledge", finding) == 403
    assert people.does("handler", "hand_over", finding, unit="U1", due=LATER) == 403
    assert people.does("far", "annotate", finding) == 404
    assert people.does("other", "annotate", finding) == 404
    people.does("li", "hand_over", finding, unit="U2", due=LATER)
    assert people.does("handler", "reply", finding) == 409, "it was handed over to another unit"
    assert people.does("other", "reply", finding) == 303


def test_what_is_missing_or_odd_is_said_and_nothing_is_written(people: People) -> None:
    finding = people.finding()
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    for typed in ({"unit": "U9", "due": LATER}, {"unit": "U1", "due": yesterday}, {"unit": "U1", "due": "soon"}, {"unit": "U1"}):
        assert people.does("li", "hand_over", finding, **typed) == 400
    assert people.does("li", "verify", finding, outcome="guilty") == 400
    assert people.does("li", "annotate", finding, note="  ") == 400
    assert people.does("li", "stop_payment", finding) == 403
    assert people.story(finding) == []
    assert people.does("li", "annotate", finding, note="身份证 11010519491231002X") == 303
    assert "11010519491231002X" not in people.row(finding).note


def test_a_silence_has_a_reason_and_an_end_and_the_finding_comes_back_by_itself(people: People) -> None:
    finding = people.finding()
    assert people.counts(finding)
    assert people.does("li", "silence", finding, due=LATER) == 400, "no reason"
    never = (datetime.now(UTC) + timedelta(days=120)).date().isoformat()
    assert people.does("li", "silence", finding, silence_reason="system_change", due=never) == 400, "no end in sight"
    assert people.does("handler", "silence", finding, silence_reason="system_change", due=LATER) == 403
    assert people.does("li", "silence", finding, silence_reason="system_change", due=LATER) == 303
    assert people.row(finding).stage == "open", "what people do about it is another matter"
    assert not people.counts(finding)
    page = ask(guest(people.database), "finding-body", search="", path=f"/finding/{finding}")
    assert "li 已暂停提示至" in page
    assert "业务系统正在改造" in page
    people.machine(finding, silenced_until=datetime.now(UTC) - timedelta(minutes=1))
    assert people.counts(finding)
    people.machine(finding, silenced_until=datetime.now(UTC) + timedelta(days=1))
    assert people.does("wang", "end_silence", finding) == 303
    assert people.counts(finding)
    assert people.does("wang", "end_silence", finding) == 409


def test_a_red_card_is_never_silent(people: People) -> None:
    finding, red = people.finding(), people.finding("red")
    assert people.does("li", "silence", red, silence_reason="system_change", due=LATER) == 409
    assert people.does("li", "silence", finding, silence_reason="system_change", due=LATER) == 303
    people.machine(finding, ladder_card="red")
    assert people.counts(finding)


def test_many_findings_take_one_step_and_those_that_cannot_are_named(people: People) -> None:
    ids = [people.finding(card) for card in ("yellow", "notice", "red")]
    form = people["li"].get("/step", query_string=[("step", "dismiss"), *(("finding", one) for one in ids)])
    assert re.findall(r'name="finding" value="(\w+)"', form.text) == ids[:2]
    answer = people["li"].post("/step", data={"step": "dismiss", "finding": ids, "dismiss_reason": "known_already", "note": "已办"})
    assert answer.status_code == 200
    assert [people.row(one).stage for one in ids] == ["dismissed", "dismissed", "open"]


def test_many_findings_go_each_to_its_own_unit(people: People) -> None:
    with people.world.again() as now:
        ids = [now.finding("T04", "yellow", HOME, unit_code=unit) for unit in ("U1", "U2")]
    form = people["li"].get("/step", query_string=[("step", "hand_over"), *(("finding", one) for one in ids)])
    assert '<option value="own" selected>' in form.text
    told = {"step": "hand_over", "finding": ids, "unit": "own", "due": LATER, "back": "/findings?waits=assess"}
    assert people["li"].post("/step", data=told).headers["Location"] == "/findings?waits=assess"
    assert [people.row(one).assignee for one in ids] == ["U1", "U2"]
    nobody = people.finding(rule="F11")
    people.machine(nobody, unit_code=None)
    assert people.does("li", "hand_over", nobody, unit="own", due=LATER) == 400


def test_the_rules_about_findings_are_asked_again_and_the_browsers_hear_of_it(people: People) -> None:
    finding = people.finding()
    people.does("li", "hand_over", finding, unit="U2", due=LATER)
    with people.database.engine("owner").connect() as conn:
        mark = conn.execute(text("select columns from ledger.mark where entity = 'correction'")).scalar_one()
        assert mark == {"finding_id": [finding], "unit_code": ["U1", "U2"]}
        assert conn.execute(text("select payload ->> 'what' from watch.outbox")).scalar_one() == "hand_over"


def test_the_console_may_write_what_people_own_and_nothing_the_machine_says(people: People) -> None:
    finding = people.finding()
    for column in ("present", "ladder_card", "evidence", "raised_at", "episode"):
        with people.database.engine("console").connect() as conn, pytest.raises(Exception, match="permission denied"):
            conn.execute(text(f"update watch.finding set {column} = {column} where finding_id = :id"), {"id": finding})


def test_every_step_has_its_words_and_its_statement() -> None:
    from console import words
    from monitors.lifecycle import DISMISS_REASONS, EXEMPT_REASONS, OUTCOMES, REFUSALS
    from sql.load import raw

    assert set(words.DO) == set(STEPS)
    assert set(words.STEP) > set(STEPS)
    assert set(words.OUTCOME) == set(OUTCOMES)
    assert set(words.EXEMPT) == set(EXEMPT_REASONS)
    assert set(words.DISMISS) == set(DISMISS_REASONS)
    assert set(words.REFUSED) == set(REFUSALS)
    assert all(raw(f"correction.{step}") for step in STEPS)
