"""The garbage collector while a Site is made: nearly everything made then is kept to the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def long_lived() -> Iterator[None]:
    """What is made within is not looked through for garbage; that is a third of reading a Book.

    It stays untouched afterwards too, until the next time: a served site is made anew.
    """
    enabled = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
