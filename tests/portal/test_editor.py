"""The forms at `/edit/`: their configuration, what is carried along for them, what they may ask."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from okrsite.hosts.options import HOST_OPTIONS, editor_option, for_numbers
from okrsite.okr import model
from okrsite.okr.fields import fields_of
from okrsite.okr.sources import read_folder
from okrsite.portal.assets import theme_assets
from okrsite.portal.editor import (
    REDIRECTED,
    Repository,
    editor_address,
    editor_files,
    has_editor,
    new_address,
    redirected,
    repository_of,
)
from okrsite.portal.editor_fields import NUMBER, Field
from okrsite.portal.site import SignIn, SiteUrls
from okrsite.portal.vendored import packages, read_vendored, vendor_folder
from tests.portal.editing import FILES, URLS, company
from tests.support import book

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "schemas" / "sveltia-cms"
CMS = json.loads((SCHEMAS / "sveltia-cms.json").read_text(encoding="utf-8"))


def config(files: dict[str, str] | None = None, urls: SiteUrls = URLS) -> dict[str, Any]:
    made = editor_files(book(files or dict(FILES)), urls)
    found: dict[str, Any] = json.loads(made["edit/config.json"])
    return found


def collection(name: str, made: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in made["collections"] if each["name"] == name)


def named(fields: list[Field]) -> dict[str, Field]:
    return {field["name"]: field for field in fields}


# --- the configuration ----------------------------------------------------------------------------


def wrong(made: dict[str, Any]) -> list[str]:
    return [
        f"{list(e.absolute_path)}: {e.message[:200]}"
        for e in Draft7Validator(CMS).iter_errors(made)
    ]


def test_the_configuration_is_one_by_the_editors_own_schema() -> None:
    assert wrong(config()) == []
    made = config()
    collection("objectives", made)["fields"][0]["widget"] = 5
    assert wrong(made) != []


def test_so_is_that_of_the_example_company_and_of_an_empty_one() -> None:
    texts = {p: raw.decode() for p, raw in read_folder(ROOT / "content").items()}
    assert wrong(config(texts)) == []
    assert wrong(config({"periods/q.md": FILES["periods/2026.md"]})) == []


def test_every_kind_has_a_form_with_every_field() -> None:
    made = config()
    assert {each["name"] for each in made["collections"]} == set(model.KINDS)
    for kind, noun in model.KINDS.items():
        fields = set(named(collection(kind, made)["fields"])) - {"body"}
        told = {name.removeprefix("form_") for name in fields}
        assert told == set(fields_of(noun)), kind
    results = named(collection("objectives", made)["fields"])["key_results"]["fields"]
    assert [field["name"] for field in results] == list(fields_of(model.KeyResult))


def test_a_form_asks_for_what_the_format_needs() -> None:
    for kind, noun in model.KINDS.items():
        fields = named(collection(kind, config())["fields"])
        needed = {info.alias or n for n, info in noun.model_fields.items() if info.is_required()}
        assert {n for n, f in fields.items() if f["required"]} == needed - model.FROM_FILE


def test_words_of_a_field_are_the_models() -> None:
    fields = named(collection("objectives", config())["fields"])
    offered = [option["value"] for option in fields["ambition"]["options"]]
    assert offered == [str(word) for word in model.Ambition]
    states = named(collection("initiatives", config())["fields"])["state"]["options"]
    assert [option["value"] for option in states] == ["backlog", "ready", "doing", "review", "done"]


def test_days_are_days_and_empty_fields_are_left_out() -> None:
    fields = named(collection("periods", config())["fields"])
    assert (fields["start"]["type"], fields["start"]["format"]) == ("date", "YYYY-MM-DD")
    assert config()["output"]["omit_empty_optional_fields"] is True


def test_a_kind_in_deeper_folders_is_a_tree_and_listed_the_flat_ones_are_looked_up() -> None:
    made = config()
    assert collection("objectives", made)["nested"] == {"subfolders": False}
    assert "nested" not in collection("teams", made)
    fields = named(collection("objectives", made)["fields"])
    assert (fields["team"]["widget"], fields["team"]["collection"]) == ("relation", "teams")
    assert fields["continues"]["widget"] == "select"
    values = {option["value"] for option in fields["parent"]["options"]}
    assert {"trust", "trust/uptime"} <= values


def test_bare_names_are_typed_and_people_with_files_are_chosen() -> None:
    assert named(collection("objectives", config())["fields"])["owner"]["widget"] == "string"
    one = {p: t.replace("Ana Berg", "ana") for p, t in FILES.items()}
    fields = config({**one, "people/ana.md": "---\ntitle: Ana\n---\n"})
    owner = named(collection("objectives", fields)["fields"])["owner"]
    assert (owner["widget"], owner["collection"]) == ("relation", "people")


def test_a_check_in_may_speak_of_what_can_still_be_told() -> None:
    first = named(collection("check-ins", config())["fields"])["form_key_results"]["fields"][0]
    offered = {option["value"] for option in first["options"]}
    assert "trust/uptime" in offered and "trust/more" not in offered and "trust/up" not in offered
    closed = FILES["periods/2026.md"].replace("committed", "closed")
    made = config({**FILES, "periods/2026.md": closed})
    first = named(collection("check-ins", made)["fields"])["form_key_results"]["fields"][0]
    assert first["options"] == []


def test_ids_are_ours() -> None:
    slug = collection("objectives", config())["slug"]
    assert re.fullmatch(slug["pattern"][0], "fewer-bugs") and slug["editable"] == ["create"]
    assert not re.fullmatch(slug["pattern"][0], "Fewer bugs")


def test_numbers_of_a_form_are_the_readers() -> None:
    from okrsite.okr.values import _NUMBER

    for text in ("0", "12", "-3", "0.5", "007", "1,000", "12:30", "5 %", "."):
        assert bool(re.fullmatch(NUMBER, text)) == bool(_NUMBER.fullmatch(text)), text


def test_untrusted_titles_stay_text() -> None:
    title = '"}]</script><script>alert(1)</script>{{now}} ${x} - *a: b'
    text = FILES["objectives/deep/trust.md"].replace("Clinics rely on us", json.dumps(title))
    made = editor_files(
        book(
            {
                **FILES,
                "objectives/deep/trust.md": text,
                "teams/acme.md": f"---\ntitle: {json.dumps(title)}\n---\n",
            }
        ),
        URLS,
    )
    found = json.loads(made["edit/config.json"])
    labels = {
        o["label"]
        for o in named(collection("initiatives", found)["fields"])["contributes_to"]["options"]
    }
    assert f"{title} (trust)" in labels
    assert b"<script>alert" not in made["edit/index.html"]


# --- the forge ------------------------------------------------------------------------------------


def urls(repo: str, edit: str, **more: Any) -> SiteUrls:
    return SiteUrls("https://x.example/", f"{repo}/{edit}", repo, editor=SignIn(**more))


@pytest.mark.parametrize(
    ("repo", "edit", "expected"),
    [
        (
            "https://github.com/acme/goals",
            "edit/main/content/",
            Repository("github", "https://github.com", "acme/goals", "main", "content"),
        ),
        (
            "https://github.com/acme/goals.git",
            "blob/trunk/",
            None,
        ),
        (
            "https://gitlab.com/acme/okr/goals",
            "-/edit/main/docs/goals/",
            Repository("gitlab", "https://gitlab.com", "acme/okr/goals", "main", "docs/goals"),
        ),
        (
            "https://code.acme.example/okr/goals",
            "-/edit/main/content/",
            Repository("gitlab", "https://code.acme.example", "okr/goals", "main", "content"),
        ),
        ("https://code.acme.example/okr/goals", "edit/main/content/", None),
        ("http://github.com/acme/goals", "edit/main/content/", None),
        ("https://github.com/acme", "edit/main/content/", None),
        ("https://github.com/acme/goals", "", None),
    ],
)
def test_the_repository_is_read_from_the_sites_addresses(
    repo: str, edit: str, expected: Repository | None
) -> None:
    found = repository_of(urls(repo, edit))
    if repo.endswith(".git"):
        assert found == Repository("github", "https://github.com", "acme/goals", "trunk", "")
    else:
        assert found == expected


def test_changes_become_pull_requests_that_somebody_else_merges() -> None:
    made = config()
    assert made["publish_mode"] == "editorial_workflow"
    assert {each["publish"] for each in made["collections"]} == {False}
    assert made["backend"]["branch"] == "main" and made["backend"]["repo"] == "acme/goals"


def test_what_is_for_ever_is_not_deleted() -> None:
    made = config()
    kept = {each["name"] for each in made["collections"] if not each["delete"]}
    assert kept == {"check-ins", "amendments"}


def test_one_signs_in_by_token_unless_a_client_is_named() -> None:
    assert config()["backend"]["auth_methods"] == ["token"]
    hub = urls("https://github.com/a/b", "edit/main/content/", base_url="https://auth.acme.example")
    assert "auth_methods" not in config(urls=hub)["backend"]
    assert config(urls=hub)["backend"]["base_url"] == "https://auth.acme.example"
    lab = urls("https://gitlab.acme.example/a/b", "-/edit/main/content/", app_id="abc")
    backend = config(urls=lab)["backend"]
    assert (backend["auth_type"], backend["app_id"]) == ("pkce", "abc")
    assert backend["api_root"] == "https://gitlab.acme.example/api/v4"
    assert wrong(config(urls=hub)) == wrong(config(urls=lab)) == []


def test_the_page_may_ask_only_itself_and_the_forge() -> None:
    page = editor_files(company(), URLS)["edit/index.html"].decode()
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    policy = dict(rule.split(" ", 1) for rule in found[1].replace("&#39;", "'").split("; "))
    hosts = set(re.findall(r"https://[^ ]+", policy["connect-src"]))
    assert hosts == {"https://api.github.com", "https://github.com"}
    assert (
        policy["script-src"] == policy["font-src"] == "'self'" and policy["default-src"] == "'none'"
    )
    assert not re.search(r"<script(?![^>]* src=)", page) and "style=" not in page


def test_off_means_not_there() -> None:
    assert editor_files(company(), SiteUrls(URLS.site_url, URLS.edit_base, URLS.repo_url)) == {}
    nowhere = SiteUrls(editor=SignIn())
    assert editor_files(company(), nowhere) == {} and not has_editor(nowhere) and has_editor(URLS)
    assert not [each.uri for each in theme_assets() if "sveltia" in each.uri or "edit" in each.uri]


def test_addresses_of_forms() -> None:
    deep = editor_address("objectives", "objectives/deep/trust.md")
    assert deep == "edit/#/collections/objectives/entries/deep/trust"
    assert editor_address("teams", "teams/acme.md").endswith("/teams/entries/acme")
    new = new_address("check-ins", author="Ana Berg", path="2026-q3")
    assert new == "edit/#/collections/check-ins/new?author=Ana+Berg&path=2026-q3"


# --- the option -----------------------------------------------------------------------------------


def test_the_option() -> None:
    assert editor_option(None) is editor_option(False) is None
    assert editor_option(True) == SignIn()
    assert editor_option({"base_url": "https://a.example/"}) == SignIn("https://a.example")
    assert "editor" in HOST_OPTIONS and for_numbers({"editor": True, "cadence": 7}) == {
        "cadence": 7
    }


@pytest.mark.parametrize(
    "value", ["yes", 1.5, {"token": "x"}, {"base_url": 5}, {"base_url": "http://a"}]
)
def test_an_option_nobody_can_follow_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="editor"):
        editor_option(value)


# --- what is carried along ------------------------------------------------------------------------


def test_every_file_of_others_is_recorded_and_as_recorded() -> None:
    for folder, package in packages().items():
        there = {path.name for path in (vendor_folder() / folder).iterdir()}
        assert there == set(package.files)
        assert any("LICENSE" in name for name in there)
        for name, digest in package.files.items():
            assert sha256(read_vendored(folder, name)).hexdigest() == digest
    assert {path.name for path in vendor_folder().iterdir()} == {*packages(), "vendored.json"}


def test_a_file_that_was_touched_is_not_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "immutable").mkdir()
    (tmp_path / "immutable/immutable.es.js").write_text("steal()")
    monkeypatch.setattr("okrsite.portal.vendored.vendor_folder", lambda: tmp_path)
    with pytest.raises(ValueError, match="not the file that was recorded"):
        read_vendored("immutable", "immutable.es.js")


def test_every_redirected_address_is_in_the_script_once_and_its_goal_is_there() -> None:
    script = read_vendored("sveltia-cms", "sveltia-cms.js").decode()
    assert {there: script.count(there) for there in REDIRECTED} == dict.fromkeys(REDIRECTED, 1)
    published = redirected(script)
    assert not re.search(r"(unpkg\.com|jsdelivr\.net|fonts\.googleapis\.com)/", published)
    files = editor_files(company(), URLS)
    for here in REDIRECTED.values():
        if here.endswith((".woff2", ".json`")):
            assert f"edit/{here.strip('`').removeprefix('./')}" in files
    version = packages()["immutable"].version
    assert f"immutable:`^{version}`" in script
    assert f"edit/lib/immutable@{version}/dist/immutable.es.js" in files


def test_the_schema_is_that_of_the_release_we_carry() -> None:
    readme = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    raw = (SCHEMAS / "sveltia-cms.json").read_bytes()
    assert sha256(raw).hexdigest() in readme
    assert f"`@sveltia/cms` {packages()['sveltia-cms'].version}" in readme
