"""The table as a REFI-QDA project (qdasoftware.org, QDA-XML 1.0), which MAXQDA, ATLAS.ti, NVivo and QualCoder import.

Passages of evidence are coded with their stance on the topic, their holder, and how they are put. Positions count
Unicode characters of a text whose ends of line are single line feeds; a program that counts UTF-16 units is off by one
behind each character outside the basic plane, such as an emoji.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zipfile import ZipFile

from stancewire.exporters.facts import STANCES, run_facts
from stancewire.exporters.meanings import MEANINGS
from stancewire.exporters.source import Exported, Source, review_cells
from stancewire.exporters.text import encodable, guid, one_newline, xml_text
from stancewire.exporters.whole import add_to_zip, built
from stancewire.review.reviewed import Reviewed, Status
from stancewire.types import Article, CueKind, StanceRecord, Topic, Voice
from stancewire.writers.rows import as_row

XMLNS = "urn:QDA-XML:project:1.0"
STANCE_COLOURS = dict(zip(STANCES, ("#2f7d4f", "#b23b3b", "#8a8f98"), strict=True))
PUT = "How it is put"
HOLDERS = "Holders"
HOWS = (*Voice, CueKind.HEDGED, CueKind.CONDITIONAL, CueKind.CHANGED, CueKind.SPEECH)
ARTICLE_VARIABLES = ("article_id", "outlet", "author", "url", "published", "language", "genre", "source")
CASE_VARIABLES = ("kind", "actor_id")
NAME = 80  # characters of a quote that name its selection

_Holder = tuple[str, str]


def write_qdpx(source: Source, out: Path) -> Exported:
    """Write the project; raises InputError where the run's store, which has the texts, is gone."""
    project = _Project(source)
    with built(out) as path, ZipFile(path, "w") as archive:
        for article, records in source.coded():
            text = one_newline(article.text)
            add_to_zip(archive, f"sources/{guid('article', article.id)}.txt", encodable(text).encode("utf-8"))
            project.add(article, records)
        root = project.root()
        indent(root)
        add_to_zip(
            archive, "project.qde", b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, "utf-8")
        )
    return Exported(paths=(out,), notes=tuple(project.notes()))


@dataclass(slots=True)
class _Project:
    """The project's XML as it grows, article by article."""

    source: Source
    sources: list[Element] = field(default_factory=list)
    remarks: list[Element] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    holders: dict[_Holder, dict[str, list[str]]] = field(default_factory=dict)
    actor_ids: dict[_Holder, str] = field(default_factory=dict)
    without_passage: int = 0

    def add(self, article: Article, records: Sequence[Reviewed]) -> None:
        """Add one article as a source, its records as coded selections."""
        name = _safe(article.title or article.id)
        attributes = {"guid": guid("article", article.id), "name": name, **self._made()}
        element = Element(
            "TextSource", {**attributes, "plainTextPath": f"internal://{attributes['guid']}.txt"}
        )
        notes: list[str] = []
        for each in records:
            self._add_record(element, each, notes)
        for note in notes:
            SubElement(element, "NoteRef", {"targetGUID": note})
        values = {variable: getattr(article, variable, None) for variable in ARTICLE_VARIABLES}
        values["article_id"] = article.id
        for variable, value in values.items():
            if value is not None:
                _add_value(element, variable, str(value))
        self.sources.append(element)

    def root(self) -> Element:
        """Return the whole project, in the order that the schema wants."""
        name = f"Stancewire {self.source.folder.codebook.name}"
        root = Element(
            "Project", {"xmlns": XMLNS, "name": _safe(name), "origin": "stancewire", **self._dates()}
        )
        users = SubElement(root, "Users")
        self._user(None)
        for name, id_ in self.users.items():
            SubElement(users, "User", {"guid": id_, "name": _safe(name)})
        self._add_codes(SubElement(SubElement(root, "CodeBook"), "Codes"))
        variables = SubElement(root, "Variables")
        for name in (*ARTICLE_VARIABLES, *CASE_VARIABLES):
            SubElement(
                variables,
                "Variable",
                {"guid": guid("variable", name), "name": name, "typeOfVariable": "Text"},
            )
        self._add_cases(root)
        for tag, elements in (("Sources", self.sources), ("Notes", self.remarks)):
            if elements:
                SubElement(root, tag).extend(elements)
        facts = "\n".join(f"{name}: {value}" for name, value in run_facts(self.source))
        SubElement(root, "Description").text = _safe(facts)
        return root

    def notes(self) -> Iterator[str]:
        """Yield what is not where one would look for it."""
        if self.without_passage:
            yield f"qdpx: {self.without_passage} records without a passage are notes of their article, not codings"

    def _add_record(self, parent: Element, each: Reviewed, notes: list[str]) -> None:
        record = each.record
        user = self._user(each)
        if not record.evidence:
            self.without_passage += 1
            notes.append(self._note(record, "fields", _fields(each), user))
        holder = (record.holder, record.holder_kind.value)
        refs = self.holders.setdefault(holder, {"sources": [], "selections": []})
        self.actor_ids.setdefault(holder, record.holder_id or "")
        source = guid("article", record.article_id)
        if source not in refs["sources"]:
            refs["sources"].append(source)
        hows = [record.attribution.value, *(name for name in _FLAGS if getattr(record, name))]
        codes = [_stance_code(record.topic, record.stance.value), guid("holder", *holder)]
        codes += [guid("how", how) for how in hows]
        for index, words in enumerate(record.evidence):
            id_ = guid(record.record_id, "evidence", str(index))
            text = _fields(each) if index == 0 else f"{_who(record)}\nprobability: {words.p}"
            element = _selection(parent, id_, (words.start, words.end), words.quote, user)
            SubElement(element, "Description").text = _safe(text)
            self._code(element, id_, codes, user)
            if index == 0 and each.status is not Status.UNREVIEWED:
                note = self._note(record, "review", _review(each), user)
                SubElement(element, "NoteRef", {"targetGUID": note})
            refs["selections"].append(id_)
        for index, cue in enumerate(record.cues):
            id_ = guid(record.record_id, "cue", str(index))
            element = _selection(parent, id_, (cue.start, cue.end), cue.quote, user)
            SubElement(element, "Description").text = _safe(_who(record))
            self._code(element, id_, [guid("how", cue.kind.value)], user)

    def _code(self, element: Element, selection: str, codes: Iterable[str], user: str) -> None:
        for code in codes:
            attributes = {"guid": guid(selection, code), "creatingUser": user, **self._dates()}
            SubElement(SubElement(element, "Coding", attributes), "CodeRef", {"targetGUID": code})

    def _note(self, record: StanceRecord, kind: str, text: str, user: str) -> str:
        id_ = guid(record.record_id, "note", kind)
        note = Element(
            "Note", {"guid": id_, "name": _safe(f"{kind} of {record.record_id}"), "creatingUser": user}
        )
        SubElement(note, "PlainTextContent").text = _safe(text)
        self.remarks.append(note)
        return id_

    def _user(self, each: Reviewed | None) -> str:
        """Return the GUID of the person who decided last, else of the machine."""
        name = each.by if each and each.by else "stancewire (machine)"
        return self.users.setdefault(name, guid("user", name))

    def _made(self) -> dict[str, str]:
        return {"creatingUser": self._user(None), **self._dates()}

    def _dates(self) -> dict[str, str]:
        """Return when the run began, as the moment at which everything was made."""
        try:
            started = datetime.fromisoformat(str(self.source.folder.manifest.get("started", "")))
        except ValueError:
            return {}
        return {"creationDateTime": started.replace(microsecond=0).isoformat()}

    def _add_codes(self, parent: Element) -> None:
        known = {topic.id: topic for topic in self.source.folder.codebook.topics}
        for topic in known.values():
            self._add_topic(parent, topic)
        hows = _code_element(parent, guid("group", PUT), PUT, is_codable=False)
        for how in HOWS:
            _code_element(hows, guid("how", how.value), how.value)
        if self.holders:
            holders = _code_element(parent, guid("group", HOLDERS), HOLDERS, is_codable=False)
            for name, kind in self.holders:
                _code_element(holders, guid("holder", name, kind), f"{name} ({kind})")

    def _add_topic(self, parent: Element, topic: Topic) -> None:
        element = _code_element(parent, guid("topic", topic.id), topic.name, is_codable=False)
        lines = (f"favor: {topic.claim}", topic.opposite and f"against: {topic.opposite}", topic.notes)
        SubElement(element, "Description").text = _safe("\n".join(line for line in lines if line))
        for stance in STANCES:
            name = f"{topic.name}: {stance}"
            _code_element(element, _stance_code(topic.id, stance.value), name, colour=STANCE_COLOURS[stance])

    def _add_cases(self, root: Element) -> None:
        if not self.holders:
            return
        cases = SubElement(root, "Cases")
        for (name, kind), refs in self.holders.items():
            case = SubElement(cases, "Case", {"guid": guid("case", name, kind), "name": _safe(name)})
            _add_value(case, "kind", kind)
            _add_value(case, "actor_id", self.actor_ids[name, kind])
            for tag, key in (("SourceRef", "sources"), ("SelectionRef", "selections")):
                for target in refs[key]:
                    SubElement(case, tag, {"targetGUID": target})


_FLAGS = ("hedged", "conditional", "changed")


def _selection(parent: Element, id_: str, place: tuple[int, int], quote: str, user: str) -> Element:
    return SubElement(
        parent,
        "PlainTextSelection",
        {
            **{"guid": id_, "name": _safe(" ".join(quote.split())[:NAME])},
            **{"startPosition": str(place[0]), "endPosition": str(place[1]), "creatingUser": user},
        },
    )


def _code_element(
    parent: Element, id_: str, name: str, *, is_codable: bool = True, colour: str | None = None
) -> Element:
    attributes = {"guid": id_, "name": _safe(name), "isCodable": "true" if is_codable else "false"}
    return SubElement(parent, "Code", {**attributes, **({"color": colour} if colour else {})})


def _add_value(parent: Element, variable: str, value: str) -> None:
    element = SubElement(parent, "VariableValue")
    SubElement(element, "VariableRef", {"targetGUID": guid("variable", variable)})
    SubElement(element, "TextValue").text = _safe(value)


def _stance_code(topic: str, stance: str) -> str:
    return guid("stance", topic, stance)


def _who(record: StanceRecord) -> str:
    return f"record: {record.record_id}\nholder: {record.holder}\n{record.topic}: {record.stance}"


def _fields(each: Reviewed) -> str:
    """Return every field of the record that has a value, a line each; passages and cues are selections themselves."""
    row = {**as_row(each.record), **review_cells(each)}
    row["evidence"] = [(words["start"], words["end"], words["p"]) for words in row["evidence"]]
    row["cues"] = [(cue["kind"], cue["start"], cue["end"]) for cue in row["cues"]]
    return "\n".join(f"{name}: {row[name]}" for name in MEANINGS if name in row and row[name] is not None)


def _review(each: Reviewed) -> str:
    cells = review_cells(each)
    return "\n".join(f"{name}: {value}" for name, value in cells.items() if value is not None)


def _safe(text: str) -> str:
    return xml_text(encodable(text))
