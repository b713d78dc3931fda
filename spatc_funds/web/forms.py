"""The base of every form."""

from flask_wtf import FlaskForm


class PageForm(FlaskForm):
    """A form on one page. ``validate_on_submit()`` as usual; a draft is saved from ``form.data`` whether valid or not.

    ``readable_data()`` is what a draft may keep: answers that could not be read at all (text where a number belongs) are
    left out, so that a save never overwrites a good answer with nothing.
    """

    def readable_data(self) -> dict[str, object]:
        """Data of the fields that could be read, without the page's own hidden fields."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token" and not field.process_errors}
