"""Publishing a record: whether it may be made, what it is made from, and where it is put."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrsite.edit.files import EditError, alone_in
from okrsite.edit.snapshots import clear_left_over, read_snapshots, write_snapshot
from okrsite.hosts.grounds import Spot, ground_at, spot_here
from okrsite.hosts.project import CONFIGS, Project
from okrsite.okr.closing import LastKnown, last_known
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.git import GitError, Repository, commit_of, find_repository, is_shallow
from okrsite.okr.pipeline import Book, book_of
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.chain import Chain, read_chain
from okrsite.okr.snapshot.deriving import (
    Earlier,
    Files,
    Ground,
    Stand,
    files_of,
    period_of,
    stand_of,
)
from okrsite.okr.snapshot.due import allow, due
from okrsite.okr.snapshot.manifest import digest
from okrsite.okr.snapshot.names import (
    FILES,
    MANIFEST,
    RECORD,
    Name,
    SnapshotError,
    is_part,
    name_at,
)
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.snapshot.scope import nouns_of, scope_of
from okrsite.okr.sources import Sources
from okrsite.okr.worktree import Different, not_committed
