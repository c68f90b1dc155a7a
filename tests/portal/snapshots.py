"""Sources with the snapshots of their periods, made as the command makes them."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from okrsite.okr.past.history import History
from okrsite.okr.pipeline import Book, load, read_all
from okrsite.okr.settings import read_settings
from okrsite.okr.snapshot.chain import read_chain
from okrsite.okr.snapshot.deriving import Earlier, Ground, files_of, read_at, stand_of
from okrsite.okr.snapshot.making import Origin
from okrsite.okr.snapshot.names import name_of
from okrsite.okr.sources import Sources
from tests.support import AS_OF

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SILENCE = History(known=True)


def sources_of(files: Mapping[str, str]) -> Sources:
    return {path: text.encode() for path, text in sorted(files.items())}


def published(sources: Sources, name: str, history: History = SILENCE) -> Sources:
    """The sources with one more snapshot."""
    settings, _ = read_settings({})
    chain = read_chain(sources)
    origin = Origin(COMMIT, "content", "okrsite 0.1", {})
    texts = {path: raw for path, raw in sources.items() if not path.startswith("snapshots/")}
    kept = {path: raw for path, raw in sources.items() if path not in texts}
    ground = Ground(read_all(texts), kept, settings, origin, lambda day: history)
    earlier = Earlier(chain, chain.newest, partial(read_at, sources))
    mine = name_of(name)
    made = files_of(ground, stand_of(ground, mine), earlier)
    return dict(sorted({**sources, **{mine.file(k): v for k, v in made.items()}}.items()))


def book_with(files: Mapping[str, str], *names: str, as_of: str = AS_OF) -> Book:
    """The Book of the texts, after those snapshots of them were published in this order."""
    sources = sources_of(files)
    for name in names:
        sources = published(sources, name)
    return read_book(sources, as_of)


def read_book(sources: Sources, as_of: str = AS_OF) -> Book:
    """The Book of some sources."""
    return load(sources, read_settings({})[0], date.fromisoformat(as_of))
