"""Letters: from confirmed findings only, to one unit, issued once, the same in Word and PDF, in both languages."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import text

from console.letters import content
from console.url import SHANGHAI
from tests.conftest import Database
from tests.console.readers import pages, plain, printed, with_office
from tests.console.test_steps import LATER, People
from tests.console.world import World


@pytest.fixture
def people(database: Database, world: World) -> People:
    return People(database, world)


def confirmed(people: People, unit: str = "U1", **more: Any) -> str:
    with people.world.again() as now:
        return now.finding("T04", "yellow", "371402000000", unit_code=unit, assignee=unit, stage="verified", outcome="true",
                           verified_by="wang", **more)  # fmt: skip


def letter(people: People, *findings: str, name: str = "li", **typed: Any) -> Any:
    told = {"finding": list(findings), "kind": "rectify", "number": "社救监〔2026〕1号", "office": "德州市民政局", "due": LATER, "demands": "补办手续"}
    return people[name].post("/letter", data=told | typed)


def paragraphs(file: bytes) -> str:
    made = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *cells])


def test_a_letter_is_issued_once_and_read_as_word_and_pdf_in_both_languages(people: People) -> None:
    one, two = confirmed(people), confirmed(people)
    assert letter(people, one, two).status_code == 303
    assert people.story(one)[-1] == people.story(two)[-1] == ("letter", "li")
    with people.database.engine("owner").connect() as conn:
        kept = conn.execute(text("select * from watch.letter")).one()
    assert (people.row(one).due_at - timedelta(seconds=1)).astimezone(SHANGHAI).date().isoformat() == LATER
    for lang, title in (("zh", "整改通知书"), ("en", "Notice to correct")):
        word = people["li"].get(f"/letter/{kept.letter_id}.docx?copy={lang}")
        said = paragraphs(word.data)
        assert all(piece in said for piece in (title, "社救监〔2026〕1号", "补办手续", "黄河涯镇政府", kept.sha256, "民发〔2021〕57号 第22条")), lang
        paper = "".join(pages(people["li"].get(f"/letter/{kept.letter_id}.pdf?copy={lang}").data))
        assert missing(kept.body[lang], kept.sha256, paper) == []
    assert content.digest(kept.body) == kept.sha256
    assert letter(people, one).status_code == 400, "a number is given once"


def test_what_the_rules_advise_stands_in_each_copy_in_its_language(people: People) -> None:
    finding = confirmed(people)
    form = people["li"].get(f"/letter?finding={finding}").text
    proposed = re.search(r'name="demands"[^>]*>([^<]+)<', form)
    assert proposed
    letter(people, finding, demands=proposed[1])
    with people.database.engine("owner").connect() as conn:
        body = conn.execute(text("select body from watch.letter")).scalar_one()
    assert body["zh"]["demands"][0].startswith("立即办理")
    assert body["en"]["demands"][0].startswith("Take the step")


def test_only_confirmed_findings_of_one_unit_go_into_it(people: People) -> None:
    open_one, ours, theirs = people.finding(), confirmed(people), confirmed(people, "U2")
    assert letter(people, open_one).status_code == 404
    assert letter(people, ours, theirs, open_one).status_code == 303
    with people.database.engine("owner").connect() as conn:
        assert conn.execute(text("select finding_id from watch.letter_finding")).scalars().all() == [ours]


def test_a_draft_is_looked_at_and_nothing_is_kept(people: People) -> None:
    answer = letter(people, confirmed(people), act="preview", demands="#read(\"/etc/passwd\") [x] *y*")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    with people.database.engine("owner").connect() as conn:
        assert conn.execute(text("select count(*) from watch.letter")).scalar_one() == 0


def test_what_is_missing_is_said(people: People) -> None:
    finding = confirmed(people)
    for typed in ({"kind": "sentence"}, {"number": " "}, {"office": ""}, {"demands": ""}, {"due": "2020-01-01"}, {"due": "x"}):
        assert letter(people, finding, **typed).status_code == 400, typed


def test_a_letter_is_read_by_its_unit_and_its_region_and_written_by_supervisors(people: People) -> None:
    finding = confirmed(people)
    for name, status in (("handler", 403), ("leader", 403), ("far", 404)):
        assert letter(people, finding, name=name).status_code == status
    letter(people, finding)
    with people.database.engine("owner").connect() as conn:
        letter_id = conn.execute(text("select letter_id from watch.letter")).scalar_one()
    reads = {name: people[name].get(f"/letter/{letter_id}.pdf").status_code for name in ("li", "handler", "leader", "far", "other")}
    assert reads == {"li": 200, "handler": 200, "leader": 200, "far": 404, "other": 404}
    assert people["li"].get(f"/letter/{letter_id}.exe").status_code == 404
    with people.database.engine("console").connect() as conn, pytest.raises(Exception, match="permission denied"):
        conn.execute(text("update watch.letter set number = 'x'"))


def missing(told: dict[str, Any], sha256: str, paper: str) -> list[str]:
    """What of a letter's text is not on its paper."""
    wanted = [told["title"], told["number"], told["to"], told["opening"], *told["heads"], told["asked"], *told["demands"], told["until"], told["note"],
              told["office"], told["on"], sha256, *(cell for row in told["rows"] for cell in row)]  # fmt: skip
    return [one for one in wanted if plain(one) not in paper]


def issued(people: People, *findings: str) -> Any:
    letter(people, *findings)
    with people.database.engine("owner").connect() as conn:
        return conn.execute(text("select * from watch.letter")).one()


def test_word_opens_with_its_table_row_by_row_and_its_paragraphs_in_order(people: People) -> None:
    kept = issued(people, *(confirmed(people) for _ in range(3)))
    for lang in ("zh", "en"):
        told, made = kept.body[lang], docx.Document(io.BytesIO(people["li"].get(f"/letter/{kept.letter_id}.docx?copy={lang}").data))
        (table,) = made.tables
        assert [[cell.text for cell in row.cells] for row in table.rows] == [told["heads"], *told["rows"]]
        said = [one.text for one in made.paragraphs if one.text]
        places = [next(n for n, line in enumerate(said) if wanted in line) for wanted in (told["title"], told["number"], told["opening"], told["asked"], told["until"], told["office"])]
        assert places == sorted(places)


def test_every_finding_of_a_letter_stands_in_its_pdf_and_each_page_is_read(people: People) -> None:
    kept = issued(people, *(confirmed(people) for _ in range(40)))
    read = pages(people["li"].get(f"/letter/{kept.letter_id}.pdf?copy=zh").data)
    assert len(read) > 1
    assert all("审核确认总时限超期T04" in page for page in read[:-1])
    assert sum(page.count("审核确认总时限超期T04") for page in read) == 40
    assert missing(kept.body["zh"], kept.sha256, "".join(read)) == []


@with_office
def test_an_office_program_prints_the_whole_letter(people: People, tmp_path: Path) -> None:
    kept = issued(people, confirmed(people), confirmed(people))
    paper = printed(people["li"].get(f"/letter/{kept.letter_id}.docx?copy=zh").data, "docx", tmp_path)
    assert missing(kept.body["zh"], kept.sha256, paper) == []
