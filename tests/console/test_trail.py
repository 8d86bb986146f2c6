"""The trail is read to its first line, by name, act and time; its readers take it out, and nobody else."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from console.pages.trail import MOST
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest, taken

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
LINES = 2 * MOST + 50


@pytest.fixture
def wu(database: Database) -> Guest:
    """The audit administrator, and a trail of several pages: li took files, chen was refused each tenth time."""
    who = guest(database, name="wu", roles=["audit_admin"], regions=[])
    with database.engine("owner").begin() as conn:
        conn.execute(
            text("insert into access.trail (at, who, what, about) select cast(:at as timestamptz) + n * interval '1 hour', "
                 "case when n % 10 = 0 then 'chen' else 'li' end, case when n % 10 = 0 then 'refused' else 'exported' end, 'line-' || n "
                 "from generate_series(1, :n) n"),
            {"at": AT, "n": LINES})  # fmt: skip
    return who


def told(who: Guest, search: str) -> str:
    return ask(who, "trail-list-table", search=search, path="/trail")


def lines(said: str) -> list[int]:
    return [int(n) for n in re.findall(r'"line-(\d+)"', said)]


def test_older_leads_page_by_page_to_the_first_line(wu: Guest) -> None:
    search, seen = "?from=2026-03-01&to=2026-04-30", list[int]()
    for _ in range(9):
        said = told(wu, search)
        seen += lines(said)
        older = re.search(r'"children": "更早的记录", "href": "/trail(\?[^"]+)"', said)
        if not older:
            break
        search = html.unescape(older[1])
    assert seen == list(range(LINES, 0, -1))
    assert "最新记录" in said


def test_a_name_an_act_and_a_time_stand_in_the_address(wu: Guest) -> None:
    assert lines(told(wu, "?who=chen")) == list(range(LINES, 0, -1))[::10]
    assert lines(told(wu, "?what=refused&to=2026-03-03")) == [30, 20, 10]
    day = (AT + timedelta(days=5)).date()
    within = lines(told(wu, f"?from={day}&to={day}"))
    assert len(within) == 24
    assert lines(told(wu, "?who=nobody-of-this-name")) == []
    assert "没有符合条件的记录" in told(wu, "?who=nobody-of-this-name")


def test_a_filter_keeps_the_others_and_begins_at_the_newest_line(wu: Guest) -> None:
    said = told(wu, "?who=chen&from=2026-03-01&before=99")
    assert "/trail?from=2026-03-01&who=chen&what=signed_in" in said.replace("\\u0026", "&")
    assert "操作人：chen" in said


def test_the_file_has_every_line_of_the_question_for_its_readers_alone(database: Database, wu: Guest) -> None:
    head, rows = taken(wu, "/trail.csv?who=li&to=2026-04-30&before=7&lang=en")
    assert len(rows) == LINES - LINES // 10
    assert (head["Who"], head["When"], "Place" in head) == ("li", "… – 2026-04-30", False)
    assert rows[0]["What"] == "took a file"
    assert "/trail.pdf?rows=lines&who=li" in ask(wu, "trail-list-files", search="?who=li", path="/trail").replace("\\u0026", "&")
    chen = guest(database, name="chen", roles=["auditor"])
    assert chen.client.get("/trail.csv", buffered=True).status_code == 403
    assert ask(chen, "trail-list-files", search="", path="/trail") == ""
    with database.engine("owner").connect() as conn:
        kept = conn.execute(text("select who, about from access.trail where what = 'exported' order by id desc limit 1")).one()
    assert tuple(kept) == ("wu", "/trail?to=2026-04-30&who=li&before=7")


def test_a_number_of_a_citizen_typed_as_a_name_leaves_no_trace(database: Database, wu: Guest) -> None:
    head, _ = taken(wu, "/trail.csv?who=11010519491231002X&lang=en")
    assert "11010519491231002" not in str(head)
    with database.engine("owner").connect() as conn:
        assert not conn.execute(text("select 1 from access.trail where about like '%11010519491231002%'")).all()
