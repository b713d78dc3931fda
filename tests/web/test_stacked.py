"""Tables that become blocks: every part says what it is, every cell its column's name, and nothing else changes."""

import re

import pytest
from markupsafe import Markup

from spatc_funds.web.stacked import stacked

TABLE = """<table class="govuk-table">
<caption class="govuk-table__caption">Bids</caption>
<thead class="x"><tr class="y"><th scope="col">Place</th><th scope="col">Bid</th>
<th scope="col">What &lt;is&gt; &#34;missing&#34;</th>
<th scope="col"><span class="govuk-visually-hidden">To do</span></th></tr></thead>
<tbody><tr><td class="z">1</td><th scope="row">A</th><td> </td><td><form></form></td></tr>
<tr><td>2</td><th scope="row">B &lt;td&gt;</th><td><p>Scores</p></td><td colspan="2">x</td></tr></tbody>
</table>"""


def test_every_part_has_its_role_and_every_cell_its_label() -> None:
    found = str(stacked(Markup(TABLE)))
    assert found.startswith('<div class="app-stack"><table role="table" class="govuk-table">')
    assert found.count('role="rowgroup"') == 2
    assert found.count('role="row"') == 3
    assert found.count('role="columnheader"') == 4
    assert found.count('role="rowheader"') == 2
    assert found.count('role="cell"') == 6
    assert '<td role="cell" data-label="Place" class="z">1</td>' in found
    assert '<td role="cell" data-empty="yes"> </td>' in found
    assert '<td role="cell"><form></form></td>' in found, "a heading that is out of sight is no label"
    assert 'data-label="What &lt;is&gt; &#34;missing&#34;"><p>Scores</p>' in found
    assert '<td role="cell" colspan="2">x</td>' in found


def test_nothing_but_roles_labels_and_the_box_is_added() -> None:
    found = str(stacked(Markup(TABLE)))
    less = re.sub(r' (?:role|data-label|data-empty)="[^"]*"', "", found)
    assert less == f'<div class="app-stack">{TABLE}</div>'


@pytest.mark.parametrize(("columns", "wide"), [(5, False), (6, True)])
def test_many_columns_need_more_room(columns: int, *, wide: bool) -> None:
    head = "".join(f'<th scope="col">{each}</th>' for each in range(columns))
    found = stacked(Markup(f"<table><thead><tr>{head}</tr></thead></table>"))
    assert ("app-stack--wide" in found) is wide


def test_a_cell_beyond_the_headings_and_a_table_without_any() -> None:
    assert '<td role="cell">1</td>' in stacked(Markup("<table><tr><td>1</td></tr></table>"))
