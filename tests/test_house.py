"""The architecture: a module imports only what stands before it; one door a library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# The reading order for a newcomer.
MODULES = (
    "okrsite",
    # what the text says
    "okrsite.okr",
    "okrsite.okr.finding",
    "okrsite.okr.similar",
    "okrsite.okr.sources",
)
