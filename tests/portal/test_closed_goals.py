"""What the pages of open things say of goals that have their place in a review alone."""

from collections.abc import Mapping
from datetime import date
from html import escape

from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import History
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import load
from okrsite.okr.settings import read_settings
from okrsite.portal.initiative import initiative_pages
from okrsite.portal.review import review_pages
from okrsite.portal.site import SiteUrls
from okrsite.portal.workshop import Workshop, workshop
from tests.portal.rendering import said, shop
from tests.portal.snapshots import published, sources_of

PERIOD = "---\ntitle: {title}\nstart: {start}\nend: {end}\nstate: {state}\n---\n"
Q2 = {"title": "Spring", "start": "2026-04-01", "end": "2026-06-30"}
Q3 = {"title": "Summer", "start": "2026-07-01", "end": "2026-09-30", "state": "committed"}
COMMITTED = "committed\ncommitted_on: 2026-04-02"
CLOSED = "closed\ncommitted_on: 2026-04-02\nclosed_on: 2026-07-03"


def goal(title: str, period: str, target: int) -> str:
    row = f"{{id: k, title: Bugs, unit: bugs, start: 100, target: {target}}}"
    return (
        f"---\ntitle: {title}\nperiod: {period}\nteam: acme\nowner: Ana\n"
        f"key_results:\n  - {row}\n---\n"
    )


FILES = {
    "periods/q2.md": PERIOD.format(**Q2, state=CLOSED),
    "periods/q3.md": PERIOD.format(**Q3),
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "objectives/eased.md": goal("Eased", "q2", 50),
    "objectives/told.md": goal("Told", "q2", 55),
    "objectives/now.md": goal("Now", "q3", 40),
    "initiatives/work.md": (
        "---\ntitle: Work\nowner: Ana\ndue: 2026-06-20\n"
        "contributes_to: [eased/k, told/k, now/k]\n---\n"
    ),
    "check-ins/end.md": (
        "---\ndate: 2026-06-29\nauthor: Ana\nkey_results: {eased/k: 60, told/k: 60}\n---\n"
    ),
    "amendments/told.md": (
        "---\ndate: 2026-05-14\nauthor: Ana\nsubject: told/k\nfield: target\nwas: 40\nnow: 55\n"
        "---\nBecause.\n"
    ),
}


def moved(day: str, subject: str, field: str, was: object, now: object) -> FieldChange:
    kind = "objectives" if "/" in subject else "initiatives"
    path = f"content/{kind}/{subject.partition('/')[0]}.md"
    when = date.fromisoformat(day)
    period = "q2" if "/" in subject else ""
    return FieldChange(
        "a" * 40, "Ana", when, path, kind, subject, field, was, now, Event.CHANGED, period
    )


HISTORY = History(
    (
        moved("2026-05-10", "work", "due", date(2026, 5, 30), date(2026, 6, 20)),
        moved("2026-05-12", "eased/k", "target", 40, 50),
        moved("2026-05-14", "told/k", "target", 40, 55),
    ),
    None,
    True,
)


def live(files: Mapping[str, str], *names: str, deep: bool) -> Workshop:
    """The workshop of a portal with records of quarters; `deep` where their goals have pages."""
    sources = sources_of(files)
    for name in names or ("q2/closed",):
        sources = published(sources, name, HISTORY)
    book = load(sources, read_settings({})[0], date(2026, 8, 20), deep=deep)
    draw = shop(book).pictures._draw
    return workshop(book, lambda text: f"<p>{escape(text)}</p>", SiteUrls(), draw, HISTORY)


def test_open_work_still_says_what_moved_of_it_and_of_the_goals_it_was_for() -> None:
    for deep in (True, False):
        (page,) = initiative_pages(live(FILES, deep=deep))
        words = said(page.html)
        assert "Target 40 → 50 on 12 May, no reason given" in words
        assert "Target 40 → 55 on 14 May; as first promised 67 %" in words
        assert "Goalpost moved. Ana. Work due 30 May → 20 Jun, no reason given." in words


def test_goals_that_continue_a_recorded_one_stand_in_one_order() -> None:
    winter = {"title": "Winter", "start": "2026-01-01", "end": "2026-03-31"}
    closed = "closed\ncommitted_on: 2026-01-05\nclosed_on: 2026-04-01"
    later = {"a": ("First", "q3"), "m": ("Second", "q2"), "z": ("Third", "q3")}
    goals = {
        f"objectives/{name}.md": goal(*words, 40).replace("team:", "continues: old\nteam:")
        for name, words in later.items()
    }
    files = {
        **{path: FILES[path] for path in ("periods/q2.md", "periods/q3.md", "teams/acme.md")},
        "periods/q1.md": PERIOD.format(**winter, state=closed),
        "objectives/old.md": goal("Old", "q1", 40),
        "check-ins/1.md": "---\ndate: 2026-03-30\nauthor: Ana\nkey_results: {old/k: 60}\n---\n",
        **goals,
    }
    for deep in (True, False):
        shared = live(files, "q1/closed", "q2/closed", deep=deep)
        words = said(next(iter(review_pages(shared))).html)
        assert "goes on as First, Summer, Second, Spring, Third, Summer" in words
