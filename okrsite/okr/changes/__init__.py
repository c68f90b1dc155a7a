"""Two Books → Changes: every difference by kind, and the exact split of what it moves."""
