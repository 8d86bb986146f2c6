"""Runs the numbered .sql files of ``sql/migrations`` once each, in order, through Alembic's bookkeeping."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_310_001  # one migration at a time, whoever starts first


def pending(done: set[str]) -> list[Path]:
    """Return the migration files not in ``done``, in order."""
    return [path for path in sorted(FOLDER.glob("[0-9]*.sql")) if path.stem not in done]


def migrate(engine: Engine) -> list[str]:
    """Apply what is missing; return the names applied. Each file is one transaction."""
    with engine.begin() as conn:
        conn.execute(text("select pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        conn.execute(text("create table if not exists public.migration (name text primary key, at timestamptz not null default now())"))
        conn.execute(text("grant select on public.migration to public"))
        done = set(conn.execute(text("select name from public.migration")).scalars())
        todo = pending(done)
        for path in todo:
            conn.connection.cursor().execute(path.read_text(encoding="utf-8"))
            conn.execute(text("insert into public.migration(name) values (:name)"), {"name": path.stem})
    return [path.stem for path in todo]
