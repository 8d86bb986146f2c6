"""A sample of findings: drawn by chance, the same for everybody who looks, its number is its list, and drawing it is told."""

from __future__ import annotations

from hashlib import md5
from urllib.parse import quote

import pytest
from sqlalchemy import Connection

from console.queries import findings
from console.url import Filters, parse
from sql.access import see_as
from sql.people import Viewer
from tests.conftest import Database
from tests.console.guests import Guest, ask, ask_grid, guest, taken
from tests.console.world import NOW, World

HERE = "/findings?region=371402000000&present=true"


def draw(who: Guest, n: str = "3", why: str = "季度抽查", at: str = HERE) -> str:
    answer = who.client.post("/sample", data={"at": at, "n": n, "why": why})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def of(conn: Connection, filters: Filters) -> list[str]:
    return [row.finding_id for row in findings.page(conn, findings.asked(filters, NOW), end=1_000)]


@pytest.mark.parametrize(("size", "seed"), [(1, "000000"), (3, "482913"), (1000, "999999")])
def test_a_sample_holds_whose_digest_comes_first_and_another_reader_sees_the_same(conn: Connection, world: World, size: int, seed: str) -> None:
    population = of(conn, Filters(present=True))
    wanted = sorted(population, key=lambda one: md5(f"{seed}{one}".encode()).hexdigest())[:size]
    drawn = Filters(present=True, sample=f"{size}-{seed}")
    assert set(of(conn, drawn)) == set(wanted)
    asked = findings.asked(drawn, NOW)
    assert (findings.totals(conn, asked).n, findings.counted(conn, asked, 10_000)) == (len(wanted), len(wanted))
    conn.rollback()
    see_as(conn, Viewer("other", "", frozenset({"auditor"}), ("*",)))
    assert set(of(conn, drawn)) == set(wanted)


def test_what_lies_outside_the_region_is_in_no_sample(conn: Connection, world: World) -> None:
    see_as(conn, Viewer("near", "", frozenset({"auditor"}), ("371402000000",)))
    near = set(of(conn, Filters()))
    assert set(of(conn, Filters(sample="1000-123456"))) == near
    see_as(conn, Viewer("nobody", "", frozenset({"auditor"}), ()))
    assert of(conn, Filters(sample="1000-123456")) == []


def test_another_question_forgets_the_sample() -> None:
    drawn = parse("?card=red&sample=30-482913")
    assert drawn.drawn == (30, "482913")
    assert drawn.but(card=("yellow",)).sample is None
    assert drawn.scope().sample is None
    for wrong in ("0-482913", "1001-482913", "30", "30-4829131", "-", "30-x", "007-482913"):
        assert parse(f"?sample={wrong}") == Filters(), wrong


def test_an_auditor_draws_a_sample_takes_it_away_and_the_trail_tells(database: Database, world: World) -> None:
    who = guest(database, name="wang", roles=["auditor"])
    address = draw(who)
    filters = parse(address.partition("?")[2])
    size, seed = filters.drawn
    assert (size, filters.region, filters.present) == (3, "371402000000", True)
    search = f"?{address.partition('?')[2]}&lang=zh"
    assert ask_grid(who, search).count('"rule"') == 3
    told = ask(who, "findings-sum", search=search, path="/findings")
    assert f"种子 {seed}" in told
    assert "抽样 3 条" in told
    head, lines = taken(who, f"/findings.csv{search}")
    assert f"种子 {seed}" in head["抽样"]
    assert len(lines) == 3
    audit = guest(database, name="audit", roles=["audit_admin"], regions=[])
    trail = ask(audit, "trail-list", search="?lang=zh&what=sample_drawn", path="/trail")
    assert "季度抽查" in trail
    assert f"sample=3-{seed}" in trail


def test_a_seed_cannot_be_chosen_and_each_draw_has_its_own(database: Database, world: World) -> None:
    who = guest(database, name="wang", roles=["auditor"])
    seeds = {parse(draw(who, at=f"{HERE}&sample=3-111111").partition("?")[2]).drawn[1] for _ in range(4)}
    assert len(seeds) > 1


@pytest.mark.parametrize("wrong", [{"n": "0"}, {"n": "x"}, {"n": "１"}, {"n": "999999"}, {"why": ""}, {"why": "abc"}])
def test_what_is_no_sample_is_refused(database: Database, world: World, wrong: dict[str, str]) -> None:
    who = guest(database, name="wang", roles=["auditor"])
    assert who.client.post("/sample", data={"at": HERE, "n": "3", "why": "季度抽查", **wrong}).status_code == 400


def test_of_nothing_no_sample_is_drawn_and_nobody_is_sent_elsewhere(database: Database, world: World) -> None:
    who = guest(database, name="wang", roles=["auditor"])
    assert "没有" in who.client.get(f"/sample?at={quote('/findings?rule=Z99')}&lang=zh").text
    assert draw(who, at="https://example.com/evil?card=red").startswith("/findings?card=red&sample=3-")
    assert guest(database, name="sec", roles=["security_admin"], regions=[]).client.get("/sample").status_code == 403
