"""Words for an invented company: titles, sentences and names, chosen by a random generator."""

from random import Random

_OPENERS = (
    "Clinics", "Customers", "Newcomers", "Partners", "Teams", "Support", "Visitors", "Reviewers",
)  # fmt: skip
_VERBS = (
    "trust", "find", "finish", "understand", "recommend", "keep", "reach", "open", "compare",
    "share", "follow", "renew",
)  # fmt: skip
_THINGS = (
    "invoices", "calendars", "reports", "releases", "answers", "exports", "contracts", "rooms",
    "payments", "reminders", "schedules", "handbooks", "dashboards", "searches", "backups",
    "journeys",
)  # fmt: skip
_ENDINGS = (
    "without asking twice", "within a day", "on every device", "before lunch", "in plain words",
    "at a fair price", "with one login", "across all regions", "even on bad days", "on time",
)  # fmt: skip
_FILLERS = (
    "the", "a", "with", "after", "every", "week", "we", "and", "moved", "since", "less", "more",
    "first", "last", "customer", "number", "because", "still", "waits", "for", "engineering",
    "sales", "approval", "from", "legal", "two", "days", "earlier", "than", "planned", "which",
    "shows", "in", "call", "list", "by", "Friday", "nobody", "asked", "about", "it", "yet", "so",
    "next", "step", "is", "review", "of", "what", "slowed", "us", "down", "there", "was", "good",
    "news", "pilot", "group", "liked", "change", "rollout", "starts", "monday", "risk", "remains",
)  # fmt: skip
_FIRST = (
    "Ana", "Bela", "Chidi", "Dara", "Elif", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kemi",
    "Lena", "Marit", "Noor", "Oda", "Piotr", "Rafael", "Signe", "Tomas", "Ursel", "Viggo", "Wanja",
    "Xenia", "Yusuf", "Zoe",
)  # fmt: skip
_LAST = (
    "Abel", "Brandt", "Castel", "Dorn", "Eklund", "Farkas", "Granger", "Holm", "Ivanov", "Jansen",
    "Keller", "Lindgren", "Moreau", "Novak", "Okafor", "Petit", "Quist", "Rossi", "Sandberg",
    "Tamm", "Ullman", "Varga", "Weiss", "Young", "Zeman",
)  # fmt: skip


def title(rng: Random) -> str:
    """An objective's or key result's title: who gets to do what, and how."""
    parts = (_OPENERS, _VERBS, _THINGS, _ENDINGS)
    return " ".join(rng.choice(part) for part in parts)


def thing(rng: Random) -> str:
    """Something a company works on."""
    return rng.choice(_THINGS)


def prose(rng: Random, count: int) -> str:
    """`count` words in sentences of six to fourteen."""
    sentences = []
    while count > 0:
        size = count if count < 14 else rng.randint(6, 14)
        words = [rng.choice(_FILLERS) for _ in range(size)]
        sentences.append(" ".join(words).capitalize() + ".")
        count -= size
    return " ".join(sentences)


def name(index: int) -> str:
    """The name of the person at `index`; no two are the same."""
    turn, first = divmod(index, len(_FIRST))
    turn, last = divmod(turn + first, len(_LAST))
    middle = f" {chr(65 + turn % 26)}" if turn else ""
    return f"{_FIRST[first]}{middle} {_LAST[last]}"
