"""A comparison of two Books, in the forms that people and forges read."""
