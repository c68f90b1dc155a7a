"""Who serves the Site: MkDocs and its kin, or a plain folder of Markdown."""
