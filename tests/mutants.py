"""Do the tests notice? Each planted break of ``mutants.toml`` goes into a copy of the package; its tests have to fail.

``python -m tests.mutants [word …]`` runs all of them, or those whose file, rule or database contains a word. It ends
with 1 when a break survives, does not apply, or cannot be run. The working tree is only read, and only once.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
AT_ONCE = 2
MOST_SECONDS = 900
PASSED, FAILED = 0, 1  # pytest's own codes; anything else means that the tests did not run
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib")
PURE = ("-p", "from_the_copy", "--noconftest")
# What the whole service needs beside the package: a copy of it can be served.
HOUSE = ("app.py", "config.py", "pyproject.toml", "benchmarks", "migrations", "templates", "static", "node_modules")

# A plugin for the run in the copy: all of the package came from there, and a busy machine fails no test.
FROM_THE_COPY = """
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).resolve().parent / "spatc_funds"
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_sessionfinish(session):
    loaded = [Path(module.__file__).resolve() for name, module in list(sys.modules.items())
              if name.startswith("spatc_funds.") and getattr(module, "__file__", None)]
    if not loaded or any(HERE not in path.parents for path in loaded):
        pytest.exit(f"not from the copy: {loaded}", returncode=9)
"""


@dataclass(frozen=True, slots=True)
class Break:
    """One rule taken out: the exact old text in a file of the package, the new text, the tests that must fail.

    ``whole`` names the database that those tests need, with all of the service; empty for the pure files.
    """

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    whole: str = ""


def planted(words: list[str]) -> list[Break]:
    """The breaks of the list, or those whose file, rule or database contains one of the words."""
    rows = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))["break"]
    found = [
        Break(row["rule"], row["file"], row["old"], row["new"], tuple(row["tests"]), row.get("whole", ""))
        for row in rows
    ]
    return [
        each for each in found if not words or any(word in f"{each.file} {each.rule} {each.whole}" for word in words)
    ]


def taken(folder: Path, *, whole: bool) -> None:
    """Copy the package and its tests; the pure files need none of the package's wiring, so that is left out."""
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE.parent / "spatc_funds", folder / "spatc_funds", ignore=left_out)
    shutil.copytree(HERE, folder / "tests", ignore=left_out)
    if whole:
        for name in HOUSE:
            (folder / name).symlink_to(HERE.parent / name)
        return
    (folder / "spatc_funds" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "from_the_copy.py").write_text(FROM_THE_COPY, encoding="utf-8")


def run(folder: Path, tests: tuple[str, ...], whole: str) -> tuple[int, str]:
    """Pytest's code and the end of what it said, with the copy first on the path."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "TEST_DATABASE": whole}
    command = [sys.executable, "-m", "pytest", *OPTIONS, f"--rootdir={folder}", "--hypothesis-seed=0"]
    command += [] if whole else PURE
    command += [f"tests/{test}" for test in tests]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"still running after {MOST_SECONDS} seconds"
    return done.returncode, (done.stdout + done.stderr)[-1500:]


def verdict(unbroken: Path, each: Break) -> str:
    """``noticed``, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="broken-") as name:
        folder = Path(name)
        shutil.copytree(unbroken, folder, dirs_exist_ok=True, symlinks=True)
        path = folder / "spatc_funds" / each.file
        text = path.read_text(encoding="utf-8")
        if text.count(each.old) != 1:
            return f"DOES NOT APPLY: the old text stands there {text.count(each.old)} times"
        path.write_text(text.replace(each.old, each.new), encoding="utf-8")
        survived = []
        for test in each.tests:  # each of them has to notice by itself
            code, said = run(folder, (test,), each.whole)
            if code == PASSED:
                survived.append(test)
            elif code != FAILED:
                return f"CANNOT BE RUN ({code}): {said}"
        return f"SURVIVES in {', '.join(survived)}" if survived else "noticed"


def say(line: str) -> None:
    """One line to whoever waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tried(whole: str, breaks: list[Break]) -> int:
    """How many breaks were noticed, of those that need the same; none where the tests fail without a break."""
    noticed = 0
    with tempfile.TemporaryDirectory(prefix="unbroken-") as name, ThreadPoolExecutor(AT_ONCE) as pool:
        unbroken = Path(name)
        taken(unbroken, whole=bool(whole))
        code, said = run(unbroken, tuple(sorted({test for each in breaks for test in each.tests})), whole)
        if code != PASSED:
            say(f"The tests do not pass on an unbroken copy ({code}):\n{said}")
            return 0
        for each, answer in zip(breaks, pool.map(partial(verdict, unbroken), breaks), strict=True):
            noticed += answer == "noticed"
            say(f"{each.file:32} {each.rule}: {answer}")
    return noticed


def main(words: list[str]) -> int:
    """Run the breaks, two at a time; 0 when the tests noticed every one."""
    breaks, noticed = planted(words), 0
    for whole in sorted({each.whole for each in breaks}):
        noticed += tried(whole, [each for each in breaks if each.whole == whole])
    say(f"{len(breaks)} planted breaks, {noticed} noticed")
    return 0 if breaks and noticed == len(breaks) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
