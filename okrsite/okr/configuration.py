"""A host's configuration, such as `mkdocs.yml`: what it says, and where its options stand."""

from collections.abc import Iterator, Mapping

import yaml

from okrsite.okr.broken import explain
from okrsite.okr.frontmatter import Mark, Place


class ConfigurationError(ValueError):
    """It cannot be read; `place` is the line and column, from 1, where that is known."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.place = place

    def told(self, path: str) -> str:
        """The error with its place, for the configuration at `path`."""
        place = f":{self.place[0]}:{self.place[1]}" if self.place else ""
        return f"{path}{place}: {self}"


class _LooseLoader(yaml.CSafeLoader):
    """Reads a host's configuration, whose own tags (`!ENV`, `!!python/name:`) mean nothing here."""


_LooseLoader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def load_configuration(text: str) -> Mapping[str, object]:
    """The fields of a configuration file such as `mkdocs.yml`; tagged values are None.

    Raises:
        ConfigurationError: it is not YAML, or holds no fields.
    """
    try:
        loaded = yaml.load(text, Loader=_LooseLoader)  # noqa: S506 - a safe loader's subclass
    except yaml.MarkedYAMLError as error:
        raise _unreadable(text, error) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigurationError(f"not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(loaded, dict):
        raise ConfigurationError("it holds no fields")
    return {str(key): value for key, value in loaded.items()}


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> ConfigurationError:
    at: Mark = error.problem_mark or error.context_mark
    began: Mark = error.context_mark or at
    fault = explain(text, error.problem or "", (at.line, at.column), (began.line, began.column))
    said = f"not YAML: {fault.message}. {fault.hint}"
    return ConfigurationError(said, (fault.line + 1, fault.column + 1))


def option_places(text: str, plugin: str) -> Mapping[str, Place]:
    """Where the options of a plugin stand, by name; one in a group as `rules.OKR201` too."""
    try:
        node = yaml.compose(text, Loader=_LooseLoader)
        return dict(_options(_field(_field(node, "plugins"), plugin)))
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}


def _field(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The value of a field of a mapping, or of the first mapping of a list that has it."""
    if isinstance(node, yaml.SequenceNode):
        return next((found for row in node.value if (found := _field(row, name))), None)
    rows = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in rows if key.value == name), None)


def _options(node: yaml.Node | None, above: str = "") -> Iterator[tuple[str, Place]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        name = f"{above}{key.value}"
        yield name, (key.start_mark.line + 1, key.start_mark.column + 1)
        if not above:
            yield from _options(value, f"{name}.")


def tagged(text: str, plugin: str) -> tuple[str, ...]:
    """The options of a plugin that stand behind a tag such as `!ENV`, and so are not known here.

    `INHERIT` is one of them, and the plugin's own name where all its options do.
    """
    try:
        node = yaml.compose(text, Loader=_LooseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ()
    plugins = _field(node, "plugins")
    own = _field(plugins, plugin)
    rows = own.value if isinstance(own, yaml.MappingNode) and not _is_tagged(own) else ()
    whole = (("INHERIT", _field(node, "INHERIT")), ("plugins", plugins), (plugin, own))
    found = [name for name, value in whole if value and _is_tagged(value)]
    return (*found, *(str(key.value) for key, value in rows if _has_tag(value)))


def _is_tagged(node: yaml.Node) -> bool:
    return not str(node.tag).startswith("tag:yaml.org,2002:") or ":python/" in str(node.tag)


def _has_tag(node: yaml.Node) -> bool:
    """Whether a value, or any within it, stands behind a tag; one may hold itself."""
    todo, seen = [node], set[int]()
    while todo:
        at = todo.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        if _is_tagged(at):
            return True
        if isinstance(at, yaml.MappingNode):
            todo += [each for pair in at.value for each in pair]
        elif isinstance(at, yaml.SequenceNode):
            todo += at.value
    return False
