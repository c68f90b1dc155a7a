"""What the text says: sources in, Book out, with no host, template or chart in sight."""
