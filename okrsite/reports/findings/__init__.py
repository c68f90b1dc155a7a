"""Findings as people, forges and editors read them."""
