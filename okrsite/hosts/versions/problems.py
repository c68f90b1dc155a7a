"""What keeps a version from being published, in words for an operator."""


class VersionError(Exception):
    """It cannot be read, built or published."""


class VersionExistsError(VersionError):
    """It is published already, and a published version is never replaced."""
