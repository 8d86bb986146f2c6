"""Wilson's interval of a share: honest where the numbers are small.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212.
"""

from __future__ import annotations

import math

Z95 = 1.959964  #: two-sided 95 %


def interval(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return the lower and upper bound (shares, 0–1) of ``hits`` out of ``n``; (0, 1) when nothing is known (n = 0)."""
    if n == 0:
        return 0.0, 1.0
    share, wide = hits / n, z * z / n
    middle = (share + wide / 2) / (1 + wide)
    half = z / (1 + wide) * math.sqrt(share * (1 - share) / n + wide / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)
