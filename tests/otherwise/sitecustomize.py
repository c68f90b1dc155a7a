"""Python on another machine: another day, folders listed backwards, another number of processors.

Put its folder on PYTHONPATH; OTHERWISE_DAYS says how many days the clock is off.
"""

import datetime
import os
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

_SECONDS = int(os.environ.get("OTHERWISE_DAYS", "0")) * 86_400
_time, _gmtime, _localtime, _strftime = time.time, time.gmtime, time.localtime, time.strftime
_listdir, _scandir = os.listdir, os.scandir


def _now() -> float:
    return _time() + _SECONDS


def _shifted(convert: Callable[[float], time.struct_time]) -> Callable[..., time.struct_time]:
    def converted(seconds: float | None = None) -> time.struct_time:
        return convert(_now() if seconds is None else seconds)

    return converted


def _formatted(form: str, when: Any = None) -> str:
    return _strftime(form, _localtime(_now()) if when is None else when)


class _AnyMoment(type):
    """Moments that C code made are moments as well."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _Moment)


_Moment = datetime.datetime


class _Datetime(_Moment, metaclass=_AnyMoment):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return _Moment.fromtimestamp(_now(), tz)

    @classmethod
    def today(cls) -> Any:
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(datetime.UTC).replace(tzinfo=None)


class _Backwards:
    """What `os.scandir` gives, from its other end."""

    def __init__(self, *where: Any) -> None:
        with _scandir(*where) as found:
            self._entries = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> "_Backwards":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """All has been read."""


def _replace(module: Any, **names: object) -> None:
    for name, value in names.items():
        setattr(module, name, value)


# `date.today` asks `time.time`, so that it needs no other of its own.
_replace(
    time,
    time=_now,
    time_ns=lambda: int(_now() * 1e9),
    gmtime=_shifted(_gmtime),
    localtime=_shifted(_localtime),
    strftime=_formatted,
)
_replace(datetime, datetime=_Datetime)
_replace(
    os,
    listdir=lambda *where: sorted(_listdir(*where), reverse=True),
    scandir=_Backwards,
    cpu_count=lambda: 61,
)
