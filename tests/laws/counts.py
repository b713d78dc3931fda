"""How much was tried, for the line at the end of the run."""

from collections import Counter

TRIED: Counter[str] = Counter()
