"""Numbers as people read them."""

import pytest

from console.format import share


@pytest.mark.parametrize(("part", "said"), [
    (None, "–"), (0, "0.0 %"), (0.0004, "< 0.1 %"), (0.0005, "0.1 %"), (0.062, "6.2 %"), (0.9994, "99.9 %"), (0.99989, "> 99.9 %"), (1, "100.0 %"),
])  # fmt: skip
def test_a_share_that_is_not_quite_all_or_nothing_is_not_told_as_all_or_nothing(part: float | None, said: str) -> None:
    assert share(part) == said
