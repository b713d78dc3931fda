"""Files of figures that were imported, for the staff."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from spatc_funds.framework.models import ImportKind, IndicatorImport
from spatc_funds.policy.actions import Action
from spatc_funds.web.guards import allowed
from spatc_funds.web.panel import Filter, Link, RegisterView


def kind_of(_view: Any, _context: Any, row: IndicatorImport, _name: str) -> str:
    """As it was offered."""
    return row.kind.words


def who(_view: Any, _context: Any, row: IndicatorImport, _name: str) -> str:
    """Whoever imported it."""
    return row.imported_by.name if row.imported_by else "A command"


def example(_view: Any, _context: Any, row: IndicatorImport, _name: str) -> str:
    """Said wherever it is one."""
    return "Example figures" if row.is_example else "No"


class Imports(RegisterView):
    """Every file that changed what is held, the newest first."""

    permissions: ClassVar[Mapping[str, Action]] = {
        "index_view": Action.INDICATOR_LIST,
        "details_view": Action.INDICATOR_LIST,
        "export": Action.INDICATOR_LIST,
    }
    can_view_details = can_export = True
    visible = None
    introduction = (
        "Files that figures came from. A file that changed nothing is not listed. The log has each old value."
    )
    column_list = ("imported_at", "file_name", "kind", "source", "published_on", "added", "corrected", "is_example")
    column_details_list = [*column_list, "licence", "rows_read", "sha256", "imported_by.name"]  # each view reads it
    column_export_list = column_details_list
    column_labels = {  # each view copies it
        "imported_at": "Imported",
        "file_name": "File",
        "published_on": "Published",
        "added": "New figures",
        "corrected": "Corrected",
        "is_example": "Example figures",
        "rows_read": "Rows read",
        "sha256": "Fingerprint (SHA-256)",
        "imported_by.name": "Imported by",
    }
    column_formatters = {"kind": kind_of, "imported_by.name": who, "is_example": example}  # each view copies it
    column_sortable_list = ("imported_at", "file_name", "published_on", "added", "corrected")
    column_default_sort = ("imported_at", True)
    column_searchable_list = ("file_name", "source", "licence")
    numeric = frozenset({"added", "corrected", "rows_read"})
    filters: ClassVar[Sequence[Filter]] = (
        Filter("kind", IndicatorImport.kind, "Kind", "pick", choices=[(kind.value, kind.words) for kind in ImportKind]),
        Filter("example", IndicatorImport.is_example, "Example figures", "pick"),
    )

    def title_of(self, row: IndicatorImport) -> str:
        """The file."""
        return row.file_name

    def links(self) -> list[Link]:
        """Where one is imported."""
        found = [Link("All indicators", self.get_url("panel_indicators.index"))]
        if allowed(Action.INDICATOR_IMPORT):
            found.append(Link("Import figures", self.get_url("panel_indicators.import_figures")))
        return found
