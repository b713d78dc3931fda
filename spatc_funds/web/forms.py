"""The base of every form."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm

from spatc_funds.core.problems import Problem
from spatc_funds.web import held


class PageForm(FlaskForm):
    """A form on one page: filled from what was posted, else from ``obj`` or ``data``.

    Where words were kept over a sign-in, the page is filled with these. They are not saved until somebody does.

    ``validate_on_submit()`` as usual. A draft is saved whether the form is valid or not, from ``readable_data()``.
    """

    class Meta(FlaskForm.Meta):
        """Where a form's words come from."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was posted; what was kept over a sign-in."""
            found = super().wrap_formdata(form, formdata)  # type: ignore[no-untyped-call]
            return held.held() if found is None and formdata is not None else found

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Posted, and nothing wrong."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def show(self, problems: Iterable[Problem]) -> None:
        """Put what an operation found at the fields of the same names, or above the form where there is none."""
        for problem in problems:
            if problem.field in self:
                self[problem.field].errors = [*self[problem.field].errors, problem.message]
            else:
                self.form_errors.append(problem.message)

    def readable_data(self) -> dict[str, Any]:
        """What a draft may keep, after ``validate()``: the data of every field that could be read, without the token.

        Text where a number belongs, hidden characters and text beyond all limits are left out, so that a save never
        puts nothing in the place of an earlier answer. Too many words are kept: they are only not ready to send.
        """
        return {
            name: field.data
            for name, field in self._fields.items()
            if name != "csrf_token" and not field.process_errors
        }
