"""The configuration as Splink takes it."""

from __future__ import annotations

from typing import Any

from monitors.linkage.blocking import column_of
from monitors.linkage.config import Comparison, Config
from monitors.linkage.levels import Level

NULL, ELSE = "unknown", "else"
_LINK = {"dedupe": "dedupe_only", "link": "link_only", "one_to_one": "link_only"}


def splink_settings(config: Config) -> dict[str, Any]:
    """Return Splink's settings of a linkage."""
    return {
        "link_type": _LINK[config.kind],
        "unique_id_column_name": config.id,
        "comparisons": [_comparison(one) for one in config.compare],
        "blocking_rules_to_generate_predictions": [f"l.block_key_{n} = r.block_key_{n}" for n in range(len(config.block))],
        "probability_two_random_records_match": config.training.prior or 0.0001,
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
        "max_iterations": 100,
        "em_convergence": 1e-5,
        "linker_uid": "aidwatch",
    }


def needed_columns(config: Config) -> list[str]:
    """Return every column that is compared, blocked or trained on."""
    compared = [c for one in config.compare for level in one.levels for c in (*level.columns, *(f"{c}__{s}" for c, s in level.made))]
    compared += [one.name for one in config.compare if any(one.name in level.columns for level in one.levels)]
    trained = [c for group in (*config.training.expect, *config.training.sure) for c in group]
    blocked = [column_of(name) for group in config.block for name in group]
    return list(dict.fromkeys((*compared, *trained, *blocked)))


def _comparison(one: Comparison) -> dict[str, Any]:
    null = {"sql_condition": unknown(one), "label_for_charts": NULL, "is_null_level": True}
    other = {"sql_condition": "ELSE", "label_for_charts": ELSE, **_probabilities(one.else_m, one.else_u)}
    return {"output_column_name": one.name, "comparison_levels": [null, *(_level(one, level) for level in one.levels), other]}


def unknown(one: Comparison) -> str:
    """A comparison says nothing when all its columns are unknown on one side or the other."""
    columns = dict.fromkeys(c for level in one.levels for c in level.columns)
    return " and ".join(f'("{c}_l" is null or "{c}_r" is null)' for c in columns)


def _level(one: Comparison, level: Level) -> dict[str, Any]:
    told = {"sql_condition": level.sql, "label_for_charts": level.label, **_probabilities(level.m, level.u)}
    if one.frequency and level.is_exact:
        told["tf_adjustment_column"] = one.name
    return told


def _probabilities(m: float | None, u: float | None) -> dict[str, Any]:
    given = {} if m is None else {"m_probability": m, "fix_m_probability": True}
    return given if u is None else {**given, "u_probability": u, "fix_u_probability": True}
