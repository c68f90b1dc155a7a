"""What we write back: check-ins, amendments, new files; exact, atomic, comments kept."""
