"""What lies beside the versions: the way in, and what is said of an address that is not there."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from okrsite.hosts.versions.listing import FILE, LIVE
from okrsite.portal.assets import theme_folder
from okrsite.portal.ways_in import missing_html, root_html

INDEX, MISSING, SCRIPT = "index.html", "404.html", "okrsite-moved.js"
OURS = frozenset({INDEX, MISSING, SCRIPT, FILE, ".nojekyll"})
# With all that begins with a dot, such as `.well-known`.
OF_THE_ADDRESS = frozenset({"CNAME", "robots.txt"})


def root_files(
    site: Path | None, title: str, site_url: str, first: str = LIVE
) -> Iterator[tuple[str, bytes]]:
    """The files at the root, which leads to `first`; those of the live portal come with `site`."""
    address = f"{site_url.rstrip('/')}/{first}/" if site_url else ""
    yield INDEX, root_html(f"{first}/", address, title).encode()
    yield ".nojekyll", b""
    if site is None:
        return
    yield MISSING, _missing(site, title, site_url).encode()
    yield SCRIPT, (theme_folder() / "root" / "moved.js").read_bytes()
    if (site / "CNAME").is_file():
        yield "CNAME", (site / "CNAME").read_bytes()


def _missing(site: Path, title: str, site_url: str) -> str:
    """The live portal's own page for it, which leads on; a plain one without a known address."""
    page = site / MISSING
    if not site_url or not page.is_file():
        return missing_html(title)
    root = f"{urlsplit(site_url).path.rstrip('/')}/"
    own = f'src="{escape(root + SCRIPT)}" data-root="{escape(root)}" data-to="{LIVE}"'
    html = page.read_text("utf-8")
    return html.replace("</body>", f"<script {own}></script></body>", 1)


def is_ours(name: str) -> bool:
    """Whether a file of ours has that name at the root."""
    return name in OURS


def stays(name: str) -> bool:
    """Whether what the root holds is of the address and no page: it outlives every site there."""
    return name.startswith(".") or name in OF_THE_ADDRESS
