"""Every code a finding may have: its name, what it weighs by default, and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from okrsite.okr.finding import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One code: a name of a few words, the weight where the site sets none, one sentence."""

    name: str
    severity: Severity
    description: str


def _error(name: str, description: str) -> Code:
    return Code(name, Severity.ERROR, description)


def _warning(name: str, description: str) -> Code:
    return Code(name, Severity.WARNING, description)


def _info(name: str, description: str) -> Code:
    return Code(name, Severity.INFO, description)


# Descriptions are Markdown: code stands between backticks.
CODES: Mapping[str, Code] = {
    "OKR001": _error(
        "not UTF-8", "A file in another encoding: its letters would come out as others."
    ),
    "OKR002": _error("too much frontmatter", "Frontmatter larger than any goal needs."),
    "OKR003": _error(
        "not YAML", "Frontmatter that is not YAML, is never closed, or nests too deeply."
    ),
    "OKR004": _error("written twice", "A field written twice; the second is not read."),
    "OKR005": _error(
        "an alias", "A YAML alias; a reader of the file would have to look up what it stands for."
    ),
    "OKR006": _warning(
        "cut off",
        "Text behind ` #`, which YAML reads as a comment although it was most likely meant.",
    ),
    "OKR007": _error("a merge conflict", "Two versions of the same prose, where two changes met."),
    "OKR008": _warning(
        "typographic quotes",
        "A value in a word processor's quotes, which are taken for a part of it.",
    ),
    "OKR010": _error("a field is missing", "A field that the kind cannot do without."),
    "OKR011": _error("no such field", "A field that there is not; as a rule a slip of the finger."),
    "OKR012": _error(
        "not allowed here",
        "A value of the wrong kind. Nothing is guessed: `1,000` might be 1 or a thousand.",
    ),
    "OKR013": _error(
        "no id", "An id with letters that an address or a file name cannot have everywhere."
    ),
    "OKR014": _error("the same id twice", "Two things with one id."),
    "OKR015": _error(
        "measure unclear", "A key result whose measure is missing, half written, or doubled."
    ),
    "OKR016": _error("nowhere to go", "A key result that starts where it is to end."),
    "OKR017": _error(
        "a period that ends before it starts", "A period whose end lies before its start."
    ),
    "OKR018": _error(
        "active content", "Scripts, frames and links that run code: they are taken out of the page."
    ),
    "OKR019": _warning(
        "markup in plain text", "Markup in a field that is plain text: it is shown as it was typed."
    ),
    "OKR020": _error(
        "an option nobody can follow",
        "An option in `mkdocs.yml` that nobody can follow; the default is used.",
    ),
    "OKR021": _warning("nothing here", "A folder without any goal."),
    "OKR022": _error(
        "outside the period",
        "A due date, plan or milestone outside the period, or a period outside its parent.",
    ),
    "OKR023": _error("weightless", "Weights that sum to 0, so that nothing counts."),
    "OKR024": _error("two bounds", "A key result or KPI with two bounds at once."),
    "OKR025": _warning("plan not used", "A plan beside a measure that has no start and target."),
    "OKR026": _warning(
        "checked in early", "A check-in dated before the period of its key result began."
    ),
    "OKR027": _error("ends before it starts", "An initiative that is due before it starts."),
    "OKR028": _info("dated in the future", "A check-in or amendment dated far in the future."),
    "OKR029": _warning(
        "misspelt folder", "A folder that nothing is read from, though its files are of a kind."
    ),
    "OKR030": _warning(
        "misspelt file", "A file that looks like a goal and is not read, for its name or its place."
    ),
    "OKR101": _error("leads nowhere", "A reference to something that is not there."),
    "OKR102": _error("a circle", "A link that leads back to where it came from."),
    "OKR103": _error(
        "too deep",
        "A cascade of more than fifty levels; the link that goes beyond is not followed.",
    ),
    "OKR105": _error("does not fit the measure", "A check-in that does not fit what is measured."),
    "OKR106": _error("unknown state", "An initiative's state that is no column of the board."),
    "OKR107": _error("after closing", "A check-in after the period was closed: the score stands."),
    "OKR109": _error(
        "an amendment that does not add up",
        "An amendment that says something other than the definition, or what cannot be amended.",
    ),
    "OKR201": _warning(
        "a task", "A key result that is something to do, not something that changes."
    ),
    "OKR202": _warning("no baseline", 'A change "by 20 %" with no value that it starts from.'),
    "OKR203": _warning("too many objectives", "More than 3 objectives of one team in one period."),
    "OKR204": _warning("too many key results", "More than 5 key results in one objective."),
    "OKR205": _warning("no owner", "An objective without an owner."),
    "OKR206": _warning("unaligned", "An objective of a team that leads to no other goal."),
    "OKR207": _warning(
        "not yet measurable", "A key result whose start or target is not known yet."
    ),
    "OKR208": _warning("nothing below", "An objective without key results and without children."),
    "OKR209": _info("a number as objective", "An objective whose title is a number."),
    "OKR210": _warning(
        "said twice",
        "A key result that says the same as another one of its objective, or of its team.",
    ),
    "OKR211": _warning("no team", "An objective without a team, in a company that has teams."),
    "OKR212": _warning(
        "nothing feeds it", "A progress taken from objectives or initiatives that are not there."
    ),
    "OKR213": _warning(
        "wrong direction",
        "A title that says less while the target says more, or the other way round.",
    ),
    "OKR301": _warning(
        "stale", "A running key result nobody has checked in on for longer than the cadence."
    ),
    "OKR302": _warning(
        "not started", "A key result still at its start with more than a third of its time gone."
    ),
    "OKR303": _info(
        "late check-in", "A check-in made after the period's end and before it was closed."
    ),
    "OKR304": _warning(
        "closed without a value", "A closed period whose key result was not measured at its end."
    ),
    "OKR305": _info(
        "confidence fell", "A confidence that fell by 0.3 or more between the last two check-ins."
    ),
    "OKR306": _warning(
        "never closed", "A period that ended longer ago than the cadence and was not closed."
    ),
    "OKR307": _warning("still a draft", "A period that has begun and is still a draft."),
    "OKR308": _warning(
        "said twice on one day",
        "Two check-ins of one day with different values of one thing, neither correcting the"
        " other.",
    ),
    "OKR309": _warning("nobody says it", "A check-in or amendment whose `author` was left empty."),
    "OKR310": _warning(
        "closed on no day",
        "A closed period that does not say when it was closed, or on an odd day.",
    ),
    "OKR311": _warning(
        "committed on an odd day",
        "A period that was committed after its end, or longer before its start than it lasts.",
    ),
    "OKR401": _warning(
        "done without outcome", "All the work is done and the outcome has not moved."
    ),
    "OKR402": _info(
        "rosier than the numbers", "An owner who says on track where the numbers say otherwise."
    ),
    "OKR403": _warning("overdue", "An initiative past its due date and not done."),
    "OKR404": _warning("for nothing", "An initiative that contributes to no goal."),
    "OKR405": _warning("blocked too long", "An initiative blocked for longer than the cadence."),
    "OKR406": _warning(
        "too much at once", "More work of one team in a state than its limit allows."
    ),
    "OKR407": _warning("waits for later", "An initiative due before something it depends on."),
    "OKR408": _info(
        "done with open tasks", "An initiative that is done while its task list is not."
    ),
    "OKR501": _warning(
        "suspect link", "A parent whose meaning changed after the child was committed."
    ),
    "OKR502": _warning(
        "outside its parent's period", "A child whose period lies outside its parent's."
    ),
    "OKR503": _warning("misspelt person", "A name that is nearly the id of somebody in `people/`."),
    "OKR504": _warning("retired team", "A goal of a team that was gone before the period began."),
    "OKR601": _error(
        "moved silently", "A committed goal that was changed, and no amendment says why."
    ),
    "OKR602": _error(
        "an edited check-in", "A check-in that says something else than when it was merged."
    ),
    "OKR603": _error("a deleted check-in", "A check-in that was merged and is gone."),
    "OKR604": _error(
        "an amendment undone", "An amendment that was merged, and then edited or deleted."
    ),
    "OKR605": _error(
        "changed after closing",
        "A goal of a closed period that was changed, or a closed period opened again.",
    ),
    "OKR606": _error(
        "a commitment undone", "A committed period that became a draft, got other days, or is gone."
    ),
    "OKR607": _warning(
        "a reworded check-in",
        "A check-in whose text was edited after it was merged; its values were not.",
    ),
    "OKR608": _warning(
        "counted after closing",
        "A check-in on a closed period that came after it was closed and still counts.",
    ),
    "OKR609": _warning(
        "a reason told late", "A new amendment of what had been changed before it was merged."
    ),
    "OKR701": _error(
        "not as recorded",
        "A file of a closed period that says something else than the period's record.",
    ),
    "OKR702": _error(
        "an unusable record", "A snapshot of a closed period that this okrsite cannot read."
    ),
    "OKR703": _error(
        "a broken record", "A snapshot of a closed period whose files are not what was published."
    ),
    "OKR704": _error(
        "a changed record", "A published snapshot that was changed, renamed or taken out."
    ),
    "OKR705": _warning(
        "closed without a closing check-in",
        "A closed period, not yet recorded, with key results that have no closing check-in.",
    ),
    "OKR706": _info(
        "waits for its record", "A closed period without a record, where others have one."
    ),
}
