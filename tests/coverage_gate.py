"""After a run with coverage: 100 % of the law, the log and every pure file, 95 % of all.

The pure files are those that ``pyproject.toml`` keeps from Flask and the database.
"""

import sys
import tomllib
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
PURE_CONTRACT = "Pure files"
LOG = "spatc_funds/audit"
WHOLE, MOST_OF_IT = 100.0, 95.0


def covered_wholly() -> list[str]:
    """Patterns of the files in which no line and no branch may be missed."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (pure,) = [each for each in contracts if each["name"].startswith(PURE_CONTRACT)]
    paths = [ROOT / name.replace(".", "/") for name in pure["source_modules"]] + [ROOT / LOG]
    return [str(path / "*" if path.is_dir() else path.with_suffix(".py")) for path in paths]


def main() -> int:
    """0 when both hold."""
    coverage = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        whole = coverage.report(file=nowhere)
    of_pure = coverage.report(include=covered_wholly(), show_missing=True, skip_covered=True)
    sys.stdout.write(
        f"coverage: {whole:.2f} % of all ({MOST_OF_IT} needed), {of_pure:.2f} % of law, log and pure files\n"
    )
    return 0 if whole >= MOST_OF_IT and of_pure == WHOLE else 1


if __name__ == "__main__":
    sys.exit(main())
