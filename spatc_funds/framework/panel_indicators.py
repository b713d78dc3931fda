"""The plan's own official figures in the panel: what is held, each indicator by district, and importing files."""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from flask import Response, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from spatc_funds.audit.operations import looked
from spatc_funds.core import clock
from spatc_funds.core.problems import ChangedError, IllegalMoveError, MissingError, NotReadyError
from spatc_funds.core.words import count_of, is_blank
from spatc_funds.db.base import db
from spatc_funds.db.session import unit_of_work
from spatc_funds.files.uploads import UnreadableFileError
from spatc_funds.framework import importing, queries, template_file
from spatc_funds.framework.carried import NotWholeError, opened, sealed
from spatc_funds.framework.forms import ImportForm, ObserveForm, import_form
from spatc_funds.framework.importing import Brought
from spatc_funds.framework.models import ImportKind, Indicator, Observation
from spatc_funds.framework.observed import AREAS, Reading, State, period, plain, said
from spatc_funds.framework.queries import Held
from spatc_funds.framework.reading_files import read_file
from spatc_funds.policy.actions import Action
from spatc_funds.web.bodies import takes
from spatc_funds.web.fields import has_controls
from spatc_funds.web.guards import current_actor
from spatc_funds.web.panel import Gate, expose
from spatc_funds.web.panel_formats import cell

UNPROCESSABLE, CONFLICT = 422, 409
LARGEST_FILE = 64 * 1024 * 1024
MOST_SHOWN = 100
EXAMPLE = "Example figures"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = (
    *("indicator", "name", "unit", "area", "area_name", "period_from", "period_to", "value", "state", "baseline"),
    *("note", "source", "published_on", "licence", "file"),
)


class Indicators(Gate):
    """Indicators of the current plan, and what is held of them."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index": Action.INDICATOR_LIST,
        "show": Action.INDICATOR_LIST,
        "download": Action.INDICATOR_LIST,
        "download_all": Action.INDICATOR_LIST,
        "observe": Action.INDICATOR_OBSERVE,
        "import_figures": Action.INDICATOR_IMPORT,
        "download_template": Action.INDICATOR_IMPORT,
    }

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every indicator with what is held of it."""
        plan = queries.current_plan()
        held = queries.observations_of(plan) if plan else []
        return self.render("framework/indicators.html", plan=plan, held=held, summary=_summary)

    @expose("/<key>/")
    def show(self, key: str) -> ResponseReturnValue:
        """One indicator by district."""
        return self._page(_indicator(key))

    @expose("/<key>/figures.csv")
    def download(self, key: str) -> ResponseReturnValue:
        """What is held of it, as a file."""
        indicator = _indicator(key)
        looked(current_actor().id, "indicator:export", key)
        return _csv([queries.observations_of_one(indicator)], f"{indicator.key}.csv")

    @expose("/figures.csv")
    def download_all(self) -> ResponseReturnValue:
        """What is held of all of them, as a file."""
        plan = queries.current_plan()
        looked(current_actor().id, "indicator:export", "")
        return _csv(queries.observations_of(plan) if plan else [], "indicators.csv")

    @expose("/<key>/observe", methods=("POST",))
    def observe(self, key: str) -> ResponseReturnValue:
        """Record that no new data was published."""
        indicator, form, actor = _indicator(key), ObserveForm(), current_actor()
        if not form.check(clock.london_day(clock.now())):
            return self._page(indicator, form), UNPROCESSABLE
        areas, first, last = form.areas.data or [], form.period_from.data, form.period_to.data
        if first is None or last is None:
            raise MissingError
        try:
            with unit_of_work(actor.id, Action.INDICATOR_OBSERVE, indicator.key):
                new = importing.observe(actor, indicator, areas, first, last)
        except IllegalMoveError as error:
            form.form_errors.append(str(error))
            return self._page(_indicator(key), form), UNPROCESSABLE
        words = f"{period(first, last)}: no new data published, for {count_of(new, 'area')}."
        flash(words if new else "That was recorded before. Nothing has changed.", "success")
        return redirect(self.get_url(".show", key=key), 303)

    @expose("/template.<any(csv, xlsx):kind>")
    def download_template(self, kind: str) -> ResponseReturnValue:
        """The empty file of figures."""
        headers = {"Content-Disposition": f"attachment; filename=figures.{kind}"}
        if kind == "csv":
            return Response(template_file.as_csv(), mimetype="text/csv", headers=headers)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "figures.xlsx"
            names = [(each.key, each.name) for each in queries.indicators_by_key().values()]
            template_file.write(out, names, clock.now())
            return Response(out.read_bytes(), mimetype=XLSX, headers=headers)

    @expose("/import", methods=("GET", "POST"))
    @takes(LARGEST_FILE)
    def import_figures(self) -> ResponseReturnValue:
        """What a file would change; and, when that was seen, saving it."""
        if request.form.get("act") == "save":
            return self._save()
        form = import_form()
        today = clock.london_day(clock.now())
        if form.check(today):
            indicators = _names(queries.indicators_by_key().values())
            db.session.rollback()  # reading a file takes its time: nobody else's save waits for it
            try:
                found = read_file(form.kind.data, form.file.data.stream, indicators, today)
            except UnreadableFileError as error:
                form.file.errors = [str(error)]
            else:
                reading = found.reading
                if reading.faults.count:
                    return self._faults(reading, form)
                return self._preview(_brought(form, reading, found.sha256), reading.notes)
        return self._form(form), UNPROCESSABLE if form.errors else 200

    def _save(self) -> ResponseReturnValue:
        actor = current_actor()
        try:
            brought, shown = opened(current_app.secret_key, actor.id, request.form.get("figures", ""))  # type: ignore[arg-type] # settings are text
        except NotWholeError as error:
            form = import_form(formdata=None)
            form.form_errors.append(str(error))
            return self._form(form), UNPROCESSABLE
        try:
            with unit_of_work(actor.id, Action.INDICATOR_IMPORT, brought.file_name[:80]):
                done = importing.import_figures(actor, brought, shown, clock.now())
        except ChangedError as error:
            return self._preview(brought, (), str(error))
        except NotReadyError:
            return self._preview(brought, ())
        flash(f"Saved: {count_of(len(done.new), 'new figure')}, {len(done.changed):,} corrected.", "success")
        return redirect(self.get_url("panel_imports.index_view"), 303)

    def _preview(self, brought: Brought, notes: Sequence[str], message: str = "") -> ResponseReturnValue:
        found = importing.difference(brought)
        if found.faults:
            page = self.render(
                "framework/import_faults.html", faults=found.faults, count=len(found.faults), has_errors=True
            )
            return page, UNPROCESSABLE
        shown = importing.digest(found)
        page = self.render(
            "framework/import_preview.html",
            brought=brought,
            found=found,
            notes=notes,
            message=message,
            new=found.new[:MOST_SHOWN],
            changed=found.changed[:MOST_SHOWN],
            names={each.key: each.name for each in queries.indicators_by_key().values()},
            figures=sealed(current_app.secret_key, current_actor().id, brought, shown) if found.is_one else "",  # type: ignore[arg-type] # settings are text
            collisions=brought.kind is ImportKind.COLLISIONS,
            has_errors=bool(message),
            **_words(),
        )
        return page, CONFLICT if message else 200

    def _faults(self, reading: Reading, form: ImportForm) -> ResponseReturnValue:
        faults = reading.faults
        shown = {"faults": faults.first, "count": faults.count, "form": form}
        return self.render("framework/import_faults.html", has_errors=True, **shown), UNPROCESSABLE

    def _form(self, form: ImportForm) -> str:
        return self.render("framework/import.html", form=form, largest=LARGEST_FILE // 1024 // 1024)

    def _page(self, indicator: Indicator, form: ObserveForm | None = None) -> str:
        held = queries.observations_of_one(indicator)
        return self.render(
            "framework/indicator.html",
            indicator=indicator,
            held=held,
            chart=queries.chart_of(held),
            form=form or (ObserveForm() if self.may("observe") else None),
            areas=AREAS,
            rows=_rows(held),
            collisions=any(
                each.imported is not None and each.imported.kind is ImportKind.COLLISIONS for each in held.observations
            ),
            sources=_sources(held),
            **_words(),
        )


def _words() -> dict[str, object]:
    return {"period": period, "said": said, "area_names": AREAS, "example": EXAMPLE}


def _indicator(key: str) -> Indicator:
    found = queries.indicators_by_key().get(key)
    if found is None:
        raise MissingError
    return found


def _names(indicators: Iterable[Indicator]) -> dict[str, str]:
    """Each indicator by its name and by its key."""
    return {name: each.key for each in indicators for name in (each.name, each.key)}


def _brought(form: ImportForm, reading: Reading, sha256: str) -> Brought:
    name = Path(str(form.file.data.filename).replace("\\", "/")).name[:300]
    if is_blank(name) or has_controls(name):
        name = "a file without a name"
    if form.published_on.data is None:
        raise MissingError
    told = (form.source.data, form.published_on.data, form.licence.data, bool(form.example.data))
    return Brought(form.kind.data, name, sha256, reading.rows, *told, reading.observed)


def _rows(held: Held) -> list[tuple[str, dict[str, Observation]]]:
    """The figures by period, the latest first; in each what is held by area."""
    found: dict[tuple[object, object], dict[str, Observation]] = {}
    for each in sorted(held.observations, key=lambda one: (one.period_to, one.period_from), reverse=True):
        found.setdefault((each.period_from, each.period_to), {})[each.area] = each
    return [(period(*days), by_area) for days, by_area in found.items()]  # type: ignore[arg-type] # both are days


def _sources(held: Held) -> list[str]:
    """Where the figures come from, each once."""
    imports = {each.imported.id: each.imported for each in held.observations if each.imported is not None}
    lines = [
        f"{each.source}, published {each.published_on.day} {each.published_on:%B %Y}, {each.licence}"
        + (f". {EXAMPLE}." if each.is_example else "")
        for each in imports.values()
    ]
    return list(dict.fromkeys(lines))


def _summary(held: Held) -> str:
    """What is held of an indicator, in one line."""
    told = [each for each in held.observations if each.state is State.PUBLISHED]
    if not held.observations:
        return "Nothing is held yet"
    latest = max(held.observations, key=lambda each: (each.period_to, each.period_from))
    parts = [count_of(len(told), "figure"), f"latest {period(latest.period_from, latest.period_to)}"]
    parts.append(f"{count_of(len(held.baselines), 'baseline')}" if held.baselines else "no baseline")
    return ", ".join(parts) + (f". {EXAMPLE}" if held.has_examples else "")


def _csv(held: Iterable[Held], name: str) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for one in held:
        for each in one.observations:
            writer.writerow(cell(value) for value in _line(one.indicator, each))
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _line(indicator: Indicator, each: Observation) -> list[str]:
    made = each.imported
    return [
        indicator.key,
        indicator.name,
        indicator.unit,
        each.area,
        AREAS[each.area],
        each.period_from.isoformat(),
        each.period_to.isoformat(),
        plain(each.value_milli),
        each.state.value,
        "yes" if each.is_baseline else "no",
        EXAMPLE.lower() if each.is_example else "",
        *([made.source, made.published_on.isoformat(), made.licence, made.file_name] if made else [""] * 4),
    ]
