"""The REFI-QDA project, against the standard's own schema, and read again position by position."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree
from tests.exporters.runs import ADDED, OTHERS, RECORDS, TEXT, decisions, make_run

from stancewire.exporters.export import export
from stancewire.exporters.source import Source
from stancewire.exporters.text import one_newline
from stancewire.run_folder import RunFolder

SCHEMA = Path(__file__).parent / "schema" / "refi-qda-project-1.0.xsd"
NS = {"q": "urn:QDA-XML:project:1.0"}


def project(folder: RunFolder) -> tuple[etree._Element, dict[str, str]]:
    exported = export(Source(folder=folder, overwrite=True), "qdpx")
    with ZipFile(exported.paths[0]) as archive:
        texts = {
            name.removeprefix("sources/"): archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("sources/")
        }
        return etree.fromstring(archive.read("project.qde")), texts


def found(root: etree._Element, path: str) -> list[etree._Element]:
    elements = root.xpath(path, namespaces=NS)
    assert isinstance(elements, list)
    return elements


@pytest.mark.parametrize("said", [False, True])
def test_the_project_is_valid_by_the_standards_schema(said: bool, tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", said=decisions() if said else ())
    root, _ = project(folder)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(root), schema.error_log


def test_an_empty_project_is_valid_too(tmp_path: Path) -> None:
    root, _ = project(make_run(tmp_path / "run", (), articles=()))
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(root), schema.error_log


def test_every_selection_is_at_the_words_it_quotes(folder: RunFolder) -> None:
    root, texts = project(folder)
    quotes = set()
    for source in found(root, "//q:TextSource"):
        text = texts[source.attrib["plainTextPath"].removeprefix("internal://")]
        assert "\r" not in text
        for selection in found(source, "q:PlainTextSelection"):
            words = text[int(selection.attrib["startPosition"]) : int(selection.attrib["endPosition"])]
            assert " ".join(words.split())[:80] == selection.attrib["name"]
            quotes.add(words)
    expected = {one_newline(each.quote) for record in RECORDS for each in (*record.evidence, *record.cues)}
    assert quotes == expected
    assert len(one_newline(TEXT)) == len(TEXT)


def test_a_selection_is_coded_with_stance_holder_and_voice(folder: RunFolder) -> None:
    root, _ = project(folder)
    names = {code.attrib["guid"]: code.attrib["name"] for code in found(root, "//q:Code")}
    selection = found(root, "//q:PlainTextSelection[starts-with(@name, 'Others')]")[0]
    codes = [names[ref.attrib["targetGUID"]] for ref in found(selection, "q:Coding/q:CodeRef")]
    assert codes == ["The dam: against", "Others (group)", "reported"]


def test_every_reference_points_to_something_and_no_name_is_given_twice(reviewed: RunFolder) -> None:
    root, _ = project(reviewed)
    given = [element.attrib["guid"] for element in found(root, "//*[@guid]")]
    assert len(given) == len(set(given))
    targets = {element.attrib["targetGUID"] for element in found(root, "//*[@targetGUID]")}
    targets |= {element.attrib["creatingUser"] for element in found(root, "//*[@creatingUser]")}
    assert targets <= set(given)


def test_holders_are_cases_with_what_they_said(folder: RunFolder) -> None:
    root, _ = project(folder)
    case = found(root, "//q:Case[@name='Others']")[0]
    assert len(found(case, "q:SelectionRef")) == len(OTHERS.evidence)
    assert found(case, "q:VariableValue/q:TextValue")[0].text == "group"


def test_people_are_users_and_their_review_is_a_note(reviewed: RunFolder) -> None:
    root, _ = project(reviewed)
    users = {user.attrib["guid"]: user.attrib["name"] for user in found(root, "//q:User")}
    assert set(users.values()) == {"stancewire (machine)", "Mira", "Jon"}
    selection = found(root, "//q:PlainTextSelection[starts-with(@name, 'The Water Union')]")[0]
    assert users[selection.attrib["creatingUser"]] == "Jon"
    note = found(selection, "q:NoteRef")[0].attrib["targetGUID"]
    text = found(root, f"//q:Note[@guid='{note}']/q:PlainTextContent")[0].text
    assert text is not None
    assert 'machine_values: {"stance": "favor"' in text


def test_every_field_is_in_the_description_and_records_without_words_are_notes(reviewed: RunFolder) -> None:
    root, _ = project(reviewed)
    text = found(root, "//q:PlainTextSelection[starts-with(@name, 'Zahra')]/q:Description")[0].text
    assert text is not None
    lines = dict(line.split(": ", 1) for line in text.splitlines())
    for name in ("record_id", "holder_id", "confidence", "hedged", "model", "run_id", "review_status"):
        assert lines[name]
    remarks = [note.text or "" for note in found(root, "//q:Note/q:PlainTextContent")]
    assert any(f"record_id: {ADDED.record_id}\n" in remark for remark in remarks)


def test_records_without_a_passage_are_told(tmp_path: Path) -> None:
    exported = export(Source(folder=make_run(tmp_path / "run", [replace(OTHERS, evidence=())])), "qdpx")
    assert exported.notes == ("qdpx: 1 records without a passage are notes of their article, not codings",)


def test_everything_that_somebody_made_has_a_date(reviewed: RunFolder) -> None:
    # QualCoder stops at a note without one.
    root, _ = project(reviewed)
    for kind in ("TextSource", "PlainTextSelection", "Coding", "Note"):
        made = found(root, f"//q:{kind}")
        assert made
        assert {element.attrib["creationDateTime"] for element in made} == {"2026-03-02T12:30:00+00:00"}


def test_two_kinds_of_one_name_are_two_cases(tmp_path: Path) -> None:
    twin = replace(OTHERS, record_id="r9", holder="Zahra Amini")  # a group of a person's name
    root, _ = project(make_run(tmp_path / "run", [*RECORDS, twin]))
    names = [case.attrib["name"] for case in found(root, "//q:Case")]
    assert len(names) == len(set(names))
    assert {"Zahra Amini (person)", "Zahra Amini (group)", "Others"} <= set(names)
