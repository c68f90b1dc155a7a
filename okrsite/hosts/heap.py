"""The garbage collector while much is made: nearly all of it is kept to the end."""

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


_MADE, _YOUNG, _OLD = 100_000, 50, 100  # so many more are made before garbage is looked for


@contextmanager
def seldom_searched() -> Iterator[None]:
    """What is made within is looked through for garbage, but a hundredth as often as elsewhere.

    One record is made of much that stays until it is done; many after each other must not add up.
    """
    before = gc.get_threshold()
    gc.set_threshold(_MADE, _YOUNG, _OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
