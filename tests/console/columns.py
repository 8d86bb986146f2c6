"""The columns a rule's query returns, read from its text."""

import sqlglot
from sqlglot import exp


def columns_of(sql: str) -> set[str]:
    """Return the names of the outermost columns."""
    parsed = sqlglot.parse_one(sql, read="postgres")
    assert isinstance(parsed, exp.Query)
    return set(parsed.named_selects)
