"""What a change may not do in silence: findings given what was merged before."""

from okrsite.okr.finding import Finding, in_order
from okrsite.okr.guard.amended import amended
from okrsite.okr.guard.below import below
from okrsite.okr.guard.closing import closing
from okrsite.okr.guard.merged import merged
from okrsite.okr.guard.promises import promises
from okrsite.okr.guard.records import records
from okrsite.okr.guard.two import Two
from okrsite.okr.pipeline import Book, weighed


def against(base: Book, head: Book) -> tuple[Finding, ...]:
    """The findings of `head` as a change of `base`, as heavy as the settings of `base` say.

    A change does not decide how it is weighed, and no settings excuse one of a record.

    Both are to be of the same day. A file of `head` that cannot be read is not called deleted:
    it has findings of its own. What is gone is told at the first line of where it stood.
    """
    two = Two(base, head)
    found = (*promises(two), *below(two), *amended(two), *merged(two), *closing(two))
    return in_order((*weighed(found, base.settings), *records(two)))
