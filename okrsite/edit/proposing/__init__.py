"""A new file as a proposal at the forge, without touching the work tree."""
