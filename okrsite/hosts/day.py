"""What day it is: the one place that asks."""

import os
from datetime import UTC, date, datetime


def today() -> date:
    """The day of the build: SOURCE_DATE_EPOCH where it is set, so that builds can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()
