"""A promise changed in the open: what was asked, the new text, what it moves."""
