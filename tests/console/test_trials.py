"""A rule owner tries other limits: asked on a form, worked out by the job, shown on the page; nothing of it is in force."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from rq import SimpleWorker
from sqlalchemy import text

from sql.connect import connect
from sql.settings import Settings
from tests.conftest import Database
from tests.console.guests import Guest, ask, guest
from tests.workers.town import COUNTY, Town
from workers import jobs, trials

OWNER: dict[str, Any] = {"name": "owner", "roles": ["rule_owner"]}
PUB_EXEMPT = "rigid_expense, temporary_aid, disability_living, disability_care, old_age"


def form(**values: str) -> dict[str, str]:
    return {"rule": "P01", "p-limit": "168", "p-red_hours": "72", "p-pub_exempt": PUB_EXEMPT} | {f"p-{name}": value for name, value in values.items()}


def page(who: Guest, code: str = "P01") -> str:
    return ask(who, "rule-trial", search="", path=f"/rule/{code}")


def sql(database: Database, query: str, **bound: Any) -> list[Any]:
    with database.engine("owner").begin() as conn:
        answer = conn.execute(text(query), bound)
        return list(answer.all()) if answer.returns_rows else []


def work(settings: Settings) -> None:
    queue = jobs.queue(settings)
    SimpleWorker([queue], connection=queue.connection, serializer=jobs.SERIALIZER).work(burst=True, logging_level="WARNING")


def test_a_trial_is_asked_worked_out_and_shown(
    database: Database, settings: Settings, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    town = Town(database.url("worker"))
    town.judge_as("A150", "not_true")
    town.judge_as("A60", "true")
    before = sql(database, "select count(*), sum(rule_version), max(last_seen_at) from watch.finding")
    who = guest(database, ring=partial(trials.ring, settings), **OWNER)
    assert "还没有试算过" in page(who)
    assert "limit（现行：168）" in who.client.get("/trial?rule=P01").text
    answer = who.client.post("/trial", data=form(limit="120"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rule/P01")
    assert "owner 于" in page(who), "it waits"
    assert who.client.post("/trial", data=form(limit="130")).status_code == 409, "one at a time"
    work(settings)
    told = page(who)
    assert "limit = 120（现行 168）：新增 0 条，减少 1 条，变牌 0 条，不变 4 条" in told
    assert all(piece in told for piece in ("德城区", "50.0 %", "100.0 %", "A150"))
    assert sql(database, "select count(*), sum(rule_version), max(last_seen_at) from watch.finding") == before
    assert sql(database, "select count(*) from store.parameter where name = 'limit'") == [(0,)], "nothing is in force"
    town.close()


def test_what_does_not_fit_is_said_and_not_kept(database: Database) -> None:
    client = guest(database, **OWNER).client
    for values, said in (({"limit": "soon"}, "请按 168"), ({}, "至少改动一个"), ({"red_hours": ""}, "请按 72")):
        answer = client.post("/trial", data=form(**values))
        assert (answer.status_code, said in answer.text) == (400, True), values
    assert client.get("/trial?rule=Z99").status_code == 404
    assert client.post("/trial", data=form(pub_exempt="110105194912310021")).status_code == 303
    given = sql(database, "select given::text from watch.rule_trial")[0][0]
    assert "110105194912310021" not in given


def test_only_who_owns_rules_and_sees_every_region_tries_and_sees(database: Database) -> None:
    kept(database, "done", result=RESULT)
    assert "121" in page(guest(database, **OWNER))
    for who, status in ((guest(database, name="near", roles=["rule_owner"], regions=[COUNTY]), 403),
                        (guest(database, name="lead", roles=["leader"]), 403)):  # fmt: skip
        assert who.client.post("/trial", data=form(limit="120")).status_code == status
        assert "121" not in page(who)
    assert sql(database, "select count(*) from watch.rule_trial") == [(1,)]


def test_the_database_keeps_results_from_who_sees_some_regions_only(database: Database) -> None:
    kept(database, "done", result=RESULT)
    with database.engine("console").begin() as conn:
        assert conn.execute(text("select count(*) from watch.rule_trial")).scalar_one() == 0
        with pytest.raises(Exception, match="row-level security"):
            conn.execute(text("insert into watch.rule_trial(file, rule_version, who, given) values ('f', 1, 'x', '{}')"))
    for statement in ("update watch.rule_trial set result = '{}'", "delete from watch.rule_trial"):
        with database.engine("console").begin() as conn, pytest.raises(Exception, match="permission denied"):
            conn.execute(text(statement))


TALLY = {"gained": 121, "lost": 2, "changed": 0, "same": 5, "gained_fen": 1_000_000, "lost_fen": 0}
RESULT: dict[str, Any] = {
    "at": "2026-01-05T02:00:00+00:00", "asked_at": None, "waiting": 3, "total": TALLY, "places": [{"rule": "P01", "county": "", **TALLY}],
    "months": [["2026-03", 5, 4], ["2026-04", 7, 123]], "verdicts": {"all": {"true": 2}, "before": {"true": 1}, "after": {}},
    "examples": {"gained": [], "lost": [], "changed": []},
}  # fmt: skip


def kept(database: Database, state: str, *, fault: str | None = None, result: dict[str, Any] | None = None, version: int = 1, ago: str = "1 minute") -> None:
    sql(database, "insert into watch.rule_trial(file, rule_version, who, given, state, fault, result, asked_at, begun_at) values "
        "('procedure.publicity_too_short', :version, 'owner', '{\"limit\": \"120\"}', :state, :fault, cast(:result as jsonb), now() - cast(:ago as interval), now())",
        version=version, state=state, fault=fault, result=result and json.dumps(result), ago=ago)  # fmt: skip


@pytest.mark.parametrize(("row", "said"), [
    ({"state": "queued"}, "等待试算"), ({"state": "running"}, "起正在试算"), ({"state": "running", "ago": "2 hours"}, "任务已中断"),
    ({"state": "failed", "fault": "too_slow"}, "单次查询超过"), ({"state": "done", "result": RESULT, "version": 0}, "现行为第 1 版"),
    ({"state": "done", "result": RESULT}, "之后数据已有变化"),
])  # fmt: skip
def test_each_state_of_a_trial_says_what_it_is(database: Database, row: dict[str, Any], said: str) -> None:
    kept(database, **row)
    assert said in page(guest(database, **OWNER))


def test_the_months_are_drawn_and_told_as_a_table(database: Database) -> None:
    kept(database, "done", result=RESULT)
    told = ask(guest(database, **OWNER), "rule-months-table", search="", path="/rule/P01")
    assert all(piece in told for piece in ("2026-03 至 2026-04", "平均每月产生 6 条，按试算限值为 63.5 条", '"type": "bar"'))
    assert "3 条未计入" in told


def test_a_lost_trial_stops_no_new_one_and_the_last_twenty_of_a_rule_stay(database: Database, settings: Settings) -> None:
    kept(database, "running", ago="2 hours")
    for _ in range(24):
        kept(database, "failed", fault="stopped")
    assert guest(database, **OWNER).client.post("/trial", data=form(limit="120")).status_code == 303
    with connect(settings.database_url_for("worker"), name="test") as conn:
        assert trials.prune(conn) == 6
    assert sql(database, "select count(*), count(*) filter (where state = 'queued') from watch.rule_trial") == [(20, 1)]


def test_a_rule_that_is_gone_or_stopped_midway_fails_in_words(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(database, "queued")
    sql(database, "update watch.rule_trial set file = 'procedure.gone'")
    assert trials.run(settings) == 1
    kept(database, "queued")

    def breaks(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(trials, "try_out", breaks)
    with pytest.raises(RuntimeError):
        trials.run(settings)
    assert sql(database, "select state, fault from watch.rule_trial order by id") == [("failed", "refused"), ("failed", "stopped")]


def test_without_a_bus_the_trial_waits_for_the_clock(settings: Settings, environ: dict[str, str]) -> None:
    trials.ring(Settings.read({**environ, "REDIS_URL": "redis://127.0.0.1:1/0"}))
