"""okrsite: published OKRs from Markdown in git."""

__version__ = "0.1.0"
