"""Replay rebuilds every fact from the ledger, and the findings over them are the ones that stand."""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.test_parity import World, live, world
from workers.replay import replay

__all__ = ["world"]


def test_replay_reproduces_facts_and_findings_exactly(world: Callable[..., World]) -> None:
    told = world(3)
    for _ in live(told, 40, compared=False):
        pass
    result = replay(told.conn, told.catalogue)
    assert result["events"] > 100
    assert (result["differing"], result["drift"]) == ({}, 0)


def test_replay_says_which_table_differs_and_leaves_it_as_it_was(world: Callable[..., World]) -> None:
    told = world(4)
    for _ in live(told, 15, compared=False):
        pass
    told.conn.execute("update store.payment set amount_fen = amount_fen + 1")
    result = replay(told.conn, told.catalogue)
    assert list(result["differing"]) == ["payment"]
