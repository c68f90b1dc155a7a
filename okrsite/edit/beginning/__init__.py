"""What begins: a goal, a project, a quarter, a whole portal, and who is asked about it."""
