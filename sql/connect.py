"""Connections of long-lived loops: psycopg directly, because COPY and marks are its trade."""

from __future__ import annotations

import psycopg
from sqlalchemy.engine import make_url


def connect(url: str, *, name: str, statement_s: int = 60) -> psycopg.Connection:
    """Open an autocommit connection for a SQLAlchemy URL; every statement is bounded by ``statement_s``."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    options = f"-c statement_timeout={statement_s}s -c timezone=UTC -c plan_cache_mode=force_custom_plan -c jit=off"
    return psycopg.connect(dsn, autocommit=True, options=options, application_name=f"aidwatch {name}", connect_timeout=10)
