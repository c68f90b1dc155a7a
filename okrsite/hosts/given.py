"""The host's files → sources: what authors wrote and the host means to publish."""

import os
from collections.abc import Mapping
from errno import ENOENT, EPERM
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from okrsite.hosts.inside import Inside
from okrsite.hosts.parts import printable
from okrsite.hosts.placing import docs_prefix
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.names import is_part
from okrsite.okr.sources import is_linked, is_meant

log = get_plugin_logger("okrsite")
_BLOCK, _MANY = 1 << 14, 1 << 22


def given_sources(files: Files, config: MkDocsConfig) -> Mapping[str, bytes]:
    """The authors' Markdown files and the snapshots that the host means to publish.

    What cannot be read leaves it.
    """
    found: dict[str, bytes] = {}
    inside = Inside(Path(config.docs_dir))
    told: set[str] = set()
    for file in [file for file in files if file.generated_by is None]:
        try:
            content = _content(file, inside, Path(config.docs_dir))
        except OSError as error:
            files.remove(file)
            _unread(file, str(error.strerror), told, config)
        else:
            if content is not None:
                found[file.src_uri] = content
    return dict(sorted(found.items()))


def meant_sources(files: Files) -> dict[str, bytes]:
    """Files that only their name keeps from being goals; what they hold does not matter."""
    return {file.src_uri: b"" for file in files if is_meant(file.src_uri)}


def _unread(file: File, why: str, told: set[str], config: MkDocsConfig) -> None:
    """One word for each file, and for each folder behind a link, however much lies in it."""
    uri, is_link = file.src_uri, Path(file.abs_src_path or "").is_symlink()
    place = uri if is_link else f"{uri.rpartition('/')[0]} {why}"
    if place not in told:
        told.add(place)
        where = printable(docs_prefix(config) + uri)
        log.warning(f"{where}:1:1 cannot be read: {why}. Put a file in its place.")


def _bytes_at(path: str) -> bytes:
    """All that a file holds, asked of the system itself: there are tens of thousands of them."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        parts = [os.read(handle, _BLOCK)]
        while parts[-1]:
            parts.append(os.read(handle, _BLOCK if len(parts) == 1 else _MANY))
    finally:
        os.close(handle)
    return b"".join(parts)


def _content(file: File, inside: Inside, docs: Path) -> bytes | None:
    """What a Markdown file or a snapshot's holds; None for others, and for what is not published.

    What lies beside a record must lie in the folder, wherever a link of its name leads. Nothing of
    a snapshot is a link, as git follows none to prove it.
    """
    path, recorded = file.abs_src_path or "", is_part(file.src_uri)
    if recorded and is_linked(docs, file.src_uri):
        raise OSError(EPERM, "a link, and no snapshot is read through one")
    if (recorded or kind_of(file.src_uri)) and not inside.holds(path):
        raise OSError(EPERM, "a link that leads out of the folder")
    if recorded or (file.src_uri.endswith(".md") and file.is_documentation_page()):
        if file.inclusion.is_included():
            return _bytes_at(path) if path else file.content_bytes
        return None
    if not os.access(path, os.R_OK):
        raise OSError(ENOENT, "nothing that can be read")
    return None
