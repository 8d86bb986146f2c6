"""One answer for all who ask the same at the same time; never longer, and never a failure."""

import threading

import pytest

from console.shared import MOST_KEPT, Shared, forget_all


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_many_who_ask_at_once_cost_one_answer() -> None:
    made: list[int] = []
    going, gate = threading.Event(), threading.Event()

    def slow() -> int:
        made.append(1)
        going.set()
        gate.wait(10)
        return 7

    shared, told = Shared(60), list[int]()
    readers = [threading.Thread(target=lambda: told.append(shared.get("q", slow))) for _ in range(20)]
    for reader in readers:
        reader.start()
    assert going.wait(10)
    gate.set()
    for reader in readers:
        reader.join(10)
    assert told == [7] * 20
    assert made == [1]


def test_an_answer_grows_old() -> None:
    clock = Clock()
    shared, numbers = Shared(2, clock), iter(range(10))
    assert shared.get("q", lambda: next(numbers)) == 0
    clock.at = 1.9
    assert shared.get("q", lambda: next(numbers)) == 0
    clock.at = 2.0
    assert shared.get("q", lambda: next(numbers)) == 1


def test_another_question_is_another_answer() -> None:
    shared = Shared(60)
    assert [shared.get(question, question.upper) for question in "abca"] == ["A", "B", "C", "A"]


def test_a_failure_is_asked_again() -> None:
    shared = Shared(60)
    with pytest.raises(ZeroDivisionError):
        shared.get("q", lambda: 1 / 0)
    assert shared.get("q", lambda: 2) == 2


def test_it_does_not_grow_without_end() -> None:
    shared = Shared(60)
    for n in range(MOST_KEPT + 10):
        shared.get(n, lambda: None)
    assert len(shared._kept) == MOST_KEPT


def test_what_was_made_or_begun_before_somebody_changed_something_is_not_told_after() -> None:
    shared = Shared(60)
    assert shared.get("q", lambda: "old") == "old"

    def meanwhile() -> str:
        forget_all()
        return "begun before"

    assert shared.get("p", meanwhile) == "begun before"
    assert shared.get("q", lambda: "new") == "new"
    assert shared.get("p", lambda: "new") == "new"
