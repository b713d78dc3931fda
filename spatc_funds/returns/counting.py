"""What a page needs to count a register in somebody's own browser (pure): which halves of postcodes lie where.

Only halves that lie in one district as good as whole are named. Of all others a postcode does not tell the district.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

OUTWARD: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "E08000032": tuple(f"BD{n}" for n in (1, 2, 3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 18, 21, 22)),
        "E08000033": ("HX1", "HX2", "HX3", "HX4", "HX5", "HX6", "HX7", "HD6", "OL14"),
        "E08000034": (
            *(f"HD{n}" for n in (1, 2, 3, 4, 5, 7, 9)),
            *(f"WF{n}" for n in (12, 13, 14, 15, 16, 17)),
            "BD19",
        ),
        "E08000035": tuple(f"LS{n}" for n in (*range(1, 20), 26, 27, 28)),
        "E08000036": tuple(f"WF{n}" for n in (1, 2, 4, 5, 6, 7, 9)),
    }
)
