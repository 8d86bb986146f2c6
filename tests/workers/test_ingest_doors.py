"""Deliveries taken together are answered apart."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sql.settings import Settings
from tests.conftest import Database
from tests.workers.sending import raw
from workers import keys
from workers.doors import Doors, part
from workers.intake import Receipt
from workers.taking import DatabaseAwayError


def test_each_sender_hears_of_its_own_events(settings: Settings, database: Database) -> None:
    doors = Doors(settings.database_url_for("worker"), keys.ensure(settings), "test")
    sent = [[raw(f"{n}-1"), raw(f"{n}-2"), raw(f"{n}-1"), b"{", raw("shared")] for n in range(40)]
    with ThreadPoolExecutor(40) as senders:
        receipts = list(senders.map(doors.take, sent))
    doors.close()
    assert all([one["index"] for one in receipt.rejected] == [3] for receipt in receipts)
    assert sum(receipt.accepted for receipt in receipts) == 40 * 2 + 1
    assert all(receipt.accepted + receipt.duplicates == 4 for receipt in receipts)
    assert all(2 in receipt.repeated for receipt in receipts)


def test_a_receipt_is_cut_where_the_delivery_ends() -> None:
    whole = Receipt(accepted=5, repeated=[0, 4], rejected=[{"index": 3, "id": None, "reason": "x"}])
    assert part(whole, 0, 3) == Receipt(accepted=2, repeated=[0])
    assert part(whole, 3, 3) == Receipt(accepted=1, repeated=[1], rejected=[{"index": 0, "id": None, "reason": "x"}])
    assert part(whole, 6, 2) == Receipt(accepted=2)


def test_when_the_database_is_away_everybody_hears_it(settings: Settings) -> None:
    doors = Doors("postgresql+psycopg://nobody@127.0.0.1:1/none", keys.ensure(settings), "test")
    with pytest.raises(DatabaseAwayError):
        doors.take([raw(1)])
    doors.close()
