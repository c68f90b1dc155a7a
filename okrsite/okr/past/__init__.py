"""What git remembers: who changed which definition when, and which goalposts that moved."""
