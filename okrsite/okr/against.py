"""What a change may not do in silence: findings given what was merged before."""

from okrsite.okr.closing import closing
from okrsite.okr.finding import Finding, in_order
from okrsite.okr.merged import merged
from okrsite.okr.pipeline import Book, weighed
from okrsite.okr.promises import promises
from okrsite.okr.two import Two


def against(base: Book, head: Book) -> tuple[Finding, ...]:
    """The findings of `head` as a change of `base`, as heavy as the settings of `head` say.

    Both are to be of the same day. A file of `head` that cannot be read is not called deleted:
    it has findings of its own. What is gone is told at the first line of where it stood.
    """
    two = Two(base, head)
    found = (*promises(two), *merged(two), *closing(two))
    return in_order(weighed(found, head.settings))
