"""Suggested interests: what meets, what does not, and that nothing ended is suggested."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spatc_funds.assessment.matching import Entry, Party, alike, suggestions

TODAY = date(2026, 11, 23)
NAMES = st.text(min_size=1, max_size=60)
DAYS = st.one_of(st.none(), st.dates(TODAY - timedelta(400), TODAY + timedelta(400)))
ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(["organisation", "person", "address", "post"]),
    name=NAMES,
    number=st.sampled_from(["", "1999001", "1999002"]),
    expires_on=DAYS,
)
PARTIES = st.builds(
    Party,
    name=NAMES,
    numbers=st.lists(st.sampled_from(["1999001", "1999003"]), max_size=2),
    people=st.lists(NAMES, max_size=2),
    postcodes=st.lists(st.sampled_from(["BD1 1AA", "LS1 1AA"]), max_size=2),
)


def test_the_same_number_meets_however_it_is_written() -> None:
    found = suggestions(
        [Entry("organisation", "Quite another name", "1999 001")], [Party("Example", ["1999001"])], TODAY
    )
    assert found == ["Example has the number 1999 001, which is in your register"]


def test_a_name_much_like_it_meets_and_another_does_not() -> None:
    entry = Entry("organisation", "Example Youth Club, Leeds")
    assert suggestions([entry], [Party("example  youth club leeds")], TODAY)
    assert suggestions([entry], [Party("Leeds Example Youth Club,")], TODAY), "in any order"
    assert suggestions([entry], [Party("Example Allotments of Wakefield")], TODAY) == []


def test_a_person_is_looked_for_among_people_and_not_among_groups() -> None:
    entry = Entry("person", "Robin Invented")
    assert suggestions([entry], [Party("X", people=["Robin  Invented", "Invented Robin"])], TODAY) == [
        "A person named in the bid is much like “Robin Invented”"
    ]
    assert suggestions([entry], [Party("Robin Invented")], TODAY) == []


def test_an_address_meets_by_its_postcode() -> None:
    entry = Entry("address", "12 Example Street, BD1  1AA")
    assert suggestions([entry], [Party("X", postcodes=["BD1 1AA"])], TODAY) == ["X has the postcode BD1 1AA"]
    assert suggestions([entry], [Party("X", postcodes=["BD1 1AB"])], TODAY) == []


@given(ENTRIES, PARTIES)
def test_what_has_expired_suggests_nothing_and_its_last_day_still_counts(entry: Entry, party: Party) -> None:
    if entry.expires_on is None or entry.expires_on >= TODAY:
        endless = Entry(entry.kind, entry.name, entry.number)
        assert suggestions([entry], [party], TODAY) == suggestions([endless], [party], TODAY)
    else:
        assert suggestions([entry], [party], TODAY) == []


def test_the_last_day_counts() -> None:
    entry = Entry("organisation", "Example", expires_on=TODAY)
    assert suggestions([entry], [Party("Example")], TODAY)
    assert not suggestions([entry], [Party("Example")], TODAY + timedelta(1))


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_full_for_the_same(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert alike(one, one) == 100 or not one.split()
    assert 0 <= alike(one, other) <= 100


@given(st.lists(ENTRIES, max_size=4), st.lists(PARTIES, max_size=3))
def test_nothing_is_said_twice_and_the_whole_is_the_sum_of_its_parts(
    entries: list[Entry], parties: list[Party]
) -> None:
    found = suggestions(entries, parties, TODAY)
    assert len(found) == len(set(found))
    assert set(found) == {
        each for entry in entries for party in parties for each in suggestions([entry], [party], TODAY)
    }
