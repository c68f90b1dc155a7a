"""The plugin's options that decide what is published; those that make numbers are `Settings`."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from okrsite.portal.site import SignIn

# `as_of` stands apart: a host asks for it before anything else.
HOST_OPTIONS = ("as_of", "check_in_buttons", "history", "editor", "closed_pages")


def for_numbers(options: Mapping[str, object]) -> dict[str, object]:
    """The options that `read_settings` knows; a host reads the others itself."""
    return {key: value for key, value in options.items() if key not in HOST_OPTIONS}


def editor_option(value: object) -> SignIn | None:
    """What `editor` asks for: None is no editor.

    Raises:
        ValueError: it is neither yes or no nor a way to sign in.
    """
    if value is None or isinstance(value, bool):
        return SignIn() if value else None
    fields = value if isinstance(value, Mapping) else {"": ""}
    known = {str(key): item for key, item in fields.items() if key in ("base_url", "app_id")}
    base = known.get("base_url", "")
    if len(known) != len(fields) or not all(isinstance(item, str) for item in known.values()):
        raise ValueError("editor: write `true`, or a group with `base_url` and `app_id`")
    if base and urlsplit(base).scheme != "https":
        raise ValueError(f"editor.base_url: `{base}` does not begin with https://")
    return SignIn(base.rstrip("/"), known.get("app_id", ""))
