"""The architecture: a module imports only what stands before it; one door a library."""

from pathlib import Path

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
