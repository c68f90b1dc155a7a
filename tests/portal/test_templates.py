"""A template sees one frozen view: its variables are that view's fields, no more and no fewer."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest
from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from okrsite import portal, reports
from okrsite.portal.assets import theme_folder
from okrsite.portal.theme import environment


@cache
def views() -> dict[str, type[Any]]:
    """Every `…View` of the portal and of a report by the name of its template."""
    found = {}
    rooms = (portal, reports)
    for module in (m for r in rooms for m in pkgutil.walk_packages(r.__path__, f"{r.__name__}.")):
        for name, item in vars(importlib.import_module(module.name)).items():
            if name.endswith("View") and getattr(item, "__module__", "") == module.name:
                words = re.findall("[A-Z][a-z]*", name.removesuffix("View"))
                found["-".join(words).lower()] = item
    return found


def parsed(template: str) -> nodes.Template:
    source = (theme_folder() / "templates" / template).read_text("utf-8")
    return environment().parse(source)


def included(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.Include):
        assert isinstance(node.template, nodes.Const), "an include is named in so many words"
        yield node.template.value


def variables(template: str) -> set[str]:
    """What a template and those it includes ask for from outside."""
    tree = parsed(template)
    own = set(find_undeclared_variables(tree)) - set(environment().globals)
    made = {node.target for node in tree.find_all(nodes.Import)}
    within = {
        id(node) for macro in tree.find_all(nodes.Macro) for node in macro.find_all(nodes.Assign)
    }
    for assign in tree.find_all(nodes.Assign):
        if id(assign) not in within:
            made |= {node.name for node in assign.find_all(nodes.Name) if node.ctx == "store"}
    below = set[str]().union(*(variables(name) for name in included(tree)))
    return (own | below) - made


def test_there_are_views() -> None:
    assert {"objective", "initiative", "kpi", "person", "period"} <= set(views())


@pytest.mark.parametrize("name", sorted(views()))
def test_variables_are_the_fields_of_the_view(name: str) -> None:
    view = views()[name]
    assert is_dataclass(view)
    asked, given = variables(f"{name}.html"), {field.name for field in fields(view)}
    assert asked - given == set(), "the template asks for what the view does not have"
    assert given - asked == set(), "the view has what the template never shows"


@pytest.mark.parametrize("name", sorted(views()))
def test_views_are_frozen(name: str) -> None:
    assert views()[name].__dataclass_params__.frozen


def test_every_template_belongs_to_a_view_or_a_template() -> None:
    names = {path.name for path in (theme_folder() / "templates").glob("*.html")}
    used = {f"{name}.html" for name in views()}
    for name in names:
        tree = parsed(name)
        for node in (*tree.find_all(nodes.Import), *tree.find_all(nodes.Include)):
            used.add(node.template.value)  # type: ignore[attr-defined]
    assert names == used


def test_nothing_is_marked_safe_in_a_template() -> None:
    for path in (theme_folder() / "templates").glob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8")), path.name
