"""Plain words for a page: shown as they are, with what stands between two backticks as code."""

from markupsafe import Markup, escape


def literal(text: str) -> Markup:
    """`text` as HTML that shows just its signs."""
    return escape(text)


def coded(text: str) -> Markup:
    """The same, with names in backticks set as code; as it is where one backtick has no other."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
