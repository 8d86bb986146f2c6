"""Payment events of one month over the benchmark city, as a payment system would send them."""

from __future__ import annotations

import json
import random
from datetime import date

NAMES = 5_000


def account_of(b: int) -> str:
    """The account into which benefit ``b`` is paid."""
    return f"62284800{b:08}"


def name_of(b: int) -> str:
    """The name in which that account is held."""
    return f"张{b % NAMES}"


def payments(n: int, *, benefits: int, first: date, tag: str, seed: int = 5, wrong_share: float = 0.003) -> list[bytes]:
    """Return ``n`` payment events, each benefit paid once a month from ``first`` on, in random order.

    ``wrong_share`` of them pay an amount no rule of theirs allows.
    """
    pick = random.Random(seed)
    order = list(range(1, benefits + 1))
    pick.shuffle(order)
    return [_payment(i, order[i % benefits], _month(first, i // benefits), tag, pick.random() < wrong_share) for i in range(n)]


def _month(first: date, later: int) -> str:
    return f"{first.year + (first.month - 1 + later) // 12:04}-{(first.month - 1 + later) % 12 + 1:02}"


def _payment(i: int, b: int, period: str, tag: str, wrong: bool) -> bytes:
    programme = ("dibao", "dibao", "dibao", "tekun", "old_age", "disability_care")[b % 6]
    region = f"3714{1 + b % 12:02}{1 + b // 12 % 11:03}000"
    data = {
        "payment_id": f"N{tag}{i}", "batch_id": f"K{period}{region[:9]}", "benefit_id": f"B{b}", "programme": programme,
        "region_code": region, "household_id": f"H{b}", "payee_person_id": f"P{b}", "account_number": account_of(b),
        "account_name": name_of(b), "period": period, "amount_fen": 90_000 if wrong else 60_000, "kind": "regular",
        "submitted_at": f"{period}-05T09:00:00+08:00", "paid_at": f"{period}-05T10:00:00+08:00", "returned_at": None,
        "status": "paid", "channel": "bank", "approver_id": f"S{b % 40}",
    }  # fmt: skip
    event = {"specversion": "1.0", "id": f"{tag}-{i}", "source": "/bench/fund", "type": "aidwatch.payment.upserted",
             "subject": data["payment_id"], "time": f"{period}-05T10:00:00+08:00", "sequence": str(i), "data": data}  # fmt: skip
    return json.dumps(event, ensure_ascii=False).encode()
