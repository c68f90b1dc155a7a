"""A check-in from the words of a command to the text of its file, and what it does."""
