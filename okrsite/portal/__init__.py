"""How it looks: a Book in, a Site out."""
