"""A colour as CSS writes it → red, green, blue and alpha; whether text can be told from its ground.

Hexadecimal digits, rgb() and hsl() in both notations, and the names of what text is hidden in.
"""

import colorsys
import re
from functools import lru_cache
from typing import NamedTuple

FAINT = 0.05  # opacity, or share of the way from black to white, up to which nothing is seen
_NAMED = {
    "black": "#000", "white": "#fff", "canvas": "#fff", "snow": "#fffafa", "ghostwhite": "#f8f8ff",
    "mintcream": "#f5fffa", "whitesmoke": "#f5f5f5", "transparent": "#0000",
}  # fmt: skip
_DIGITS = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(%?)")


class Colour(NamedTuple):
    """Each part from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, ground: "Colour") -> "Colour":
        """Return the colour that is seen where this one lies on an opaque one."""
        parts = zip(self[:3], ground[:3], strict=True)
        return Colour(*(own * self.alpha + other * (1 - self.alpha) for own, other in parts))

    def is_seen_on(self, ground: "Colour") -> bool:
        """Tell whether text of this colour differs from what is behind it."""
        apart = (abs(own - other) for own, other in zip(self[:3], ground[:3], strict=True))
        return self.alpha * max(apart) > FAINT


PAPER = Colour(1, 1, 1)


@lru_cache(maxsize=1_000)
def colour(value: str) -> Colour | None:
    """Read a colour in lower case; None where `value` is none, or is written in another way."""
    value = _NAMED.get(value, value)
    if _DIGITS.fullmatch(value):
        size = 1 if len(value) < 6 else 2
        parts = (value[start : start + size] for start in range(1, len(value), size))
        return Colour(*(int(part * (3 - size), 16) / 255 for part in parts))
    function = _FUNCTION.fullmatch(value)
    numbers = _NUMBER.findall(function[2]) if function else []
    if not function or len(numbers) not in (3, 4):
        return None
    whole = (255, 255, 255, 1) if function[1] == "rgb" else (360, 100, 100, 1)
    first, second, third, *alpha = (
        min(max(float(number) / (100 if percent else most), 0), 1)
        for (number, percent), most in zip(numbers, whole, strict=False)
    )
    if function[1] == "hsl":
        first, second, third = colorsys.hls_to_rgb(float(numbers[0][0]) % 360 / 360, third, second)
    return Colour(first, second, third, *alpha)
