"""The same human registered a second time, with the errors clerks make: for plants, tests and benchmarks of linkage.

How often each happens is assumed: in nine of ten second registrations the number is mistyped or missing, and one or two
of the other fields differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from monitors.linkage import chinese
from workers.simulator.identity import given_name, id_number, phone_number, surname

Record = dict[str, str]
_DAYS_OF_LIFE = 30_000


class Slips:
    """Makes second registrations; the same for the same ``rng``."""

    def __init__(self, rng: Random, characters: Iterable[str]) -> None:
        self._rng = rng
        self._alike: dict[str, list[str]] = defaultdict(list)
        for table in (chinese.VARIANT, chinese.LOOK):
            for character, first in table.items():
                if character != first:
                    self._alike[first].append(character)
                    self._alike[character].append(first)
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for character in sorted(set(characters)):
            self._sounds[chinese.sound(character)].append(character)

    def again(self, record: Mapping[str, str], key: str) -> Record:
        """Return the second registration of a human under another key."""
        made = {**record, "person_id": key}
        made["id_number"] = "" if self._rng.random() < 0.15 else self.number(record["id_number"])
        for slip in self._rng.sample((self._name, self._phone, self._moved, self._birth), k=self._rng.choice((0, 1, 1, 2))):
            slip(made)
        return made

    def number(self, number: str) -> str:
        """Mistype one digit, swap two neighbours, or mistype two."""
        kind, digits = self._rng.random(), list(number)
        place = self._rng.randrange(6, 17)
        if kind < 0.35 and digits[place - 1] != digits[place]:
            digits[place - 1], digits[place] = digits[place], digits[place - 1]
        else:
            for one in {place} if kind < 0.85 else set(self._rng.sample(range(6, 17), 2)):
                digits[one] = self._rng.choice([d for d in "0123456789" if d != digits[one]])
        return "".join(digits)

    def _name(self, record: Record) -> None:
        name = list(record["name"])
        place = self._rng.randrange(len(name))
        if len(name) == 3 and self._rng.random() < 0.1:
            name[1], name[2] = name[2], name[1]
        else:
            others = self._alike.get(name[place]) or [c for c in self._sounds[chinese.sound(name[place])] if c != name[place]]
            name[place] = self._rng.choice(others or ["某"])
        record["name"] = "".join(name)

    def _phone(self, record: Record) -> None:
        record["phone"] = "" if self._rng.random() < 0.5 else phone_number(self._rng)

    def _moved(self, record: Record) -> None:
        record["village"] = record["village"][:6] + f"{self._rng.randrange(1, 13):03d}{self._rng.randrange(1, 40):03d}"
        record["address"] = f"{record['village']}#{self._rng.randrange(400)}"

    def _birth(self, record: Record) -> None:
        born = date.fromisoformat(record["birth_date"])
        record["birth_date"] = (born + timedelta(days=self._rng.choice((-9, -1, 1, 10, 30)))).isoformat()


def people(count: int, seed: int) -> list[Record]:
    """Return as many humans, in families: kin share name, address and phone; one family in thirty has twins. No two share a number."""
    rng = Random(f"{seed}:people")
    found, numbers = list[Record](), set[str]()
    while len(found) < count:
        found += _family(rng, len(found), numbers)
    return found[:count]


def with_doubles(count: int, doubles: int, seed: int) -> tuple[list[Record], set[tuple[str, str]]]:
    """Return humans, some of them twice, shuffled, and the true pairs (keys in order)."""
    first = people(count, seed)
    rng = Random(f"{seed}:doubles")
    slips = Slips(rng, "".join(record["name"] for record in first))
    chosen = rng.sample(first, doubles)
    second = [slips.again(record, f"{record['person_id']}-2") for record in chosen]
    records = [*first, *second]
    rng.shuffle(records)
    return records, {(one["person_id"], two["person_id"]) for one, two in zip(chosen, second, strict=True)}


def _family(rng: Random, number: int, numbers: set[str]) -> Iterator[Record]:
    village = f"3714{rng.randrange(2, 28):02d}{rng.randrange(1, 13):03d}{rng.randrange(1, 40):03d}"
    phone = phone_number(rng) if rng.random() < 0.85 else ""
    shared = {"village": village, "address": f"{village}#{rng.randrange(400)}", "phone": phone}
    family = surname(rng)
    born = date(2015, 12, 31) - timedelta(days=rng.randrange(_DAYS_OF_LIFE))
    if rng.random() < 1 / 30:
        yield from _twins(rng, number, shared, family, born, numbers)
        return
    for member in range(rng.choice((1, 1, 2, 3))):
        near = born + timedelta(days=rng.randrange(-1500, 1500))
        yield _person(rng, number + member, shared, family, near, rng.randrange(1000), numbers)


def _twins(rng: Random, number: int, shared: Mapping[str, str], family: str, born: date, numbers: set[str]) -> Sequence[Record]:
    order = rng.randrange(1, 990)
    one, other = (_person(rng, number + n, shared, family, born, order + 2 * n, numbers) for n in (0, 1))
    other["name"] = one["name"]
    while chinese.sound(other["name"]) == chinese.sound(one["name"]):  # nobody calls both the same
        other["name"] = one["name"][:-1] + given_name(rng, "男" if order % 2 else "女")[-1]
    return [one, other]


def _person(rng: Random, number: int, shared: Mapping[str, str], family: str, born: date, order: int, numbers: set[str]) -> Record:
    sex = "男" if order % 2 else "女"
    while (own := id_number(shared["village"][:6], born, order)) in numbers:
        order = (order + 2) % 1000
    numbers.add(own)
    return {"person_id": f"P{number:07d}", "name": family + given_name(rng, sex),
            "id_number": own, "birth_date": born.isoformat(),
            "sex": "M" if order % 2 else "F", **shared}  # fmt: skip
