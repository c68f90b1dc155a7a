"""The theme's templates: one frozen view in, HTML out; everything is escaped."""

from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from okrsite.portal import words
from okrsite.portal.assets import is_worked_on, theme_folder


class _Records(Environment):
    """Templates that see records alone: `it.name` is a field, never a key, and it is there."""

    getattr = staticmethod(getattr)  # type: ignore[assignment]  # asked three million times


@cache
def environment() -> Environment:
    """The templates' environment; an unknown name in a template is an error, not an empty text."""
    made = _Records(
        loader=FileSystemLoader(theme_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=is_worked_on(),
    )
    made.filters |= {
        "day": words.day,
        "day_year": words.day_year,
        "weekday": words.weekday,
        "iso": date.isoformat,
    }
    return made


def render(template: str, view: Any) -> str:
    """The page of `view`; the template sees exactly its fields."""
    names = {field.name: getattr(view, field.name) for field in fields(view)}
    return environment().get_template(f"{template}.html").render(names)
