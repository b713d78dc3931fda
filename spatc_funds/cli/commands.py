"""Every ``flask --app app …`` command."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select

from spatc_funds.accounts.models import Person, RegisterKind
from spatc_funds.accounts.registers import UnknownExtractError, import_extract
from spatc_funds.audit.queries import verify
from spatc_funds.awards.importing import FileFaultsError
from spatc_funds.cli import demo, law, loading, post
from spatc_funds.core import clock
from spatc_funds.core.problems import NotReadyError
from spatc_funds.core.words import count_of
from spatc_funds.db.base import db
from spatc_funds.db.reading import reading
from spatc_funds.files.uploads import UnreadableFileError
from spatc_funds.framework.models import ImportKind
from spatc_funds.impact.importing import ResultsFaultsError
from spatc_funds.impact.queries import Filters, exported
from spatc_funds.publishing import operations as publishing
from spatc_funds.publishing import reporting
from spatc_funds.publishing.finance_workbook import write_workbook
from spatc_funds.publishing.readers import reader_of
from spatc_funds.publishing.report_files import write_report

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    for command in (prepare, load_demo, check, law_text, worker, remind, import_group, export_group, report):
        app.cli.add_command(command)
    settings = app.extensions["settings"]
    if settings.environment == "demo":
        app.extensions["demo_sign_ins"] = [(each.role, each.email) for each in demo.sign_ins()]
        app.extensions["demo_password"] = demo.PASSWORD


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the database up to date: migrations, plan, funds, past awards; outside production the demo world too."""
    upgrade(directory=current_app.extensions["migrate"].directory)
    new = loading.load_all()
    click.echo(f"Database ready: {count_of(new, 'new record')} of plan, funds and past awards.")
    if current_app.extensions["settings"].environment == "demo":
        _demo()


@click.command("demo")
@with_appcontext
def load_demo() -> None:
    """Load the demo world: invented groups in every state. Refused in production."""
    if current_app.extensions["settings"].production:
        raise click.ClickException("The demo world does not load in production.")
    _demo()


def _demo() -> None:
    if db.session.scalar(select(func.count()).select_from(Person)):
        click.echo("Demo world: already there.")
    else:
        told = demo.load_demo(clock.london_day(clock.now()))
        click.echo(f"Demo world: {count_of(len(told), 'invented application')}.")
    db.session.remove()
    click.echo(f"\nSign in with the password {demo.PASSWORD} as:")
    for each in demo.sign_ins():
        click.echo(f"  {each.role:30} {each.email}")


@click.command("law")
@with_appcontext
def law_text() -> None:
    """Print the law: who may do what and how far, every legal move, every address and its guard."""
    click.echo("\n".join([law.permissions(), law.moves(), law.routes(current_app)]), nl=False)


@click.command("check")
@with_appcontext
def check() -> None:
    """Verify the log: every entry hashes to what it says, follows the one before, and none is missing."""
    verdict = verify()
    for fault in verdict.faults:
        click.echo(f"FAULT: {fault}")
    click.echo(f"{count_of(verdict.entries, 'entry', 'entries')}, head {verdict.head}")
    if verdict.faults:
        sys.exit(1)


@click.command("worker")
@click.option("--once", is_flag=True, help="Send what waits now, and end.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Send the mail that waits in the outbox, and go on until it is told to end (SIGTERM, Ctrl-C)."""
    settings = current_app.extensions["settings"]
    if not settings.mail_host:
        raise click.ClickException("MAIL_HOST is not set: the mail stays in the outbox.")
    if once:
        sent, failed = post.send_waiting(settings)
        click.echo(f"{count_of(sent, 'message')} sent, {failed} failed")
    else:
        post.work(settings)


@click.command("remind")
@with_appcontext
def remind() -> None:
    """Remind those with an unfinished draft or a return to send, some days and hours before. Run it every hour."""
    click.echo(f"{count_of(post.remind_all(current_app.extensions['settings']), 'reminder')} written")


@click.group("import")
def import_group() -> None:
    """Load files."""


@import_group.command("awards")
@click.argument("file", type=READABLE)
@with_appcontext
def import_awards(file: Path) -> None:
    """Past awards from a csv or xlsx file. Nothing is written unless all of it is right."""
    try:
        added = loading.load_awards(file)
    except FileFaultsError as error:
        for fault in error.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        raise click.ClickException(f"{count_of(len(error.faults), 'fault')}; nothing was written.") from None
    except loading.UnreadableFileError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo(f"{count_of(added, 'award')} added.")


@import_group.command("results")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@with_appcontext
def import_past_results(file: Path) -> None:
    """Results of past rounds, from an xlsx file or a folder of csv files. Nothing is written unless all is right."""
    try:
        added = loading.load_results(file, clock.now())
    except ResultsFaultsError as error:
        for fault in error.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        raise click.ClickException(f"{count_of(len(error.faults), 'fault')}; nothing was written.") from None
    except loading.UnreadableFileError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo(f"{count_of(added.projects, 'project')} and {count_of(added.returns, 'return')} added or changed.")


@import_group.command("indicators")
@click.argument("kind", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", type=READABLE)
@click.option("--source", required=True, help="Who publishes it, and under which name.")
@click.option("--published", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day it was published.")
@click.option("--licence", required=True, help="The licence that it is published under.")
@click.option("--example", is_flag=True, help="Figures made up to show or try the service.")
@with_appcontext
def import_indicators(kind: str, file: Path, source: str, published: datetime, licence: str, *, example: bool) -> None:
    """Official figures of the current plan's indicators. Nothing is written unless all of it is right."""
    if published.date() > clock.london_day(clock.now()):
        raise click.ClickException("What was published, was published by today.")
    try:
        told = (source.strip(), published.date(), licence.strip())
        loaded = loading.load_indicators(ImportKind(kind), file, *told, example=example)
    except loading.FigureFaultsError as error:
        for fault in error.faults.first:
            click.echo(f"{file.name}: {fault}", err=True)
        raise click.ClickException(f"{count_of(error.faults.count, 'fault')}; nothing was written.") from None
    except (UnreadableFileError, NotReadyError) as error:
        raise click.ClickException(f"{file.name}: {error}; nothing was written.") from None
    for note in loaded.notes:
        click.echo(note)
    done = loaded.done
    if done.is_one:
        click.echo(
            f"{count_of(len(done.new), 'new figure')}, {len(done.changed):,} corrected, {done.same:,} as before."
        )
    else:
        click.echo("Everything in this file is held already: nothing has changed.")


@import_group.command("register")
@click.argument("kind", type=click.Choice([kind.value for kind in RegisterKind]))
@click.argument("file", type=READABLE)
@with_appcontext
def import_register(kind: str, file: Path) -> None:
    """The extract that a register publishes, in the place of the one before. All of it, or nothing."""
    try:
        held = import_extract(RegisterKind(kind), file, clock.london_day(clock.now()))
    except (UnknownExtractError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo(f"{file.name}: {count_of(held, 'organisation')}")


@click.group("export")
def export_group() -> None:
    """Write files."""


@export_group.command("impact")
@click.option("--out", type=WRITABLE, required=True)
@click.option("--plan", help="The plan's key, 2021-24.")
@click.option("--fund", help="A fund's key.")
@click.option("--round", "round_code", help="A round's code.")
@click.option("--year", help="A financial year, 2025-26.")
@click.option("--district", help="A district's GSS code.")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="The day it speaks of; today unless told.")
@with_appcontext
def export_impact(  # one argument for each option
    out: Path,
    plan: str | None,
    fund: str | None,
    round_code: str | None,
    year: str | None,
    district: str | None,
    as_at: date | None,
) -> None:
    """The roll-up of funded projects into the plan, as JSON by the contract of the README."""
    day = as_at.date() if as_at else clock.london_day(clock.now())  # type: ignore[attr-defined] # click gives a datetime
    filters = Filters(plan=plan, fund=fund, round=round_code, year=year, district=district, as_at=day)
    try:
        with reading():
            found = exported(filters)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"{out.name}: {count_of(found['total']['projects'], 'project')}")


@export_group.command("workbook")
@click.option("--round", "round_code", required=True, help="A round's code.")
@click.option("--out", type=WRITABLE, required=True)
@with_appcontext
def export_workbook(round_code: str, out: Path) -> None:
    """The finance workbook of a round."""
    try:
        write_workbook(round_code, out, clock.now())
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    click.echo(f"{out.name}: written")


@click.command("report")
@click.argument("reader")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="The day it speaks of; today unless told.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@with_appcontext
def report(reader: str, as_at: datetime | None, out: Path) -> None:
    """The panel report for a reader as at a day, as a page, Word file and PDF: the final one where there is one.

    Where none is kept for that day, a draft is made with the reader's own themes and indicators, and kept nowhere.
    """
    at = clock.now()
    day = as_at.date() if as_at else clock.london_day(at)
    if day > clock.london_day(at):
        raise click.ClickException("That day has not come.")
    try:
        reader_of(reader)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    with reading():
        found = reporting.newest_of(reader, day) or publishing.unsaved(reader, day, at)
        written = write_report(found, out, at)
    click.echo(f"{found.reference or 'A draft that is kept nowhere'}: {found.state.value}")
    for path in written:
        click.echo(str(path))
