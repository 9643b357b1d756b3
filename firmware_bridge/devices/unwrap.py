"""Counters and clocks of a few bits, made continuous.

The nearest-half rule: of all values that a wrapped reading can stand for, the one
nearest to what is expected is meant. What is expected is the last value, or, after a
pause, the last value advanced by what the pause must have added.
"""

from __future__ import annotations


def nearest(reading: int, expected: int, bits: int) -> int:
    """The value equal to `reading` modulo ``2**bits`` that lies nearest to `expected`.

    Halfway, the lower one is taken: the result lies in
    ``[expected - 2**(bits-1), expected + 2**(bits-1))``.
    """
    half = 1 << (bits - 1)
    return expected + ((reading - expected + half) & ((1 << bits) - 1)) - half


class Unwrapper:
    """Makes the readings of one wrapping counter or clock continuous.

    Parameters
    ----------
    bits : int
        Width of the reading.
    """

    __slots__ = ("_advance", "bits", "last")

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.last: int | None = None
        """The latest unwrapped value; None before the first."""
        self._advance = 0

    def __call__(self, reading: int) -> int:
        """Unwrap one reading; the first one is taken as it is."""
        self.last = self.peek(reading)
        self._advance = 0
        return self.last

    def peek(self, reading: int) -> int:
        """What `reading` stands for, without taking it over."""
        if self.last is None:
            return reading
        return nearest(reading, self.last + self._advance, self.bits)

    @property
    def expected(self) -> int | None:
        """Where the next reading is looked for; None before the first."""
        return None if self.last is None else self.last + self._advance

    def advance(self, amount: int) -> None:
        """Expect the next reading `amount` further on: time went by without readings."""
        self._advance += amount

    def reset(self) -> None:
        """Forget everything: the counter began anew."""
        self.last = None
        self._advance = 0
