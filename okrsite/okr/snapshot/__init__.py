"""Snapshots: what was true of a period on a day, as a record that can be proved unaltered."""
