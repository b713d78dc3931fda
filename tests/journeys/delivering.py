"""Money out, the return back, and the figures: the last part of the journey."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.journeys.applying import CROSS, GROUP, OTHER_OUTCOME, OUTCOME, OWN, THEME, TITLE, Sent
from tests.journeys.browsing import REFUSED, Visitor, words_of
from tests.journeys.deciding import PANEL, PART_SHOWN
from tests.journeys.figures import Said, lists, read, recomputed, return_links, shown

FIRST_INSTALMENT = "£8,400.01"
LEDGER = "EXAMPLE-000417"
GATES, BANK = ("Supplier form", "Awards night attended", "Subsidy confirmed"), "Bank details checked"


def record_gates(finance: Visitor, reference: str) -> None:
    """The payment is refused with what is missing; each condition is recorded, but one that another person records."""
    finance.follow(PANEL)
    finance.follow("What is due")
    finance.open(f"{reference}-P1")
    finance.press("Request this payment", REFUSED)
    assert len(finance.summary()) == len(GATES) + 1, finance.summary()
    finance.press("Record that it is met", REFUSED)
    for gate in GATES:
        record(finance, gate)
    record(finance, BANK, status=REFUSED)
    assert "another person has to record" in finance.main()


def record_bank(finance: Visitor, reference: str) -> None:
    """Whoever did not record the supplier form."""
    finance.follow(PANEL)
    finance.follow("What is due")
    finance.open(f"{reference}-P1")
    record(finance, BANK)


def record(finance: Visitor, gate: str, status: int = 200) -> None:
    """One condition, with what was seen."""
    if finance.page.get_by_role("radio").count() > 1:
        finance.choose(gate, group="Which condition is met?")
    else:
        finance.choose(gate)
    finance.fill("What did you see that shows it?", f"Seen by phone and on paper: {gate.lower()}")
    finance.press("Record that it is met", status)


def request_payment(finance: Visitor, reference: str) -> None:
    """Requested; and not the same person's to approve, neither by the page nor past it."""
    finance.go(f"/admin/payments/due/{reference}-P1/")
    finance.press("Request this payment")
    assert "so another person has to" in finance.main()
    assert not finance.page.get_by_role("button", name="Approve this payment").count()
    token = finance.page.locator("[name=csrf_token]").first.get_attribute("value")
    form: Any = {"csrf_token": str(token), "payment": f"{reference}-P1"}
    answer = finance.context.request.post(f"/admin/payments/due/{reference}-P1/approve", form=form)
    assert answer.status == 403, answer.text()
    assert "so another person has to" in answer.text()


def pay(finance: Visitor, reference: str, today: date) -> None:
    """The second finance officer approves, and marks it paid; a day in the future is refused."""
    finance.go(f"/admin/payments/due/{reference}-P1/")
    finance.press("Refuse this payment", REFUSED)
    finance.press("Approve this payment")
    ahead = today + timedelta(days=3)
    finance.day("When was it paid?", (ahead.day, ahead.month, ahead.year))
    finance.press("Mark as paid", REFUSED)
    finance.day("When was it paid?", (today.day, today.month, today.year))
    finance.fill("Ledger reference", LEDGER)
    finance.press("Mark as paid")
    assert LEDGER in finance.main()


def file_return(grantee: Visitor, reference: str) -> None:
    """Sent empty and refused; then 0 of 50, nothing yet on one measure, and a figure that the officer will doubt."""
    grantee.follow("My work")
    grantee.follow(f"Fill in your return: {TITLE}")
    grantee.follow("Start your return")
    grantee.press("Save and continue", REFUSED)
    number = "How many people"
    people = grantee.group("People taking part")
    people.get_by_label("A number", exact=True).check()
    people.get_by_label(number, exact=True).fill("640")
    grantee.choose("Nothing to report yet", group="Volunteers trained")
    sessions = grantee.group("Sessions delivered")
    sessions.get_by_label("A number", exact=True).check()
    sessions.get_by_label("How many sessions", exact=True).fill("31")
    safer = grantee.group("People who feel safer")
    safer.get_by_label("A number", exact=True).check()
    safer.get_by_label("People who said they feel safer", exact=True).fill("51")
    safer.get_by_label("Out of how many: people who were asked", exact=True).fill("50")
    own = grantee.group(OWN)
    own.get_by_label("A number", exact=True).check()
    own.get_by_label("People who say so", exact=True).fill("9")
    own.get_by_label("Out of how many: people you asked", exact=True).fill("18")
    grantee.fill("How much of the award have you spent so far?", "7,912.40")
    grantee.fill("How did it go?", "The evenings are full.\n\nNobody we asked feels safer yet: there was a bad fire.")
    grantee.press("Save and continue", REFUSED)
    grantee.group("People who feel safer").get_by_label("People who said they feel safer", exact=True).fill("0")
    grantee.press("Save and come back later")
    grantee.follow("Go on with your return")
    grantee.press("Save and continue")
    fill_parts(grantee, 640)
    assert "0 of 50" in grantee.main()
    grantee.press("Send your return")
    assert f"{reference}-R1" in grantee.main()


def fill_parts(grantee: Visitor, people: int) -> None:
    """Who the people were, never more than there were; and what was spent, line by line, as much as in all."""
    lives = grantee.page.get_by_role("group", name=words_of("Where they live: People taking part"))
    ages = grantee.page.get_by_role("group", name=words_of("How old they are: People taking part"))
    grantee.fill("Leeds", str(people), within=lives)
    grantee.fill("Kirklees", "1", within=lives)
    grantee.fill("Not known", str(people), within=ages)
    grantee.press("Save and continue", REFUSED)
    grantee.fill("Kirklees", "0", within=lives)
    grantee.press("Save and continue")
    boxes = grantee.page.get_by_label("Spent since the start", exact=True)
    for place in range(boxes.count()):
        boxes.nth(place).fill("0")
    grantee.press("Check and send", REFUSED)
    boxes.nth(0).fill("7,912.40")
    grantee.page.get_by_label(re.compile("If it is more than .*, why")).first.fill("The hall cost more")
    grantee.press("Check and send")


def send_back(officer: Visitor, reference: str) -> None:
    """The officer gives it back with a reason; not without one."""
    officer.follow(PANEL)
    officer.follow("To read and late")
    officer.open(f"{reference}-R1")
    assert "0 of 50" in officer.main()
    officer.press("Send this return back", REFUSED)
    officer.fill("What has to be mended", "640 people is more than the room holds. Did you count each person once?")
    officer.press("Send this return back")


def mend(grantee: Visitor, reference: str) -> None:
    """The grantee reads why, mends the number, and sends it again."""
    grantee.follow("My work")
    grantee.follow(f"Mend and send your return again: {TITLE}")
    assert "Did you count each person once?" in grantee.main()
    grantee.follow("Change your return")
    grantee.group("People taking part").get_by_label("How many people", exact=True).fill("64")
    grantee.press("Save and continue")
    fill_parts(grantee, 64)
    grantee.press("Send your return")
    grantee.follow("See this return")
    assert f"{reference}-R1" in grantee.main()


def accept_return(officer: Visitor, reference: str) -> None:
    """Accepted, which freezes it."""
    officer.follow("To read and late")
    officer.open(f"{reference}-R1")
    officer.press("Accept this return", REFUSED)
    officer.fill("What the grantee is told", "Thank you. The full evenings show that you are needed.")
    officer.press("Accept this return")
    assert "Version 1" in officer.main()


def see_impact(analyst: Visitor, sent: Sent) -> None:
    """The project in its cell; what the cell is made of; its figures from its own rows; and the return behind them."""
    analyst.follow(PANEL)
    analyst.follow("Impact on the plan")
    parts = lists(read(analyst.page.content()))
    assert not any(OTHER_OUTCOME in row for row in analyst.page.locator("tr:has(a)").all_inner_texts())  # contributed
    cell = analyst.page.get_by_role("link", name=words_of(f"1 project: {THEME}, {CROSS}"))
    href = str(cell.get_attribute("href"))
    analyst.click(cell)
    page = read(analyst.page.content())
    said = shown(page)
    assert sent.reference in analyst.main()
    assert GROUP in analyst.main()
    assert said == recomputed(page)
    assert (said.projects, said.awarded, said.paid, said.returns, said.people) == parts_of(parts[href])
    assert said.awarded == PART_SHOWN
    assert said.paid == FIRST_INSTALMENT
    assert said.measures["people-taking-part"] == "64"
    assert said.measures["people-who-feel-safer"] == "0 of 50"
    assert said.measures["sessions-delivered"] == "31"
    assert said.measures["volunteers-trained"] == "Nothing reported yet"
    assert len(return_links(page)) == 1
    own = [cell.text() for cell in page.one("tr", data_own=None).all("td")]
    assert own[1:3] == ["24 of 40", "9 of 18"]
    analyst.open(f"{sent.reference}-R1")
    assert "0 of 50" in analyst.main()


def see_own(analyst: Visitor, sent: Sent) -> None:
    """What the group chose to count itself: promised beside counted, to the return and back."""
    analyst.go("/admin/impact/")
    assert OWN not in analyst.main()
    analyst.follow("Groups’ own measures")
    row = analyst.page.get_by_role("row").filter(has_text=sent.reference)
    assert "24 of 40" in row.inner_text()
    assert "9 of 18" in row.inner_text()
    analyst.click(row.get_by_role("link", name=f"{sent.reference}-R1"))
    assert OWN in analyst.main()


def see_districts(analyst: Visitor) -> None:
    """Sixty and forty percent of the money, to the penny; and the outcome that it was given for."""
    analyst.go("/admin/impact/")
    for name, awarded in (("Leeds", "£10,080.01"), ("Kirklees", "£6,720"), (OUTCOME, PART_SHOWN)):
        row = analyst.page.get_by_role("row").filter(has=analyst.page.get_by_role("link", name=name, exact=True))
        href = str(row.get_by_role("link").get_attribute("href"))
        analyst.go(href)
        page = read(analyst.page.content())
        assert awarded in analyst.main(), name
        assert shown(page) == recomputed(page)
        analyst.go("/admin/impact/")


def workbook(finance: Visitor, reference: str, folder: Path, today: date) -> None:
    """The round's workbook: the award and its payment as real dates and numbers, data never a formula."""
    finance.follow("Finance workbook")
    link = finance.page.get_by_role("link", name="Download the workbook of EX-MSCF", exact=True)
    with finance.page.expect_download() as waited:
        link.click()
    waited.value.save_as(folder / "workbook.xlsx")
    book = load_workbook(folder / "workbook.xlsx")
    awards, payments = table(book["Awards"]), table(book["Payments"])
    (award,) = [row for row in awards if row["Award"] == reference]
    (payment,) = [row for row in payments if row["Award"] == reference]
    assert award["Amount"] == 16800.01
    assert award["Recipient"] == GROUP
    assert payment["Amount"] == 8400.01
    assert payment["Ledger reference"] == LEDGER
    assert payment["Paid on"] in {today, datetime(today.year, today.month, today.day)}  # noqa: DTZ001 # a cell has no zone
    checks = table(book["Checks"])
    assert checks
    assert all(row["Holds"] is True for row in checks)
    assert not [cell for row in (*awards, *payments) for cell in row.values() if str(cell).startswith("=")]


def table(sheet: Any) -> list[dict[str, object]]:
    """The rows of a sheet's only table, without its totals."""
    (found,) = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[found.ref]]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows if row[0]]


def parts_of(said: Said) -> tuple[int, str, str, str, str]:
    """A part as the first impact page says it."""
    return said.projects, said.awarded, said.paid, said.returns, said.people
