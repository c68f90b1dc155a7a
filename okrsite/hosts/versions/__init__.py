"""Versions of the site: the live portal and one archive a quarter, side by side on one branch."""
