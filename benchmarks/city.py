"""Builds the stored history of a benchmark: a city's facts and ledger, without going through intake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import psycopg

from benchmarks.generate import account_of, name_of
from monitors.tokens import Tokeniser
from sql.copying import copy_lines, line
from workers.keys import Keys

MONTH_OF_PAYMENTS = """
insert into store.payment(payment_id, batch_id, benefit_id, programme, region_code, household_id, payee_person_id, account_key, account_mask,
    account_name_key, account_name_mask, period, amount_fen, kind, submitted_at, paid_at, status, channel, judged_at, event_source, event_at, arrival)
select 'Q{tag}-' || i, 'K{tag}-' || left(region_code, 9), benefit_id, programme, region_code, household_id, person_id, account_key, '*0000', name_key, '张*',
    '{period}', 60000, 'regular', '{day} 09:00+08', '{day} 10:00+08', 'paid', 'bank', '{day} 09:00+08', '/bench', '{day} 10:00+08', {n} * 10000000 + i from n;
"""
#: What intake leaves behind beside them.
_LEDGER = """
insert into store.payment_held select 'Q{tag}-' || i, '{day} 10:00+08', '/bench', null, {n} * 10000000 + i, false, '{period}' from n;
insert into ledger.seen select '/bench', 'q{tag}-' || i, '{day} 10:00+08', sha256(('{tag}' || i)::bytea) from n;
insert into ledger.event(source, event_id, occurred_at, arrival, entity, key, op, batch_id, body, hash)
select '/bench', 'q{tag}-' || i, '{day} 10:00+08', {n} * 10000000 + i, 'payment', 'Q{tag}-' || i, 'upserted', {n},
    json_build_object('payment_id', 'Q{tag}-' || i, 'benefit_id', benefit_id, 'household_id', household_id, 'payee_person_id', person_id, 'account_key', account_key,
        'account_mask', '*0000', 'period', '{period}', 'amount_fen', 60000, 'kind', 'regular', 'status', 'paid', 'paid_at', '{day}T10:00:00+08:00'),
    sha256(('{tag}' || i)::bytea) from n;
"""


def months(count: int, last: date) -> list[date]:
    """The ``count`` months that end with ``last``, oldest first."""
    return [date(last.year + (last.month - 1 - back) // 12, (last.month - 1 - back) % 12 + 1, 1) for back in range(count - 1, -1, -1)]


def fill(conn: psycopg.Connection, keys: Keys, benefits: int, history: list[date]) -> None:
    """Write ``benefits`` benefits and one payment each for every month of ``history``. Owner's connection."""
    _add_accounts(conn, keys, benefits)
    run_file(conn, "city.sql", benefits)
    run_file(conn, "records.sql", benefits)
    for n, month in enumerate(history, 1):
        add_month(conn, month, n)
    conn.execute("vacuum analyze")


def run_file(conn: psycopg.Connection, name: str, benefits: int, findings: int = 0) -> None:
    """Run one file of this folder, with ``{benefits}`` and ``{findings}`` filled in."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    conn.execute(text.replace("{benefits}", str(benefits)).replace("{findings}", str(findings)))


def _add_accounts(conn: psycopg.Connection, keys: Keys, benefits: int) -> None:
    """The accounts and names of the stored history are those that are paid later: known to the vault, under their own pseudonyms."""
    tokens = Tokeniser(keys.hmac, date.today)
    accounts = [(str(b), tokens.pseudonym("account", account_of(b)), tokens.pseudonym("name", name_of(b))) for b in range(1, benefits + 1)]
    conn.execute("create temp table account_of (i int, account_key text, name_key text)")
    copy_lines(conn, "account_of(i,account_key,name_key)", (line(*told) for told in accounts))
    copy_lines(conn, "vault.identity(pseudonym,kind,ciphertext)",
               (line(key, kind, "\\x" + keys.seal(clear.encode()).hex()) for key, (kind, clear) in tokens.fresh.items()))  # fmt: skip


def add_month(conn: psycopg.Connection, month: date, n: int, *statements: str) -> None:
    """Write a month of payments; without ``statements``, with everything intake would have left behind."""
    told = {"tag": f"{month:%Y%m}", "period": f"{month:%Y-%m}", "day": f"{month:%Y-%m}-05", "n": n}
    conn.execute("select store.ensure_periods(array[%(period)s]), ledger.ensure_months(array[%(period)s])", told)
    for statement in statements or (MONTH_OF_PAYMENTS, _LEDGER):
        conn.execute(statement.format(**told))
