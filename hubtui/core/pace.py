"""How fast something goes and how long the rest will take, from what has come so far."""

from __future__ import annotations

import math
from dataclasses import dataclass

_MEMORY_S = 5.0
_SETTLED_S = 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    """An exponentially smoothed rate over observations at any intervals.

    Each observation weighs `1 - exp(-dt / 5 s)`, so that the rate follows a change within a few seconds and does not
    jump with every chunk; the sum is divided by the weight so far, so that the first seconds are not underestimated.

    Attributes:
        at_s: when it was last observed, in seconds of any clock; None before the first observation.
        amount: what had come by then.
        weighted: smoothed rate, not yet divided by its weight.
        weight: of all observations so far, below 1.
        observed_s: how long was observed in all.
    """

    at_s: float | None = None
    amount: int = 0
    weighted: float = 0.0
    weight: float = 0.0
    observed_s: float = 0.0

    def after(self, at_s: float, amount: int) -> Pace:
        """Return the pace with one more observation: at that time, so much had come in all.

        An amount that went back (a file begun again) or no time that passed only moves the mark.
        """
        if self.at_s is None or at_s <= self.at_s or amount < self.amount:
            return Pace(at_s, amount, self.weighted, self.weight, self.observed_s)
        passed = at_s - self.at_s
        share = -math.expm1(-passed / _MEMORY_S)
        rate = (amount - self.amount) / passed
        return Pace(
            at_s,
            amount,
            self.weighted + share * (rate - self.weighted),
            self.weight + share * (1.0 - self.weight),
            self.observed_s + passed,
        )

    @property
    def per_second(self) -> float | None:
        """The rate, None until half a second was observed."""
        return self.weighted / self.weight if self.observed_s >= _SETTLED_S and self.weight else None

    def seconds_left(self, remaining: int) -> float | None:
        """Return how long the remaining amount takes at this rate; None while nobody can tell."""
        if remaining <= 0:
            return 0.0
        rate = self.per_second
        return remaining / rate if rate else None
