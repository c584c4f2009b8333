"""From where on a file that unpacks to much is a bomb and no scan."""

from typing import Final

# An honest truth of 256³ float64 is 134 MB and packs to a thousandth; no scan packs like that.
BOMB_BYTES: Final = 160_000_000
BOMB_RATIO: Final = 500
