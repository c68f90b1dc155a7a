"""Ways to change a goal at the forge: its editor for a file, and a new check-in begun there."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode, urlsplit

from okrsite.edit.checking_in.check_in import check_in_path
from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import key
from okrsite.okr.model import Initiative, Measure, PeriodState
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.status import Status
from okrsite.portal.parts import Desk, source_link
from okrsite.portal.site import SiteUrls
from okrsite.portal.words import number, shortened

LONGEST_URL = 2000  # browsers take more, proxies and forges do not
_HINT = 100
_SLUG = 60  # of an id's 80 signs: the day takes some, and the second that the page's script adds
_COMPUTED = (Measure.OBJECTIVES, Measure.INITIATIVES)


@dataclass(frozen=True, slots=True)
class Forge:
    """A forge's form for a new file: where it is, and which fields an address can fill in.

    `fills` says whether the text can be counted on to arrive; else the reader pastes it.
    """

    name: str
    new: str
    file: str
    text: str
    fills: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One thing to do at the forge: its word, of what, and where; `paste` is to be put in there."""

    word: str
    about: str
    href: str
    forge: str = ""
    paste: str = ""
    day: str = ""


def forge_of(urls: SiteUrls) -> Forge | None:
    """The forge behind the editor's address; None where its form for new files is not known."""
    base = urls.edit_base
    parts = urlsplit(base)
    if parts.scheme not in ("https", "http"):
        return None
    if "/-/edit/" in base or "/-/blob/" in base:
        return Forge(
            "GitLab",
            re.sub("/-/(edit|blob)/", "/-/new/", base, count=1),
            "file_name",
            "file",
            False,
        )
    if "/_edit/" in base:
        return Forge("Gitea", base.replace("/_edit/", "/_new/", 1), "filename", "value", True)
    found = re.fullmatch(r"(/[^/]+/[^/]+)/(?:edit|blob|tree)/(.+)", parts.path)
    if found and ("github" in (parts.hostname or "") or "/edit/" in parts.path):
        new = f"{parts.scheme}://{parts.netloc}{found[1]}/new/{found[2]}"
        return Forge("GitHub", new, "filename", "value", True)
    return None


def key_result_forms(desk: Desk, ref: str) -> tuple[Form, ...]:
    """What a reader can do with a key result: check in while it runs, and edit its file."""
    score = desk.book.scorecard.key_results[ref]
    objective = desk.book.portfolio.objectives[ref.partition("/")[0]]
    edit = _edit(desk, objective.path, score.asked.title)
    forge = forge_of(desk.urls) if desk.urls.check_in_buttons else None
    if forge is None or not _is_running(desk.book, ref) or score.status is Status.DROPPED:
        return edit
    if score.measure in _COMPUTED:
        return edit
    lines = _key_result_lines(score)
    period, name = objective.period, id_of(ref.replace("/", "-"), _SLUG)
    return (_check_in(desk.book.as_of, forge, period, name, score.asked.title, lines), *edit)


def initiative_forms(desk: Desk, item: Initiative) -> tuple[Form, ...]:
    """The same for an initiative, until it is done."""
    edit = _edit(desk, item.path, item.title)
    forge = forge_of(desk.urls) if desk.urls.check_in_buttons else None
    if forge is None or desk.book.flows[item.id].done_on:
        return edit
    states = ", ".join(stage.name for stage in desk.book.settings.workflow)
    lines = ("initiatives:", f"  {key(item.id)}:", f"one of {states}")
    goals = (ref for ref in item.contributes_to if _is_running(desk.book, ref))
    goal = next(goals, "").partition("/")[0]
    period = desk.book.portfolio.objectives[goal].period if goal else ""
    name = id_of(item.id, _SLUG)
    return (_check_in(desk.book.as_of, forge, period, name, item.title, lines), *edit)


def _edit(desk: Desk, path: str, title: str) -> tuple[Form, ...]:
    href = source_link(desk, path).href
    return (Form("Edit", title, href),) if href else ()


def _is_running(book: Book, ref: str) -> bool:
    """Whether a check-in on the day would count."""
    period = book.world.period(ref)
    return period is None or (period.state is not PeriodState.CLOSED and period.start <= book.as_of)


_Lines = tuple[str, str, str]  # the group, the line whose value is to be typed, and what to type


def _key_result_lines(score: KeyResultScore) -> _Lines:
    kr = score.asked
    if score.measure is Measure.KPI:
        return "kpis:", f"  {key(kr.source or '')}:", _number_hint(score)
    name = key(score.ref)
    if score.measure is Measure.MILESTONES:
        known = ", ".join(milestone.id for milestone in kr.milestones)
        return "key_results:", f"  {name}:", f"{{done: [those done by now]}} of {known}"
    if score.measure is Measure.DONE:
        return "key_results:", f"  {name}:", f"true or false: {kr.done_when or ''}"
    return "key_results:", f"  {name}:", _number_hint(score)


def _number_hint(score: KeyResultScore) -> str:
    kr = score.asked
    unit = f" in {kr.unit}" if kr.unit else ""
    way = ""
    if kr.start is not None and kr.target is not None:
        way = f", from {number(kr.start)} to {number(kr.target)}"
    return f"a number{unit}{way}"


def _check_in(day: date, forge: Forge, period: str, name: str, title: str, lines: _Lines) -> Form:
    """A new check-in at the forge; of what does not fit into an address, the hints go first."""
    folder = str(PurePosixPath(check_in_path(day, None, period or None)).parent)
    where = f"{forge.new}{quote(folder)}?"
    file = {forge.file: f"{day.isoformat()}-{name}.md"}
    told, bare = check_in_draft(day, lines), check_in_draft(day, (*lines[:2], ""))
    addresses = (
        where + urlencode({**file, forge.text: text}, quote_via=quote) for text in (told, bare)
    )
    fitting = next((href for href in addresses if len(href) <= LONGEST_URL), "")
    href = fitting or where + urlencode(file)
    paste = "" if forge.fills and fitting else told
    return Form("Check in", title, href, forge.name, paste, day.isoformat())


def check_in_draft(day: date, lines: _Lines) -> str:
    """A check-in whose author and value are still to be typed.

    Sent as it is, both lines are findings, so that nothing is published that nobody said.
    """
    group, line, hint = lines
    comment = f" # {shortened(' '.join(hint.split()), _HINT)}" if hint else ""
    who = " # your id in people/, or your name" if hint else ""
    fields = (f"date: {day.isoformat()}", f"author:{who}", group, f"{line}{comment}")
    return "\n".join(("---", *fields, "---", ""))
