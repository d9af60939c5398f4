"""The table as a REFI-QDA project (qdasoftware.org, QDA-XML 1.0), which MAXQDA, ATLAS.ti, NVivo and QualCoder import.

Passages of evidence are coded with their stance on the topic, their holder, and how they are put. Positions count
Unicode characters of a text whose ends of line are single line feeds; a program that counts UTF-16 units is off by one
behind each character outside the basic plane, such as an emoji.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from xml.etree.ElementTree import Element, SubElement
from zipfile import ZipFile

from stancewire.exporters.facts import STANCES, run_facts
from stancewire.exporters.meanings import MEANINGS
from stancewire.exporters.source import Exported, Source, review_cells
from stancewire.exporters.text import encodable, guid, one_newline, xml_text
from stancewire.exporters.whole import add_to_zip, built, open_in_zip
from stancewire.exporters.xml_file import XmlFile
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
    # Sources stand behind the codes and cases that come of them; they wait in a file, as an archive's fill the memory.
    with built(out) as path, ZipFile(path, "w") as archive, TemporaryFile() as waiting:
        sources = XmlFile(waiting.write, depth=2)
        for article, records in source.coded():
            text = one_newline(article.text)
            add_to_zip(archive, f"sources/{guid('article', article.id)}.txt", encodable(text).encode("utf-8"))
            sources.add(project.text_source(article, records))
        sources.flush()
        with open_in_zip(archive, "project.qde") as file:
            xml = XmlFile(file.write)
            project.write(xml, waiting)
            xml.flush()
    return Exported(paths=(out,), notes=tuple(project.notes()))


@dataclass(slots=True)
class _Project:
    """The project's XML as it grows, article by article."""

    source: Source
    remarks: list[Element] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    holders: dict[_Holder, dict[str, dict[str, None]]] = field(default_factory=dict)
    actor_ids: dict[_Holder, str] = field(default_factory=dict)
    without_passage: int = 0

    def text_source(self, article: Article, records: Sequence[Reviewed]) -> Element:
        """Return one article as a source, its records as coded selections."""
        name = _safe(article.title or article.id)
        attributes = {"guid": guid("article", article.id), "name": name, **self._made(self._user(None))}
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
        return element

    def write(self, xml: XmlFile, sources: IO[bytes]) -> None:
        """Write the whole project, in the order that the schema wants, with the sources from a file of their own."""
        name = f"Stancewire {self.source.folder.codebook.name}"
        attributes = {"xmlns": XMLNS, "name": _safe(name), "origin": "stancewire", **self._dates()}
        with xml.inside("Project", attributes):
            for element in self._head():
                xml.add(element)
            if sources.tell():
                with xml.inside("Sources"):
                    xml.copy(sources)
            if self.remarks:
                with xml.inside("Notes"):
                    for note in self.remarks:
                        xml.add(note)
            description = Element("Description")
            facts = "\n".join(f"{name}: {value}" for name, value in run_facts(self.source))
            description.text = _safe(facts)
            xml.add(description)

    def _head(self) -> Iterator[Element]:
        """Yield users, codes, variables and cases."""
        users = Element("Users")
        self._user(None)
        for name, id_ in self.users.items():
            SubElement(users, "User", {"guid": id_, "name": _safe(name)})
        yield users
        book = Element("CodeBook")
        self._add_codes(SubElement(book, "Codes"))
        yield book
        variables = Element("Variables")
        for name in (*ARTICLE_VARIABLES, *CASE_VARIABLES):
            SubElement(
                variables,
                "Variable",
                {"guid": guid("variable", name), "name": name, "typeOfVariable": "Text"},
            )
        yield variables
        yield from self._cases()

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
        refs = self.holders.setdefault(holder, {"sources": {}, "selections": {}})
        self.actor_ids.setdefault(holder, record.holder_id or "")
        refs["sources"][guid("article", record.article_id)] = None
        hows = [record.attribution.value, *(name for name in _FLAGS if getattr(record, name))]
        codes = [_stance_code(record.topic, record.stance.value), guid("holder", *holder)]
        codes += [guid("how", how) for how in hows]
        for index, words in enumerate(record.evidence):
            id_ = guid(record.record_id, "evidence", str(index))
            text = _fields(each) if index == 0 else f"{_who(record)}\nprobability: {words.p}"
            element = self._selection(parent, id_, (words.start, words.end), words.quote, user)
            SubElement(element, "Description").text = _safe(text)
            self._code(element, id_, codes, user)
            if index == 0 and each.status is not Status.UNREVIEWED:
                note = self._note(record, "review", _review(each), user)
                SubElement(element, "NoteRef", {"targetGUID": note})
            refs["selections"][id_] = None
        for index, cue in enumerate(record.cues):
            id_ = guid(record.record_id, "cue", str(index))
            element = self._selection(parent, id_, (cue.start, cue.end), cue.quote, user)
            SubElement(element, "Description").text = _safe(_who(record))
            self._code(element, id_, [guid("how", cue.kind.value)], user)

    def _selection(self, parent: Element, id_: str, place: tuple[int, int], quote: str, user: str) -> Element:
        ends = {"startPosition": str(place[0]), "endPosition": str(place[1])}
        name = _safe(" ".join(quote.split())[:NAME])
        return SubElement(
            parent, "PlainTextSelection", {"guid": id_, "name": name, **ends, **self._made(user)}
        )

    def _code(self, element: Element, selection: str, codes: Iterable[str], user: str) -> None:
        for code in codes:
            attributes = {"guid": guid(selection, code), **self._made(user)}
            SubElement(SubElement(element, "Coding", attributes), "CodeRef", {"targetGUID": code})

    def _note(self, record: StanceRecord, kind: str, text: str, user: str) -> str:
        id_ = guid(record.record_id, "note", kind)
        # QualCoder stops at a note without a date.
        note = Element(
            "Note", {"guid": id_, "name": _safe(f"{kind} of {record.record_id}"), **self._made(user)}
        )
        SubElement(note, "PlainTextContent").text = _safe(text)
        self.remarks.append(note)
        return id_

    def _user(self, each: Reviewed | None) -> str:
        """Return the GUID of the person who decided last, else of the machine."""
        name = each.by if each and each.by else "stancewire (machine)"
        return self.users.setdefault(name, guid("user", name))

    def _made(self, user: str) -> dict[str, str]:
        return {"creatingUser": user, **self._dates()}

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

    def _cases(self) -> Iterator[Element]:
        if not self.holders:
            return
        cases = Element("Cases")
        times = Counter(name for name, _ in self.holders)
        for (name, kind), refs in self.holders.items():
            # QualCoder wants every case to have a name of its own.
            called = f"{name} ({kind})" if times[name] > 1 else name
            case = SubElement(cases, "Case", {"guid": guid("case", name, kind), "name": _safe(called)})
            _add_value(case, "kind", kind)
            _add_value(case, "actor_id", self.actor_ids[name, kind])
            for tag, key in (("SourceRef", "sources"), ("SelectionRef", "selections")):
                for target in refs[key]:
                    SubElement(case, tag, {"targetGUID": target})
        yield cases


_FLAGS = ("hedged", "conditional", "changed")


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
