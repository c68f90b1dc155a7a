"""What the makers of each format publish about it; where from, under which licence: README.md."""
