"""Which things an amendment of the scope names: what it does not name, it does not explain."""

SCOPE = "scope"


def named_in(*texts: str) -> frozenset[str]:
    """The words of what an amendment says it was and is now; `a, b` names two."""
    return frozenset(" ".join(texts).replace(",", " ").split())
