"""Which rules are in force in this database; a new version is an event like any other: everything is asked again."""

from __future__ import annotations

import hashlib

import psycopg

from monitors.catalogue import Catalogue
from monitors.rule import Rule
from sql.load import raw


def sync(conn: psycopg.Connection, catalogue: Catalogue) -> list[str]:
    """Make watch.rule_state equal to the catalogue; return the files that are new or changed (to be swept)."""
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('aidwatch rulebook'))")
        rows = conn.execute("select file, code, version, sha256 from watch.rule_state")
        held = {(file, code): (version, sha256) for file, code, version, sha256 in rows}
        wanted = {(rule.file, code): rule for rule in catalogue.rules for code in rule.codes}
        retired = held.keys() - wanted.keys()
        for file, code in retired:
            _retire(conn, file, code)
        changed = sorted({rule.file for slot, rule in wanted.items() if held.get(slot) != (rule.version, rule.sha256)
                          or (retired and "correction" in rule.touches)})  # fmt: skip
        for slot, rule in wanted.items():
            _register(conn, rule, slot[1])
        for rule in catalogue.rules:
            _keep_text(conn, rule)
        for file in changed:
            conn.execute("delete from watch.claim where files = array[%s]", [file])
            conn.execute("delete from watch.resweep where file = %s", [file])
            conn.execute("insert into watch.resweep(file, reason) values (%s, 'new version')", [file])
        if any(file.startswith("timeliness.") for file in changed):
            conn.execute(raw("durations.add_all_due"))  # which limits somebody judges may have changed
    return changed


def _register(conn: psycopg.Connection, rule: Rule, code: str) -> None:
    title = rule.codes[code].title
    values = [rule.file, code, rule.family, rule.version, rule.sha256, title["zh"], title["en"], list(rule.needed(code))]
    conn.execute(
        "insert into watch.rule_state as held (file, code, family, version, sha256, title_zh, title_en, needs) "
        "values (%s,%s,%s,%s,%s,%s,%s,%s) on conflict (file, code) do update set family = excluded.family, "
        "version = excluded.version, sha256 = excluded.sha256, title_zh = excluded.title_zh, title_en = excluded.title_en, "
        "needs = excluded.needs, unknown_since = case when held.sha256 = excluded.sha256 then held.unknown_since end, "
        "parked_error = case when held.sha256 = excluded.sha256 then held.parked_error end", values)  # fmt: skip


def _keep_text(conn: psycopg.Connection, rule: Rule) -> None:
    """Keep what a finding of this version rests on, for as long as there are findings: files change, evidence must not."""
    digest = hashlib.sha256(rule.text.encode()).hexdigest()
    conn.execute("insert into watch.rule_text(file, version, sha256, subject, codes, body) values (%s,%s,%s,%s,%s,%s) "
                 "on conflict do nothing", [rule.file, rule.version, digest, rule.subject, list(rule.codes), rule.text])  # fmt: skip


def _retire(conn: psycopg.Connection, file: str, code: str) -> None:
    """A code no file carries any more finds nothing: what it found is cleared, and stays on record."""
    conn.execute("delete from watch.rule_state where file = %s and code = %s", [file, code])
    conn.execute("update watch.finding set present = false, ladder_card = null, cleared_at = watch.now_at() "
                 "where rule = %s and present and not exists (select from watch.rule_state where code = %s)", [code, code])  # fmt: skip


def park(conn: psycopg.Connection, file: str, error: str) -> None:
    """Say that a rule's answers are unknown since now, and why."""
    conn.execute("update watch.rule_state set unknown_since = coalesce(unknown_since, watch.now_at()), parked_error = %s "
                 "where file = %s", [error[:2000], file])  # fmt: skip
