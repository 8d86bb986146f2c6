"""The lead-yield ledger: what became of what a rule flagged, by version, with an honest interval."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from console.queries import rules
from console.url import Filters
from monitors.indicators.wilson import interval
from tests.conftest import Database
from tests.console.guests import ask, guest
from tests.console.test_inquiries import linked, listed
from tests.console.test_steps import HOME, LATER, People
from tests.console.world import NOW, World


@pytest.fixture
def people(database: Database, world: World) -> People:
    return People(database, world)


def ledger(people: People, region: str | None = None) -> dict[int, rules.Yield]:
    with people.database.engine("owner").connect() as conn:
        return rules.yields(conn, Filters(region=region), NOW)["J08"]


def test_each_verdict_counts_once_and_one_that_was_opened_again_not_at_all(people: People) -> None:
    flagged = [people.finding(rule="J08", amount_at_risk_fen=10_000) for _ in range(5)]
    people.does("li", "verify", flagged[0], outcome="true", due=LATER)
    people.does("li", "verify", flagged[1], outcome="data_problem")
    people.does("li", "dismiss", flagged[2], dismiss_reason="system_error")
    people.does("li", "dismiss", flagged[3], dismiss_reason="system_error")
    people.does("wang", "reopen", flagged[3])
    one = ledger(people)[1]
    assert (one.flagged, one.verified, one.confirmed, one.data_problem, one.confirmed_fen) == (5, 3, 1, 1, 10_000)
    assert one.precision == pytest.approx(1 / 3)
    assert not one.is_weak, "three verdicts are too few to judge a rule"
    assert ledger(people, HOME)[1].verified == 3
    with pytest.raises(KeyError):
        ledger(people, "371424000000")


def test_a_verdict_counts_for_the_version_it_was_given_on(people: People) -> None:
    finding = people.finding(rule="J08")
    people.does("li", "verify", finding, outcome="not_true")
    people.machine(finding, rule_version=2)
    assert {version: (one.flagged, one.verified) for version, one in ledger(people).items()} == {1: (0, 1), 2: (1, 0)}


def numbers(people: People, search: str) -> dict[str, int]:
    """The numbers of J08 on the page by where they lead; each list has as many rows, and says that it agrees."""
    who = guest(people.database)
    found = [(n, href) for n, href in linked(json.loads(ask(who, "rules-list-table", search=search, path="/rules"))) if "rule=J08" in href]
    for n, href in found:
        assert listed(who, href) == n, href
        assert "✓" in ask(who, "findings-sum", search=href.removeprefix("/findings"), path="/findings"), href
    return {"&".join(part for part in href.partition("?")[2].split("&") if part.startswith(("done", "outcome", "present"))): n for n, href in found}


def test_every_number_of_the_ledger_opens_as_many_rows(people: People) -> None:
    flagged = [people.finding(rule="J08") for _ in range(4)]
    people.does("li", "hand_over", flagged[0], unit="U1", due=LATER)
    people.does("handler", "reply", flagged[0])
    people.does("wang", "verify", flagged[0], outcome="true", due=LATER)
    people.does("handler", "rectify", flagged[0])
    people.does("li", "verify", flagged[1], outcome="data_problem")
    people.does("li", "hand_over", flagged[2], unit="U2", due=LATER)
    told = {"": 4, "present=true": 4, "done=handed_over": 2, "outcome=verified": 2, "outcome=confirmed": 1, "done=corrected": 1}
    assert numbers(people, "") == told
    assert numbers(people, f"?region={HOME}&programme=dibao&range=30d") == told


def test_a_verdict_on_what_ended_and_came_back_is_told_beside_the_number_of_the_list(people: People) -> None:
    finding = people.finding(rule="J08")
    people.does("li", "verify", finding, outcome="not_true")
    people.machine(finding, stage="open", outcome=None, episode=2)
    one = ledger(people)[1]
    assert (one.verified, one.verified_now) == (1, 0)
    assert numbers(people, "") == {"": 1, "present=true": 1}
    assert "另有此前 1 条" in ask(guest(people.database), "rules-list-table", search="", path="/rules")


def test_the_ledger_heeds_programme_and_time(people: People) -> None:
    for days, programme in ((1, "dibao"), (200, "dibao"), (1, "tekun")):
        people.does("li", "verify", people.finding(rule="J08", ago=timedelta(days=days), evidence={"programme": programme}), outcome="not_true")
    found = {search: numbers(people, search) for search in ("", "?range=30d", "?programme=tekun", "?range=30d&programme=tekun")}
    assert {search: (told[""], told["outcome=verified"]) for search, told in found.items()} == {
        "": (3, 3), "?range=30d": (2, 2), "?programme=tekun": (1, 1), "?range=30d&programme=tekun": (1, 1)}  # fmt: skip


def test_a_rule_that_is_mostly_wrong_is_named(people: People) -> None:
    for n in range(rules.ENOUGH):
        finding = people.finding(rule="J08")
        people.machine(finding, outcome="true" if n < 9 else "not_true")
        with people.world.again() as now:
            now.conn.execute(text("insert into watch.finding_event (finding_id, at, what, by_whom, said) values "
                                  "(:id, now(), 'verify', 'li', jsonb_build_object('outcome', cast(:outcome as text), 'version', 1))"),
                             {"id": finding, "outcome": "true" if n < 9 else "not_true"})  # fmt: skip
    assert ledger(people)[1].is_weak
    told = ask(guest(people.database), "rules-list-table", search="", path="/rules")
    assert "建议在修订前降为提示：J08" in told
    assert "18.0 %" in told


def test_one_rule_says_what_it_is_and_what_it_cannot_see(people: People) -> None:
    who = guest(people.database, name="owner", roles=["rule_owner"])
    told = ask(who, "rule-body", search="", path="/rule/T04")
    assert all(piece in told for piece in ("审核确认总时限超期", "民发〔2021〕57号 第22条", "from facts.stage", "extend_reasons"))
    assert "state missing" in ask(who, "rule-body", search="", path="/rule/X99")


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(hits: int, misses: int) -> None:
    low, high = interval(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low <= hits / (hits + misses) + 1e-12
        assert high >= hits / (hits + misses) - 1e-12


def test_the_interval_is_wilsons() -> None:
    low, high = interval(9, 36)  # by hand: (0.25 + 1.9207/36 ± 1.96 √(0.1875/36 + 3.8415/(4·36²))) / (1 + 3.8415/36)
    assert (round(low, 4), round(high, 4)) == (0.1375, 0.4107)
    assert interval(0, 0) == (0.0, 1.0)
