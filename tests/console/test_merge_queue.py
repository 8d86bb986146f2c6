"""The merge queue as people use it: pairs masked, reasons in both languages, a decision with a reason, undone, and found by either number."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import text

from monitors.tokens import Tokeniser
from sql.connect import connect
from tests.conftest import Database
from tests.console.guests import KEYS, Guest, ask, guest
from tests.engine.events import event
from workers import linkage
from workers.intake import Intake
from workers.keys import Keys

NUMBER, MISTYPED = "371402195003071230", "371402195003071320"
HERE, THERE = "371402000000", "371424000000"
CLEAR = (NUMBER, MISTYPED, "王建国", "王健国", "13812345678", "03-07", "3单元")
Pair = tuple[str, str]


@pytest.fixture
def pair(database: Database) -> Pair:
    with connect(database.url("worker"), name="test") as conn:
        named = [event("region", region_code=code, name=name, level="county", parent_code=None) for code, name in ((HERE, "德城区"), (THERE, "临邑县"))]
        assert Intake(conn, KEYS, "test").take(named).rejected == []
        return alike(conn, KEYS)


def alike(conn: psycopg.Connection, keys: Keys) -> Pair:
    """Two records of one human, the number mistyped in one of them, and the pair they make in the queue."""
    records = []
    for n, (number, name, region) in enumerate(((NUMBER, "王建国", HERE), (MISTYPED, "王健国", THERE)), 1):
        records += [event("person", person_id=f"P{n}", id_type="resident_id", id_number=number, name=name, phone="13812345678", birth_date="1950-03-07", sex="M"),
                    event("household", household_id=f"H{n}", region_code=region, address="某镇某村3单元"),
                    event("household_member", member_id=f"M{n}", household_id=f"H{n}", person_id=f"P{n}", counted=True, from_date="2025-01-01", to_date=None)]  # fmt: skip
    assert Intake(conn, keys, "test").take(records).rejected == []
    assert linkage.refresh(conn, keys) >= 2
    left, right = conn.execute("select left_key, right_key from watch.person_pair").fetchone() or ("", "")
    return str(left), str(right)


def page(of: Guest, pair: Pair) -> str:
    path = f"/duplicates/queue/{quote(pair[0], safe='')}/{quote(pair[1], safe='')}"
    return "".join(ask(of, part, search="", path=path) for part in ("pair-sides", "pair-reasons", "pair-story"))


def decide(of: Guest, pair: Pair, said: str, note: str = "compared with the household register") -> int:
    return of.client.post("/pair", data={"left": pair[0], "right": pair[1], "said": said, "note": note}).status_code


def queue(of: Guest) -> str:
    return "".join(ask(of, part, search="", path="/duplicates/queue") for part in ("pairs-waiting", "pairs-decided"))


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", ("王**", "3714", "德城区", "读音相同", "电话和住址相同", "先验概率", "是同一人：合并", "概率")),
    ("en", ("王**", "3714", "sounds the same", "phone", "Chance without looking", "They are one human: merge")),
])  # fmt: skip
def test_a_pair_shows_both_records_masked_and_why_they_are_alike(database: Database, pair: Pair, lang: str, said: tuple[str, ...]) -> None:
    li = guest(database, name="li")
    li.client.set_cookie("lang", lang)
    told = page(li, pair)
    assert [piece for piece in said if piece not in told] == []
    assert [clear for clear in CLEAR if clear in told + queue(li)] == []
    assert "waterfall" in told


def test_a_decision_needs_words_and_is_undone_as_easily(database: Database, pair: Pair) -> None:
    li = guest(database, name="li")
    assert pair[0] in queue(li)
    assert decide(li, pair, "same", note="no") == 400
    assert decide(li, pair, "same") == 303
    with database.engine("owner").connect() as conn:
        query = text("select count(distinct person_key) from facts.identity")
        assert conn.execute(query).scalar_one() == 1
        conn.rollback()
        assert "compared with the household register" in page(li, pair)
        assert decide(li, pair, "undecided") == 303
        assert conn.execute(query).scalar_one() == 2
        assert conn.execute(text("select what from access.trail where what like 'pair_%' order by id")).scalars().all() == ["pair_same", "pair_undecided"]


def test_one_human_is_found_by_either_number(database: Database, pair: Pair) -> None:
    li = guest(database, name="li", roles=["supervisor"])
    assert decide(li, pair, "same") == 303
    tokens = Tokeniser(KEYS.hmac, lambda: date(2026, 11, 20))
    for number in (NUMBER, MISTYPED):
        key = tokens.pseudonym("id_number", number)
        file = ask(li, "dossier-body", search="", path=f"/dossier/person/{key}")
        assert ("state missing" in file, "H1" in file, "H2" in file) == (False, True, True), number
        found = li.client.post("/search", data={"kind": "id_number", "what": number, "purpose": "inquiry", "case_no": "case 12"})
        assert found.headers.get("Location", found.text).startswith("/dossier/person/"), number


def test_who_sees_one_side_only_sees_the_pair_and_does_not_decide(database: Database, pair: Pair) -> None:
    near = guest(database, name="near", regions=[HERE])
    told = page(near, pair)
    assert "德城区" in told
    assert "临邑县" not in told
    assert decide(near, pair, "same") == 404
    far = guest(database, name="far", regions=["371482000000"])
    assert pair[0] not in queue(far)
    assert "3714" not in page(far, pair)
    leader = guest(database, name="lead", roles=["leader"])
    assert decide(leader, pair, "same") == 403
    assert "/pair?" not in page(leader, pair)
