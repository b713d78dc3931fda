"""The fields, through a real application and a real form post."""

import io
import re
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from spatc_funds.web import fields
from spatc_funds.web.forms import PageForm

PAGE = """{% from "components/forms.html" import field, error_summary %}{{ error_summary(form) }}
{%- for f in form %}{{ field(f) }}{% endfor %}"""


class Pot(Enum):
    SMALL = "small"


class BidForm(PageForm):
    title = fields.TextField("What is it called?", max_length=20, required="Enter what it is called")
    email = fields.EmailField("E-mail address")
    secret = fields.SecretField("Password")
    story = fields.LongTextField("What will you do?", word_limit=5, required="Say what you will do")
    asked = fields.MoneyField("How much?", required="Enter an amount", maximum=800_000, subject="The amount")
    people = fields.WholeNumberField("How many people?", subject="Number of people", minimum=1, maximum=5000)
    starts = fields.DayField("When does it start?", required="Enter the day it starts")
    pot = fields.ChoiceField(
        "Which pot?", choices=[(Pot.SMALL, "Small", "Up to £8,000"), ("main", "Main")], required="Choose a pot"
    )
    district = fields.PickField("District", choices=[SelectChoice("leeds", "Leeds")], required="Choose a district")
    themes = fields.ChoicesField("Themes", choices=[("1", "One"), ("2", "Two")], required="Choose at least one theme")
    agree = fields.TickField("I agree", required="Tick to agree")
    before = fields.YesNoField("Money before?", required="Say whether you had money before")
    paper = fields.UploadField("Constitution")


GOOD: dict[str, Any] = {
    "title": "  Kicking off\t2 ",
    "email": "a.b@example.org",
    "secret": " s3cret ",
    "story": "one two\r\nthree\rfour ",
    "asked": "£7,400.50",
    "people": "1,200",
    "starts": ["4", "Jul", "2026"],
    "pot": "small",
    "district": "leeds",
    "themes": ["1", "2"],
    "agree": "y",
    "before": "no",
}


def post(data: dict[str, Any], obj: dict[str, Any] | None = None) -> tuple[BidForm, str]:
    """The form after a post, and how it is drawn."""
    app = Flask(__name__, template_folder=str(Path(__file__).parents[2] / "templates"))
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    got: list[tuple[BidForm, str]] = []

    @app.post("/")
    def page() -> str:
        form = BidForm(data=obj)
        form.validate_on_submit()
        got.append((form, render_template_string(PAGE, form=form)))
        return ""

    assert app.test_client().post("/", data=data).status_code == 200
    return got[0]


def error(name: str, typed: Any) -> str:
    """The one message at a field when that is typed."""
    form, html = post(GOOD | {name: typed})
    messages = list(form[name].errors)
    assert len(messages) <= 1
    assert all(f">{message}</a>" in html.replace("&#39;", "'") for message in messages)
    return messages[0] if messages else ""


def test_a_good_form_gives_clean_values() -> None:
    form, html = post(GOOD)
    assert form.errors == {}
    assert form.readable_data() == form.data
    assert form.data == {
        "title": "Kicking off 2",
        "email": "a.b@example.org",
        "secret": " s3cret ",
        "story": "one two\nthree\nfour",
        "asked": 740_050,
        "people": 1200,
        "starts": date(2026, 7, 4),
        "pot": "small",
        "district": "leeds",
        "themes": ["1", "2"],
        "agree": True,
        "before": False,
        "paper": None,
    }
    assert "error" not in html
    assert "s3cret" not in html


def test_an_empty_form_names_what_is_required_and_nothing_else() -> None:
    form, html = post({})
    assert {name: next(iter(messages)) for name, messages in form.errors.items()} == {
        "title": "Enter what it is called",
        "story": "Say what you will do",
        "asked": "Enter an amount",
        "starts": "Enter the day it starts",
        "pot": "Choose a pot",
        "district": "Choose a district",
        "themes": "Choose at least one theme",
        "agree": "Tick to agree",
        "before": "Say whether you had money before",
    }
    assert 'href="#starts-day"' in html
    assert 'href="#pot"' in html
    assert not re.search(r"<(input|textarea|select)[^>]* required", html)


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("title", "x" * 21, "Your answer must be 20 characters or fewer. You have typed 21."),
        (
            "title",
            "a\x00b",
            "Your answer has a hidden character that we cannot keep. Type it again instead of pasting it",
        ),
        (
            "story",
            "a\x07b",
            "Your answer has a hidden character that we cannot keep. Type it again instead of pasting it",
        ),
        ("story", "one two three\r\n\r\nfour five six", "Your answer must be 5 words or fewer. You have written 6."),
        ("story", "one\x0btwo\x0cthree\ttabbed", ""),
        ("email", "a@b", "Enter an e-mail address in the correct format, like name@example.org"),
        (
            "email",
            "a@b.org\r\nBcc: c@d.org",
            "Your answer has a hidden character that we cannot keep. Type it again instead of pasting it",
        ),
        ("email", "a b@example.org", "Enter an e-mail address in the correct format, like name@example.org"),
        ("email", "", ""),
        ("asked", "7k", "Enter an amount in pounds, like 7400 or 7,400.50"),
        ("asked", "8000.01", "The amount must be £8,000 or less"),
        ("asked", "8000", ""),
        ("people", "٣", "Number of people must be a whole number, like 40"),
        ("people", "-4", "Number of people must be a whole number, like 40"),
        ("people", "1e3", "Number of people must be a whole number, like 40"),
        ("people", "12,00", "Number of people must be a whole number, like 40"),
        ("people", "0", "Number of people must be between 1 and 5,000"),
        ("people", "5001", "Number of people must be between 1 and 5,000"),
        ("people", "9" * 5000, "Number of people must be between 1 and 5,000"),
        ("people", "5000", ""),
        ("people", "", ""),
        ("starts", ["4", "", "2026"], "The date must include a month"),
        ("starts", ["", "", "2026"], "The date must include a day and a month"),
        ("starts", ["31", "2", "2026"], "The date must be a real date, like 27 3 2027"),
        ("starts", ["4", "13", "2026"], "The date must be a real date, like 27 3 2027"),
        ("starts", ["4", "7", "26"], "The year must be four digits between 2000 and 2100, like 2027"),
        ("starts", ["4", "7", "2101"], "The year must be four digits between 2000 and 2100, like 2027"),
        ("starts", ["٤", "7", "2026"], "The date must be a real date, like 27 3 2027"),
        ("starts", ["29", "february", "2028"], ""),
        ("starts", ["4", "7", "2026", "extra"], ""),
        ("starts", ["4"], "The date must include a month and a year"),
        ("pot", "other", "Choose one of the options in the list"),
        ("district", "", "Choose a district"),
        ("district", "x", "Choose one of the options in the list"),
        ("themes", ["1", "9"], "Choose only from the options in the list"),
        ("before", "maybe", "Choose one of the options in the list"),
    ],
)
def test_each_fault_has_its_own_words(name: str, typed: Any, message: str) -> None:
    assert error(name, typed) == message


def test_what_was_typed_is_shown_again() -> None:
    form, html = post(
        GOOD
        | {
            "asked": "7k <b>",
            "people": "lots",
            "starts": ["31", "2", "2026"],
            "story": "one two three four five six\r\nseven",
        }
    )
    for shown in (
        'value="7k &lt;b&gt;"',
        'value="lots"',
        'value="31"',
        ">one two three four five six\nseven</textarea>",
    ):
        assert shown in html
    assert html.count("govuk-input--error") == 4  # amount, people, day and month: not the year
    assert "asked" not in form.readable_data()
    assert "starts" not in form.readable_data()
    assert form.readable_data()["story"] == "one two three four five six\nseven"


def test_a_value_from_outside_the_list_is_never_kept() -> None:
    form, _html = post(GOOD | {"pot": "other", "themes": ["1", "9"], "before": "maybe"})
    assert (form.pot.data, form.themes.data, form.before.data) == (None, [], None)


def test_nothing_sent_is_nothing_even_when_the_record_had_something() -> None:
    form, _html = post({"csrf_token": "-"}, obj={"pot": "main", "before": True, "title": "Old"})
    assert (form.pot.data, form.before.data, form.title.data) == (None, None, "")


def test_a_record_fills_the_form() -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        form = BidForm(
            data={
                "asked": 740_050,
                "people": 40,
                "starts": date(2026, 7, 4),
                "pot": Pot.SMALL,
                "before": False,
                "themes": None,
            }
        )
        drawn = "".join(form[name]() for name in ("asked", "people", "starts", "pot", "before", "story"))
    assert 'value="7,400.50"' in drawn
    assert 'value="40"' in drawn
    assert 'id="starts-month" name="starts" type="text" value="7"' in drawn
    assert 'value="small" checked' in drawn
    assert 'value="no" checked' in drawn
    assert "Up to £8,000" in drawn
    assert 'data-maxwords="5"' in drawn
    assert "style=" not in drawn


def test_choices_set_later_follow_the_same_rule() -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST", data={"pot": "a"}):
        form = BidForm()
        form.pot.choices = [("a", "First", "The first one")]
        form.validate()
        assert not form.pot.errors
        drawn = form.pot(reveal={"a": form.story()})
        assert "The first one" in drawn
        assert form.story() in drawn
        assert "aria-controls" not in drawn
        assert "&lt;p&gt;" in form.pot(reveal={"a": "<p>More</p>"})


def test_a_heading_makes_the_label_the_pages_h1() -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        form = BidForm()
        assert "<h1" in form.title(heading=True)
        assert "<h1" in form.pot(heading=True, size="m")
        assert 'autocomplete="name"' in form.title(autocomplete="name")
        assert 'data-x="1"' in form.title(data_x="1")


def test_an_upload_is_a_real_file_or_nothing() -> None:
    form, _html = post(GOOD | {"paper": (io.BytesIO(b"x"), "rules.pdf")})
    assert form.paper.data.filename == "rules.pdf"
    form, _html = post(GOOD | {"paper": (io.BytesIO(b""), "")})
    assert form.paper.data is None


def test_an_optional_field_becomes_required_for_one_form() -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST", data={}):
        form = BidForm()
        form.email.required = "Enter an e-mail address"
        form.validate()
        assert form.email.errors == ["Enter an e-mail address"]
