"""Findings and changes → text, Markdown, HTML and what forges and editors read."""
