"""The branch that everybody merges into: what it may be called, and how a workflow names it."""

import re

from okrsite.edit.files import EditError

# What git takes for no name of a branch, as `git check-ref-format` says.
_NO_NAME = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/]|[./]$|^(?:@|HEAD)$|(?:^|/)\.|\.lock(?:/|$)"
)
# A commit, and an expression that the forge would fill in: a workflow would mean something else.
_OTHERWISE = re.compile(r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$|\$\{\{|`")
_HEADS = "refs/heads/"
_OURS = re.compile(r"^(gh-pages|okrs-records)(?:/|$)")


def branch_name(typed: str) -> str:
    """The name of a branch, as it was typed.

    Raises:
        EditError: no branch can be called so, or not the one that everybody merges into.
    """
    if found := _OURS.match(typed):
        raise EditError(f"`{found[1]}` is the workflows' own branch; name the one to merge into")
    if typed.startswith("refs/"):
        raise EditError(f"`{typed}` is a ref; write the branch, `{typed.removeprefix(_HEADS)}`")
    if not typed or not typed.isprintable() or _NO_NAME.search(typed) or _OTHERWISE.search(typed):
        raise EditError(f"`{typed}` is no branch to merge into; name one, as --branch main")
    return typed


def as_pattern(name: str) -> str:
    """The pattern of a workflow on GitHub that means this branch alone."""
    return re.sub(r"([+!\]])", r"\\\1", name)
