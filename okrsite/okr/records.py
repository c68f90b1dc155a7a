"""Document → one of the nouns, or findings; a fault in one field never costs the others."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.hints import status_hint
from okrsite.okr.mending import renamed, rewritten, without_line
from okrsite.okr.model import FROM_FILE, KINDS, MEASURE_FIELDS, RECORDED, FileNoun
from okrsite.okr.quoted import quoted
from okrsite.okr.similar import did_you_mean, only_one
from okrsite.okr.spelling import fields_of, model_at
from okrsite.okr.usual import usual
from okrsite.okr.values import shown, slug, to_id

T = TypeVar("T", bound=FileNoun)

_SHAPES = {
    "tuple_type": ("expected a list, found {found}", "Write one `- item` a line."),
    "mapping_type": ("expected `name: value` pairs, found {found}", ""),
    "is_instance_of": ("expected `name: value` pairs, found {found}", ""),
    "model_type": ("expected `field: value` pairs, found {found}", ""),
    "model_attributes_type": ("expected `field: value` pairs, found {found}", ""),
}


_KEY = "[key]"  # how pydantic marks a fault in a key itself


def kind_of(path: str) -> str | None:
    """The kind a path's top folder stands for; None for an ordinary page."""
    folder, _, below = path.partition("/")
    is_record = bool(below) and folder in KINDS and below.rpartition("/")[2].lower() != "index.md"
    return folder if is_record else None


def read_record(document: Document, kind: str) -> tuple[FileNoun | None, tuple[Finding, ...]]:
    """The noun a document of `kind` declares, None where too little of it is left.

    Faulty fields are reported and left out; a missing title is replaced by the id.
    """
    stem = PurePosixPath(document.path).stem
    findings = [*_id_findings(document, stem), *_reserved(document)]
    data = {key: value for key, value in document.data.items() if key not in FROM_FILE}
    data |= {"id": slug(stem) or "unnamed", "path": document.path}
    data |= {"body": document.body, "body_line": document.body_line}
    noun, errors = _validate(KINDS[kind], data)
    findings += [_finding(document, kind, error) for error in errors]
    faulty = {(finding.line, finding.column) for finding in findings}
    warned = quoted(document, kind in RECORDED)
    return noun, (*findings, *(w for w in warned if (w.line, w.column) not in faulty))


def _validate(model: type[T], data: dict[str, object]) -> tuple[T | None, list[ErrorDetails]]:
    first: list[ErrorDetails] = []
    for _ in range(4):
        try:
            return model.model_validate(data), first
        except ValidationError as error:
            errors = error.errors(include_url=False)
            first = first or errors
            mended = _without(data, [e["loc"] for e in errors])
            data = {"title": data["id"], **mended} if "title" in model.model_fields else mended
    return None, first


def _without(data: dict[str, object], locs: Sequence[Loc]) -> dict[str, object]:
    """`data` without the faulty values; a list item without an id goes as a whole."""
    result: dict[str, object] = _copy(data)
    for loc in sorted(locs, key=str, reverse=True):
        _mark(result, loc)
        holder, last = _holder(result, loc)
        if isinstance(holder, dict) and last in holder:
            del holder[last]
        elif isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            holder[last] = None
        elif isinstance(holder, dict) and last == "title" and "id" in holder:
            holder["title"] = str(holder["id"])
        elif len(loc) > 1:
            parent, index = _holder(result, loc[:-1])
            if isinstance(parent, list) and isinstance(index, int):
                parent[index] = None
            elif isinstance(parent, dict) and index in parent:
                del parent[index]
    pruned = _prune(result)
    return pruned if isinstance(pruned, dict) else {}


def _mark(data: dict[str, object], loc: Loc) -> None:
    """A key result whose measure cannot be read must not do better than one without a value."""
    rows = data.get("key_results")
    if loc[0] != "key_results" or len(loc) < 3 or loc[2] not in MEASURE_FIELDS:
        return
    if isinstance(rows, list) and isinstance(loc[1], int) and isinstance(rows[loc[1]], dict):
        rows[loc[1]]["unreadable"] = True


def _copy(value: object) -> dict[str, object]:
    return {key: _deep(item) for key, item in value.items()} if isinstance(value, dict) else {}


def _deep(value: object) -> object:
    if isinstance(value, dict):
        return _copy(value)
    return [_deep(item) for item in value] if isinstance(value, list) else value


def _prune(value: object) -> object:
    if isinstance(value, dict):
        return {key: _prune(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_prune(item) for item in value if item is not None]
    return value


def _holder(data: object, loc: Loc) -> tuple[object, str | int]:
    for step in loc[:-1]:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            data = None
    return data, loc[-1]


def _finding(document: Document, kind: str, error: ErrorDetails) -> Finding:
    loc = error["loc"]
    code, message, hint = _words(document, kind, error)
    at_key = error["type"] == "extra_forbidden" or loc[-1:] == (_KEY,)
    loc = loc[:-1] if loc[-1:] == (_KEY,) else loc
    line, column = document.key_place(*loc) if at_key else document.place(*loc)
    fix = _fix(document, kind, error)
    return Finding(document.path, line, column, code, Severity.ERROR, message, hint, fix=fix)


def _fix(document: Document, kind: str, error: ErrorDetails) -> Fix | None:
    """What mends a fault beyond doubt."""
    loc, context = error["loc"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            meant = only_one(_label(loc), _fields(kind, loc))
            return renamed(document, loc, "" if _elsewhere(document, kind, loc) else meant)
        case "enum" if isinstance(error["input"], str):
            words = str(context.get("expected", "")).split("'")[1::2]
            return rewritten(document, loc, only_one(error["input"], words))
        case "okr" if loc[-1:] != (_KEY,):
            fix = str(context.get("fix") or "")
            taken = loc[-1:] == ("id",) and fix in _ids_beside(document, loc)
            return None if taken else rewritten(document, loc, fix)
    return None


def _ids_beside(document: Document, loc: Loc) -> list[object]:
    rows, _ = _holder(document.data, loc[:-1])
    found = rows if isinstance(rows, list) else []
    return [row.get("id") for row in found if isinstance(row, dict)]


def _words(document: Document, kind: str, error: ErrorDetails) -> tuple[str, str, str]:
    loc, context = error["loc"], error.get("ctx", {})
    field = _label(loc)
    match error["type"]:
        case "missing":
            return "OKR010", f"`{field}` is missing", f"Add `{field}:`."
        case "extra_forbidden":
            if field.isdigit():
                hint = "Write numbers without thousands marks: a comma begins a new field."
                return "OKR011", f"`{field}` is no field here", hint
            hint = _elsewhere(document, kind, loc) or did_you_mean(field, _fields(kind, loc))
            return "OKR011", f"`{field}` is no field here", hint or _allowed(_fields(kind, loc))
        case "enum":
            allowed = str(context.get("expected", "")).replace("'", "`")
            message = f"`{field}`: {shown(error['input'])} is not one of {allowed}"
            return "OKR012", message, _nearest(error["input"], allowed)
        case "okr":
            code = "OKR013" if loc and loc[-1] == "id" else "OKR012"
            hint = str(context["said" if kind in RECORDED else "hint"])
            return code, f"`{field}`: {context['message']}", hint
    template, hint = _SHAPES.get(error["type"], ("{found} is not allowed here", ""))
    found = "nothing" if error["input"] is None else shown(error["input"])
    return "OKR012", f"`{field}`: {template.format(found=found)}", hint


def _label(loc: Loc) -> str:
    if loc[-1:] == (_KEY,):
        return _label(loc[:-2])
    if loc and isinstance(loc[-1], int):
        return f"{_label(loc[:-1])} {loc[-1] + 1}"
    return str(loc[-1]) if loc else ""


def _fields(kind: str, loc: Loc) -> tuple[str, ...]:
    return fields_of(model_at(kind, loc) or KINDS[kind])


def _elsewhere(document: Document, kind: str, loc: Loc) -> str:
    """Where that belongs which many call as the unknown field at `loc` is called."""
    model = model_at(kind, loc) or KINDS[kind]
    place = kind if model is KINDS[kind] else f"{kind}/{model.__name__}"
    holder, _ = _holder(document.data, loc)
    own = str(holder.get("id", "")) if isinstance(holder, dict) else ""
    ref = f"{PurePosixPath(document.path).stem}/{own}" if own and len(loc) > 1 else "REF"
    return usual(place, _label(loc), _fields(kind, loc), ref, own or "id")


def _allowed(names: Sequence[str]) -> str:
    return "Allowed: " + ", ".join(f"`{name}`" for name in names) + "."


def _nearest(value: object, allowed: str) -> str:
    words = allowed.split("`")[1::2]
    if not isinstance(value, str):
        return ""
    return (status_hint(value) if "on-track" in words else "") or did_you_mean(value, words)


def _id_findings(document: Document, stem: str) -> Iterator[Finding]:
    try:
        to_id(stem)
    except ValueError:
        proposal = slug(stem) or "a-name"
        message = f"the file's name `{stem}` is no id: lower-case letters, digits, `-` and `_`"
        hint = f"Rename the file to `{proposal}.md`."
        yield Finding(document.path, 1, 1, "OKR013", Severity.ERROR, message, hint)


def _reserved(document: Document) -> Iterator[Finding]:
    for key in document.data:
        if key in FROM_FILE:
            line, column = document.key_place(key)
            hint = "Remove it: the file's name is the id." if key == "id" else "Remove it."
            message = f"`{key}` is no field here"
            same = key == "id" and document.data[key] == PurePosixPath(document.path).stem
            fix = without_line(document, key) if same else None
            place = (document.path, line, column)
            yield Finding(*place, "OKR011", Severity.ERROR, message, hint, fix=fix)
