"""A small company that people check in on, read on 20 August 2026."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from okrsite.edit.checking_in.check_in import NewCheckIn
from okrsite.edit.checking_in.said import Typed, understand
from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import Settings

DAY = date(2026, 8, 20)
FILES: Mapping[str, str] = {
    "periods/2026-q3.md": (
        "---\ntitle: Third quarter 2026\nstart: 2026-07-01\nend: 2026-09-30\n"
        "state: committed\ncommitted_on: 2026-07-01\n---\n"
    ),
    "periods/2026-q2.md": (
        "---\ntitle: Second quarter 2026\nstart: 2026-04-01\nend: 2026-06-30\n"
        "state: closed\nclosed_on: 2026-07-05\n---\n"
    ),
    "teams/acme.md": "---\ntitle: Acme\nlead: cleo\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\nmembers: [ana, Dan Bare]\n---\n",
    "people/ana.md": "---\ntitle: Ana Ruiz\nteam: platform\n---\n",
    "people/bo.md": "---\ntitle: Bo\n---\n",
    "people/cleo.md": "---\ntitle: Cleo\nteam: acme\n---\n",
    "kpis/uptime.md": "---\ntitle: Uptime\nunit: '%'\nat_least: 99.9\n---\n",
    "objectives/trust.md": """---
title: Clinics trust us
period: 2026-q3
team: acme
owner: cleo
key_results:
  - {id: promises, title: Promises kept, from: objectives}
---
""",
    "objectives/calm.md": """---
title: Ship with fewer surprises
period: 2026-q3
team: platform
owner: ana
parent: trust/promises
continues: before
key_results:
  - {id: bugs, title: Bugs that reach clinics, unit: a month, start: 180, target: 60}
  - {id: rolled, title: Releases rolled back, unit: a month, at_most: 2, owner: bo}
  - id: rollout
    title: Staged rollout
    milestones: [{id: design, title: Design}, {id: pilot, title: Pilot}]
  - {id: audit, title: The audit finds nothing, done_when: no finding above minor}
  - {id: uptime, title: Uptime as clinics see it, from: uptime}
  - {id: notice, title: Time to notice, unit: min, start: unknown, target: 5}
---
""",
    "objectives/nights.md": """---
title: Nights without the pager
period: 2026-q3
team: platform
key_results:
  - {id: pages, title: Pages at night, start: 20, target: 5}
  - {id: work, title: The work is done, from: initiatives}
---
""",
    "objectives/days.md": """---
title: Days without the pager
period: 2026-q3
team: platform
owner: bo
key_results:
  - {id: pages, title: Pages by day, start: 40, target: 10}
---
""",
    "objectives/before.md": """---
title: Last quarter's goal
period: 2026-q2
team: platform
owner: ana
key_results:
  - {id: bugs, title: Bugs back then, start: 200, target: 180}
  - {id: gone, title: What nobody counts any more, start: 0, target: 3}
---
""",
    "initiatives/engine.md": (
        "---\ntitle: Rollout engine\nteam: platform\nowner: ana\n"
        "contributes_to: nights/work\nstate: doing\n---\n"
    ),
    "initiatives/upgrade-db.md": (
        "---\ntitle: New database\nteam: platform\ncontributes_to: nights/work\nstate: ready\n---\n"
    ),
    "check-ins/2026-08-18-ana.md": (
        "---\ndate: 2026-08-18\nauthor: ana\nkey_results:\n"
        "  calm/bugs: {value: 108, confidence: 0.6, status: on-track}\n"
        "initiatives:\n  engine: {state: doing, blocked: the licence}\n---\n"
    ),
}


def here(more: Mapping[str, str] | None = None, day: date = DAY) -> Book:
    """What is known of the company on a day; `more` files replace those of the same name."""
    texts = {**FILES, **(more or {})}
    return load({path: texts[path].encode() for path in sorted(texts)}, Settings(), day)


def said(*words: str, day: date = DAY, **options: Any) -> NewCheckIn:
    """What is understood of some words and options, each option one text or several."""
    given: dict[str, Any] = {
        name: value if name == "corrects" or isinstance(value, tuple) else (value,)
        for name, value in options.items()
    }
    typed = Typed(words, **given)
    made = here(day=day)
    return understand(made.portfolio, made.settings.workflow, typed, NewCheckIn(day, "ana"))
