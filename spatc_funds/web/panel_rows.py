"""The rows behind a list of the panel: which there are, for whom, in what order; and nothing open until it is named."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, Protocol

from flask_admin.contrib.sqla.view import ModelView
from sqlalchemy import ColumnElement, Integer, inspect, or_
from sqlalchemy.orm import RelationshipProperty, joinedload, selectinload

from spatc_funds.core.problems import MissingError
from spatc_funds.db.base import db
from spatc_funds.policy.permissions import Person
from spatc_funds.web import guards, panel_formats
from spatc_funds.web.panel_filters import RESERVED, WHOLE, Filter, contains
from spatc_funds.web.panel_gate import Gate

SEPARATE_PAGES = {"details_view": "can_view_details", "export": "can_export"}


class Visible(Protocol):
    """A room's ``visible``: which rows this person may see."""

    def __call__(self, actor: Person, /) -> ColumnElement[bool]:
        """The clause."""
        ...


class Rows(Gate, ModelView):
    """What every list needs before it is shown. A fault of a subclass raises TypeError while the application starts."""

    # Whose rows: the clause for whoever asks, or None when everybody with the permission sees them all.
    visible: ClassVar[Visible | None]
    filters: ClassVar[Sequence[Filter]] = ()
    # Pages of the subclass's own that are posted the chosen rows: page → the button's words.
    bulk_acts: ClassVar[Mapping[str, str]] = MappingProxyType({})

    can_create = can_edit = can_delete = can_view_details = can_export = False
    # Flask-Admin's own writing and looking-up pages: no method, no address.
    create_view: Any = None
    edit_view: Any = None
    delete_view: Any = None
    action_view: Any = None
    ajax_lookup: Any = None
    ajax_update: Any = None
    action_delete: Any = None
    page_size = 50

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        self._refuse_unnamed()
        shown = {*(self.column_list or ()), *(self.column_details_list or ()), *(self.column_export_list or ())}
        pence = sorted(str(name) for name in shown if str(name).endswith(panel_formats.PENCE))
        own = dict(self.column_formatters or {})
        for_files = dict(self.column_formatters_export or own)
        self.column_formatters = dict.fromkeys(pence, panel_formats.pounds) | own
        self.column_formatters_export = dict.fromkeys(pence, panel_formats.plain_amount) | for_files
        self.column_type_formatters = dict(panel_formats.ON_PAGES)
        self.column_type_formatters_detail = dict(panel_formats.ON_PAGES)
        self.column_type_formatters_export = dict(panel_formats.IN_FILES)
        self.column_labels = dict(self.column_labels or {})
        self.column_filters = tuple(self.filters)
        super().__init__(model, db, **kwargs)
        mapper = inspect(model)
        self._keys = [getattr(model, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
        self._columns = [(str(name), label) for name, label in self._list_columns]
        needed = dict.fromkeys(str(name) for name, _label in [*self._list_columns, *self._export_columns])
        self._loads = [load for name in needed if (load := _load(model, name)) is not None]
        self._refuse_unknown(shown)

    def get_query(self) -> Any:
        """The rows that whoever asks may see: the list, each row's page, the file and the chosen rows begin here."""
        return self._scoped(super().get_query()).options(*self._loads)

    def get_count_query(self) -> Any:
        """How many those are."""
        return self._scoped(super().get_count_query())

    def get_one(self, id: Any) -> Any:  # noqa: A002 # Flask-Admin's name for it
        """The row with this key as typed; raises MissingError. The parent's would find rows beyond ``visible``."""
        if not isinstance(id, str) or not WHOLE.fullmatch(id):
            raise MissingError
        row = self.get_query().filter(self._keys[0] == int(id)).one_or_none()
        if row is None:
            raise MissingError
        return row

    def handle_view_exception(self, exc: Exception) -> NoReturn:
        """Leave every error to the error pages: the parent shows the database's words to the person."""
        raise exc

    def _scoped(self, query: Any) -> Any:
        visible = type(self).visible
        return query if visible is None else query.filter(visible(guards.current_actor()))

    def _apply_search(self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str) -> Any:
        """Every word, each in any of the searched columns; the parent would let people write its patterns."""
        for word in search.split():
            tests, count_tests = [], []
            for field, path in self._search_fields or ():
                query, joins, alias = self._apply_path_joins(query, joins, path, inner_join=False)
                count_query, count_joins, other = self._apply_path_joins(
                    count_query, count_joins, path, inner_join=False
                )
                tests.append(contains(field if alias is None else getattr(alias, field.key), word))
                count_tests.append(contains(field if other is None else getattr(other, field.key), word))
            query, count_query = query.filter(or_(*tests)), count_query.filter(or_(*count_tests))
        return query, count_query, joins, count_joins

    def _order_by(self, query: Any, joins: Any, sort_joins: Any, sort_field: Any, sort_desc: Any) -> Any:
        """What is not known comes last, whichever way; the databases do not agree by themselves."""
        if sort_field is None:
            return query, joins
        query, joins, alias = self._apply_path_joins(query, joins, sort_joins, inner_join=False)
        column = sort_field if alias is None else getattr(alias, sort_field.key)
        ordered = column.desc() if sort_desc else column.asc()
        if sort_joins or getattr(sort_field, "nullable", True):
            ordered = ordered.nulls_last()
        return query.order_by(ordered), joins

    def _apply_sorting(self, query: Any, joins: Any, sort_column: Any, sort_desc: Any) -> Any:
        """The key last, so that no row jumps from page to page."""
        query, joins = super()._apply_sorting(query, joins, sort_column, sort_desc)
        return query.order_by(*self._keys), joins

    def _prettify_name(self, name: str) -> str:
        return panel_formats.label_of(name)

    def scaffold_list_columns(self) -> NoReturn:
        """No column is shown that was not named."""
        message = f"{type(self).__name__} has to name column_list, and column_details_list where it shows details"
        raise TypeError(message)

    def scaffold_sortable_columns(self) -> dict[Any, Any]:
        """No column is sorted by that was not named."""
        return {}

    def scaffold_auto_joins(self) -> list[Any]:
        """Nothing: every relation on the way to a named column is loaded, where the parent stops at dotted names."""
        return []

    def get_create_form(self) -> Any:
        """No generated form."""
        return self.form_base_class

    def get_edit_form(self) -> Any:
        """No generated form."""
        return self.form_base_class

    def _refuse_unnamed(self) -> None:
        switched = {page for page, switch in SEPARATE_PAGES.items() if getattr(self, switch)}
        permitted = set(SEPARATE_PAGES) & set(self.permissions)
        keys = {each.key for each in self.filters} - RESERVED
        faults = {
            "say who sees which rows: visible": not hasattr(type(self), "visible"),
            "leave every write to operations": self.can_create or self.can_edit or self.can_delete,
            "both switch on and permit details_view and export": switched != permitted,
            "name its bulk acts in permissions": not set(self.bulk_acts) <= set(self.permissions),
            "give each filter a key of its own": len(keys) < len(self.filters),
        }
        for fault, found in faults.items():
            if found:
                message = f"{type(self).__name__} has to {fault}"
                raise TypeError(message)

    def _refuse_unknown(self, shown: Iterable[Any]) -> None:
        known = set(self.column_formatters)
        unknown = [name for name in shown if name not in known and not hasattr(self.model, name.split(".")[0])]
        if unknown:
            message = f"{type(self).__name__} shows columns that {self.model.__name__} has not: {unknown}"
            raise TypeError(message)
        numbered = len(self._keys) == 1 and isinstance(self._keys[0].type, Integer)
        if (self.can_view_details or self.bulk_acts) and not numbered:
            message = f"{type(self).__name__}: only a whole number can name a row in an address"
            raise TypeError(message)


def _load(model: type[Any], name: str) -> Any:
    """How the relations on the way to a column (``award.organisation.name``) are loaded with the rows."""
    option: Any = None
    for part in name.split("."):
        attribute = getattr(model, part, None)
        found = getattr(attribute, "property", None)
        if attribute is None or not isinstance(found, RelationshipProperty):
            break
        if found.uselist:
            option = selectinload(attribute) if option is None else option.selectinload(attribute)
        else:
            option = joinedload(attribute) if option is None else option.joinedload(attribute)
        model = found.mapper.class_
    return option
