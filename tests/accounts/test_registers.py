"""Finding a group in the public registers, from extracts with the published header rows; and when they do not help."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from spatc_funds.accounts.models import Organisation, RegisterEntry, RegisterKind
from spatc_funds.accounts.registers import Extracts, Found, RegisterAwayError, import_extract, search
from spatc_funds.db.base import db
from tests.builders import Browser, World

TODAY = date(2026, 11, 22)
# Both header rows are word for word those of the published files.
CHARITY_HEADER = (
    "date_of_extract\torganisation_number\tregistered_charity_number\tlinked_charity_number\tcharity_name\t"
    "charity_type\tcharity_registration_status\tdate_of_registration\tdate_of_removal\tcharity_reporting_status\t"
    "latest_acc_fin_period_start_date\tlatest_acc_fin_period_end_date\tlatest_income\tlatest_expenditure\t"
    "charity_contact_address1\tcharity_contact_address2\tcharity_contact_address3\tcharity_contact_address4\t"
    "charity_contact_address5\tcharity_contact_postcode\tcharity_contact_phone\tcharity_contact_email\t"
    "charity_contact_web\tcharity_company_registration_number\tcharity_insolvent\tcharity_in_administration\t"
    "charity_previously_excepted\tcharity_is_cdf_or_cif\tcharity_is_cio\tcio_is_dissolved\t"
    "date_cio_dissolution_notice\tcharity_activities\tcharity_gift_aid\tcharity_has_land"
)
COMPANY_HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1, RegAddress.AddressLine2,"
    "RegAddress.PostTown,RegAddress.County,RegAddress.Country,RegAddress.PostCode,CompanyCategory,CompanyStatus,"
    "CountryOfOrigin,DissolutionDate,IncorporationDate,Accounts.AccountRefDay,Accounts.AccountRefMonth,"
    "Accounts.NextDueDate,Accounts.LastMadeUpDate,Accounts.AccountCategory,Returns.NextDueDate,Returns.LastMadeUpDate,"
    "Mortgages.NumMortCharges,Mortgages.NumMortOutstanding,Mortgages.NumMortPartSatisfied,Mortgages.NumMortSatisfied,"
    "SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,SICCode.SicText_4,LimitedPartnerships.NumGenPartners,"
    "LimitedPartnerships.NumLimPartners,URI,"
    + ",".join(f"PreviousName_{number}.CONDATE, PreviousName_{number}.CompanyName" for number in range(1, 11))
    + ",ConfStmtNextDueDate, ConfStmtLastMadeUpDate"
)


def charity(number: str, name: str, status: str = "Registered", linked: str = "0", postcode: str = "BD1 1AA") -> str:
    cells = [""] * len(CHARITY_HEADER.split("\t"))
    for column, value in {
        "registered_charity_number": number,
        "linked_charity_number": linked,
        "charity_name": name,
        "charity_registration_status": status,
        "charity_contact_postcode": postcode,
        "charity_activities": 'Says "safe" often',
    }.items():
        cells[CHARITY_HEADER.split("\t").index(column)] = value
    return "\t".join(cells)


def company(number: str, name: str, status: str = "Active") -> str:
    names = [each.strip() for each in COMPANY_HEADER.split(",")]
    cells = [""] * len(names)
    for column, value in {"CompanyName": name, "CompanyNumber": number, "CompanyStatus": status}.items():
        cells[names.index(column)] = value
    return ",".join(f'"{cell}"' for cell in cells)


@pytest.fixture
def extracts(app: Flask, tmp_path: Path) -> tuple[Path, Path]:
    """Both extracts, imported."""
    charities, companies = tmp_path / "publicextract.charity.txt", tmp_path / "BasicCompanyData.csv"
    rows = [
        charity("1999001", "EXAMPLE PARK FRIENDS"),
        charity("1999001", "A PART OF IT", linked="1"),
        charity("1999002", "EXAMPLE GONE TRUST", status="Removed"),
        charity("1999003", "Example park rangers of the whole valley"),
    ]
    charities.write_text("\n".join([CHARITY_HEADER, *rows]) + "\n", encoding="utf-8-sig")
    rows = [
        company("01999001", "EXAMPLE PARK CAFE C.I.C."),
        company("09999002", "EXAMPLE OLD LIMITED", "Dissolved"),
        company("SC999003", "EXAMPLE NORTH LIMITED", "Active - Proposal to Strike off"),
    ]
    companies.write_text("\n".join([COMPANY_HEADER, *rows]) + "\n", encoding="utf-8")
    runner = app.test_cli_runner()
    first = runner.invoke(args=["import", "register", "charity", str(charities)])
    second = runner.invoke(args=["import", "register", "company", str(companies)])
    assert first.output == "publicextract.charity.txt: 2 organisations\n"
    assert second.output == "BasicCompanyData.csv: 2 organisations\n"
    return charities, companies


def keys(found: list[Found]) -> list[str]:
    return [each.key for each in found]


def test_by_number_in_either_register_however_it_is_typed(app: Flask, extracts: tuple[Path, Path]) -> None:
    with app.app_context():
        both = ["charity:1999001", "company:01999001"]
        assert sorted(keys(search(Extracts(), "1999001"))) == both  # seven digits may be either's
        assert keys(search(Extracts(), "0199 9001")) == ["company:01999001"]
        assert keys(search(Extracts(), "sc999003")) == ["company:SC999003"]
        assert search(Extracts(), "1999002") == []
        assert search(Extracts(), "1999999") == []


def test_by_name_every_word_the_shortest_first(app: Flask, extracts: tuple[Path, Path]) -> None:
    with app.app_context():
        assert keys(search(Extracts(), "park example")) == ["charity:1999001", "company:01999001", "charity:1999003"]
        assert keys(search(Extracts(), "  RANGERS valley ")) == ["charity:1999003"]
        assert search(Extracts(), "example % nothing") == []
        assert search(Extracts(), "%") == []


def test_an_extract_takes_the_place_of_the_one_before_or_nothing_changes(
    app: Flask, extracts: tuple[Path, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("name\tnumber\nx\t1\n", encoding="utf-8")
    answer = app.test_cli_runner().invoke(args=["import", "register", "charity", str(wrong)])
    assert answer.exit_code == 1
    assert "these columns are missing: charity_contact_postcode, charity_name" in answer.output
    with app.app_context():
        count = select(func.count()).select_from(RegisterEntry).where(RegisterEntry.kind == RegisterKind.CHARITY)
        assert db.session.scalar(count) == 2
        db.session.rollback()
        assert import_extract(RegisterKind.CHARITY, extracts[0], TODAY) == 2
        assert db.session.scalar(count) == 2


def test_found_and_confirmed_on_one_screen(
    app: Flask, extracts: tuple[Path, Path], client: Browser, world: World
) -> None:
    world.sign_in(client, world.person("auditor"))
    asked = client.send("/organisations/find?next=/funds/", {"what": "1999001"})
    assert asked.status_code == 303
    page = client.get(asked.location).text
    assert "EXAMPLE PARK FRIENDS" in page
    assert "Charity number 1999001, BD1 1AA" in page
    assert client.send(asked.location, {}).status_code == 422
    answer = client.send(asked.location, {"found": "charity:1999001"})
    assert answer.location == "/funds/"
    with app.app_context():
        made = db.session.scalars(select(Organisation).where(Organisation.charity_number == "1999001")).one()
        assert (made.name, made.company_number, bool(made.checked_at)) == ("EXAMPLE PARK FRIENDS", None, True)
    again = client.send(asked.location, {"found": "charity:1999001"})
    assert again.status_code == 422
    assert "There is already a group with this number" in again.text


def test_none_of_these_and_unknown_numbers_go_on_by_hand(
    app: Flask, extracts: tuple[Path, Path], client: Browser, world: World
) -> None:
    world.sign_in(client, world.person("auditor"))
    asked = client.send("/organisations/find", {"what": "Example Park"})
    by_hand = client.send(asked.location, {"found": "none"}).location
    assert 'value="Example Park"' in client.get(by_hand).text
    unknown = client.send("/organisations/find", {"what": "1999888"}).location
    assert unknown.startswith("/organisations/new")
    assert 'value="1999888"' in client.get(unknown).text
    forged = client.send(asked.location, {"found": "charity:1999888"})
    assert forged.status_code == 422


def test_a_register_that_is_away_never_stands_in_the_way(app: Flask, client: Browser, world: World) -> None:
    class Away:
        def by_number(self, _number: str) -> list[Found]:
            raise RegisterAwayError

        def by_name(self, _name: str) -> list[Found]:
            raise RegisterAwayError

    world.sign_in(client, world.person("auditor"))
    kept, app.extensions["registers"] = app.extensions["registers"], Away()
    try:
        for what in ("Example Park", "1999001"):
            assert client.send("/organisations/find", {"what": what}).location.startswith("/organisations/new")
    finally:
        app.extensions["registers"] = kept


def test_the_next_round_says_when_it_was_last_checked(world: World) -> None:
    world.submission()
    lead = world.browser(world.lead("submitted"))
    code = "EX-SS" if world.demo.specs["submitted"]["round"] == "EX-MSCF" else "EX-MSCF"
    with world.context():
        letters = "".join("y" if each.must_be else "n" for each in world.round(code).eligibility)
    page = lead.get(f"/rounds/{code}/organisation?answers={letters}").text
    assert "Last checked on " in page
    assert "Is it still right?" in page
