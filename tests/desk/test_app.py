"""The app's answers: what the page asks, and what becomes of a decision."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs stancewire[desk]")

from starlette.testclient import TestClient
from tests.review.runs import ENGLISH, PERSIAN, article, finish, record, two_articles

from stancewire.aggregate import record_id as machine_id
from stancewire.desk.app import make_app
from stancewire.desk.proposals import added_id
from stancewire.desk.report import report
from stancewire.desk.served import ServedRun
from stancewire.errors import InputError, StancewireError
from stancewire.review.reviewed import Version
from stancewire.review.store import FILE
from stancewire.run_folder import RunFolder
from stancewire.store.lock import locked
from stancewire.types import Actor, HolderKind, Topic
from stancewire.writers.manifest import write_manifest

HEADERS = {"X-Stancewire": "1"}
NOORI, KARIMI, PERSIAN_NOORI = (each.record_id for _, records in two_articles() for each in records)


def now() -> str:
    return "2026-01-02T03:04:05+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return finish(tmp_path / "run", two_articles())


def client_of(run: ServedRun, **options: Any) -> TestClient:
    app = make_app(run, hosts=("localhost",), **options)
    return TestClient(app, base_url="http://localhost:8477", headers=HEADERS)


@pytest.fixture
def desk(folder: Path) -> Iterator[TestClient]:
    run = ServedRun(folder, now=now)
    with client_of(run) as client:
        yield client
    run.close()


def values(**changes: object) -> dict[str, object]:
    start = ENGLISH.index("federalism")
    quote = "federalism 🌍 would save"
    given = {
        "holder": "Laila Noori",
        "holderKind": "person",
        "topic": "federalism",
        "stance": "against",
        "voice": "quoted",
        "hedged": True,
        "evidence": [[start, start + len(quote), quote]],
    }
    return {**given, **changes}


def decide(desk: TestClient, **proposal: object) -> Any:
    answer = desk.post("/api/decisions", json={"by": "Marta", **proposal})
    return answer


def rows(desk: TestClient, version: str = "human-over-machine", **asked: object) -> list[dict[str, Any]]:
    query = json.dumps({"version": version})
    found = desk.get("/api/rows", params={"query": query, **asked}).json()["rows"]
    assert isinstance(found, list)
    return found


def row(desk: TestClient, record_id: str = NOORI, version: str = "human-over-machine") -> dict[str, Any]:
    return next(each for each in rows(desk, version) if each["id"] == record_id)


def test_meta_summary_rows_and_article_are_there(desk: TestClient) -> None:
    meta = desk.get("/api/meta").json()
    assert meta["facts"]["records"] == 3
    assert meta["versions"] == ["machine", "human", "human-over-machine"]
    assert desk.get("/api/summary").json()["total"] == 3
    assert [each["id"] for each in rows(desk)] == [NOORI, KARIMI, PERSIAN_NOORI]
    found = desk.get("/api/article", params={"id": "a2"}).json()
    assert (found["text"], found["language"], len(found["rows"])) == (PERSIAN, "fa", 1)


def test_a_correction_shows_both_values_and_who_and_when(desk: TestClient, folder: Path) -> None:
    assert decide(desk, do="correct", record=NOORI, values=values()).status_code == 201
    found = row(desk)
    assert (found["stance"], found["flags"], found["status"], found["by"], found["at"]) == (
        "against",
        ["hedged"],
        "corrected",
        "Marta",
        now(),
    )
    assert found["machine"]["stance"] == "favor"
    assert row(desk, version="machine")["stance"] == "favor"
    start, end, quote, _ = found["evidence"][0]
    assert ENGLISH[start:end] == quote == "federalism 🌍 would save"
    saved = {each.record_id: each for each in RunFolder(folder).records(Version.HUMAN)}
    assert saved[NOORI].stance == "against"
    assert (saved[NOORI].confidence, saved[NOORI].p_against, saved[NOORI].p_favor) == (1.0, 1.0, 0.0)
    assert desk.get("/api/progress").json() == {"reviewed": 1, "records": 3, "added": 0, "last": 1}


def test_an_undo_restores_the_row_exactly(desk: TestClient) -> None:
    before = row(desk)
    number = decide(desk, do="correct", record=NOORI, values=values()).json()["number"]
    assert decide(desk, do="undo", number=number, base=number).status_code == 201
    assert {**row(desk), "base": 0} == before
    assert decide(desk, do="undo", number=2, base=2).status_code == 201
    assert row(desk)["status"] == "corrected"


def test_a_rejected_record_leaves_the_table_and_stays_in_its_article(desk: TestClient) -> None:
    decide(desk, do="reject", record=NOORI)
    assert NOORI not in [each["id"] for each in rows(desk)]
    found = desk.get("/api/article", params={"id": "a1"}).json()["rows"]
    assert found[0]["status"] == "rejected"
    assert desk.get("/api/summary").json()["total"] == 2


def test_an_added_record_has_the_id_that_the_machine_would_give_it(desk: TestClient) -> None:
    codebook_topic = Topic(id="negotiation", name="N", claim="C.")
    for actor, key in [
        (Actor(name="Omar ZADRAN", kind=HolderKind.PERSON), "person:omar zadran"),
        (Actor(name="X", kind=HolderKind.STATE, id="Q889"), "Q889"),
        (Actor(name="Anna", kind=HolderKind.AUTHOR), "author:"),
    ]:
        assert added_id("a1", "negotiation", actor) == machine_id(article(), codebook_topic, key)
    quote = "Omid Karimi rejects talks."
    start = ENGLISH.index(quote)
    given = values(
        holder="New Council",
        holderKind="organisation",
        topic="negotiation",
        evidence=[[start, start + len(quote), quote]],
    )
    assert decide(desk, do="add", article="a1", values=given).status_code == 201
    found = rows(desk)[-1]
    assert (found["holder"], found["status"], found["outlet"], found["machine"]) == (
        "New Council",
        "added",
        "The Courier",
        None,
    )
    again = decide(desk, do="add", article="a1", values=given)
    assert (again.status_code, "has a record" in again.json()["error"]) == (400, True)
    decide(desk, do="undo", number=1, base=1)
    assert len(rows(desk)) == 3
    assert decide(desk, do="add", article="a1", values=given).status_code == 201


def test_actors_merge_split_and_come_apart_again(desk: TestClient) -> None:
    person = {"name": "Laila Noori", "kind": "person"}
    into = {"name": "لیلا نوری", "kind": "person", "id": None}
    assert decide(desk, do="merge", actor=person, into=into).status_code == 201
    assert [each["holder"] for each in rows(desk)].count("لیلا نوری") == 2
    assert row(desk)["machine"]["holder"] == "Laila Noori"
    matrix = desk.get("/api/summary").json()["matrix"]["rows"]
    assert matrix[0]["cells"]["federalism"] == [2, 0, 0]
    split = decide(
        desk,
        do="split",
        actor=into | {"id": None},
        into={"name": "Z", "kind": "person"},
        mentions=["Laila Noori"],
    )
    assert split.status_code == 201
    assert row(desk)["holder"] == "Z"
    decide(desk, do="undo", number=2, base=2)
    decide(desk, do="undo", number=1, base=1)
    assert [each["holder"] for each in rows(desk)] == ["Laila Noori", "Omid Karimi", "لیلا نوری"]


def test_a_correction_under_a_merged_name_keeps_the_holders_own_name(desk: TestClient) -> None:
    decide(
        desk,
        do="merge",
        actor={"name": "Laila Noori", "kind": "person"},
        into={"name": "L. N.", "kind": "person"},
    )
    decide(desk, do="correct", record=NOORI, values=values(holder="L. N."))
    assert row(desk)["holder"] == "L. N."
    decide(desk, do="undo", number=1, base=1)
    assert row(desk)["holder"] == "Laila Noori"


def test_who_is_slower_is_told_what_the_other_said_and_can_repeat_on_top(desk: TestClient) -> None:
    decide(desk, do="correct", record=NOORI, values=values(holder="Theirs"))
    late = desk.post(
        "/api/decisions",
        json={"by": "Omar", "do": "correct", "record": NOORI, "base": 0, "values": values(holder="Mine")},
    )
    assert late.status_code == 409
    told = late.json()["conflict"]
    assert (told["since"][0]["by"], told["row"]["holder"], told["base"]) == ("Marta", "Theirs", 1)
    assert row(desk)["holder"] == "Theirs"
    again = desk.post(
        "/api/decisions",
        json={"by": "Omar", "do": "correct", "record": NOORI, "base": 1, "values": values(holder="Mine")},
    )
    assert again.status_code == 201
    history = desk.get("/api/history", params={"record": NOORI}).json()
    assert [(each["by"], each["record"]["holder"], each["canUndo"]) for each in history] == [
        ("Omar", "Mine", True),
        ("Marta", "Theirs", False),
    ]


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ([[0, 5, "Laila"], [3, 9, "wrong!"]], r"values.evidence[1]: text[3:9]"),
        ([[90, 9000, "x"]], "text[90:9000]"),
        ([[-1, 5, "Laila"]], "evidence"),
        ([[5, 6, " "]], "text[5:6]"),
        ([], "evidence"),
    ],
)
def test_evidence_that_is_not_in_the_article_is_refused(
    desk: TestClient, evidence: list[object], said: str
) -> None:
    answer = decide(desk, do="correct", record=NOORI, values=values(evidence=evidence))
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert row(desk)["status"] == "unreviewed"


def test_right_to_left_evidence_is_checked_in_code_points(desk: TestClient) -> None:
    quote = "فدرالیسم کشور"
    start = PERSIAN.index(quote)
    given = values(holder="لیلا نوری", stance="favor", evidence=[[start, start + len(quote), quote]])
    assert decide(desk, do="correct", record=PERSIAN_NOORI, values=given).status_code == 201
    assert row(desk, PERSIAN_NOORI)["evidence"][0][:3] == [start, start + len(quote), quote]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "body: "),
        (b"[]", "body: Expected `object`"),
        (b'{"do": "destroy"}', "Invalid value 'destroy'"),
        (b'{"do": "accept", "record": "x"}', "`by`"),
        (b'{"do": "accept", "record": "x", "by": "  "}', "by: blank"),
        (b'{"do": "accept", "record": "x", "by": "M", "extra": 1}', "extra"),
        (b'{"do": "accept", "record": "x", "by": "\xff"}', "body: "),
        (b'{"do": "accept", "record": "x", "by": "half \\ud800"}', "body: "),
        (b'{"do": "undo", "number": 10000000000000000000, "by": "a"}', "$.number"),
        (b'{"do": "accept", "record": "x", "by": "a", "base": 10000000000000000000}', "$.base"),
        (b"[" * 400_000, "body: Expected `object`"),
        (b'{"by":' + b"[" * 400_000, "body: maximum recursion depth"),
    ],
    ids=lambda given: repr(given[:60]),
)
def test_a_body_that_says_something_else_is_a_named_400(desk: TestClient, body: bytes, said: str) -> None:
    answer = desk.post("/api/decisions", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize(
    "changes",
    [
        {"stance": "none"},
        {"topic": "unknown"},
        {"holder": "  "},
        {"holderKind": "robot"},
        {"stance": "maybe"},
    ],
)
def test_values_that_no_record_can_have_are_a_named_400(desk: TestClient, changes: dict[str, object]) -> None:
    answer = decide(desk, do="correct", record=NOORI, values=values(**changes))
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "proposal",
    [
        {"do": "accept", "record": "nobody"},
        {"do": "undo", "number": 99},
        {"do": "add", "article": "../a1", "values": values()},
    ],
)
def test_a_decision_on_what_is_not_there_is_a_404(desk: TestClient, proposal: dict[str, object]) -> None:
    assert decide(desk, **proposal).status_code == 404


def test_the_largest_number_is_that_of_no_decision(desk: TestClient) -> None:
    assert decide(desk, do="undo", number=2**63 - 1).status_code == 404


def test_a_decision_based_on_one_that_is_not_there_yet_changes_nothing(desk: TestClient) -> None:
    decide(desk, do="correct", record=NOORI, values=values(holder="Theirs"))
    for base in (2, 2**63 - 1):
        answer = decide(desk, do="reject", record=NOORI, base=base)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(f"base: {base}; the last decision is 1")
    assert (row(desk)["status"], desk.get("/api/progress").json()["last"]) == ("corrected", 1)
    assert decide(desk, do="reject", record=NOORI, base=1).status_code == 201


def test_an_unknown_article_is_a_404_and_a_bad_number_a_400(desk: TestClient) -> None:
    assert desk.get("/api/article", params={"id": "../../etc/passwd"}).status_code == 404
    assert desk.get("/api/rows", params={"offset": "-1"}).status_code == 400
    assert desk.get("/api/rows", params={"sort": "words; DROP TABLE findings"}).status_code == 400
    assert desk.get("/api/rows", params={"query": '{"flags": ["1=1"]}'}).status_code == 400
    assert desk.get("/api/history", params={"actor": "X", "kind": "robot"}).status_code == 400


def test_hostile_names_come_back_as_they_are_and_nothing_else_happens(tmp_path: Path) -> None:
    of = article()
    names = [
        "<script>alert(1)</script>",
        "Robert'); DROP TABLE findings;--",
        "=cmd()",
        "two\nlines",
        "x" * 10_000,
    ]
    records = tuple(record(of, name, "federalism", mention=name) for name in names)
    run = ServedRun(finish(tmp_path / "run", [(of, records)]), now=now)
    with client_of(run) as desk:
        found = rows(desk)
        assert [each["holder"] for each in found] == names
        for each in found:
            assert decide(desk, do="accept", record=each["id"]).status_code == 201
        query = json.dumps({"holder": names[1], "text": "drop table"})
        assert desk.get("/api/rows", params={"query": query}).json()["total"] == 1
        given = values(holder='"><img src=x onerror=alert(1)>')
        assert decide(desk, do="correct", record=found[0]["id"], base=1, values=given).status_code == 201
        assert rows(desk)[0]["holder"] == '"><img src=x onerror=alert(1)>'
    run.close()


def test_a_run_without_records_is_served(tmp_path: Path) -> None:
    run = ServedRun(finish(tmp_path / "run", [(article(), ())]))
    with client_of(run) as desk:
        assert desk.get("/api/meta").json()["facts"]["records"] == 0
        assert desk.get("/api/summary").json()["total"] == 0
        assert rows(desk) == []
    run.close()


def test_a_folder_that_can_not_be_written_is_served_without_review_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stancewire.desk.served.os.access", lambda *_: False)  # root may write anywhere
    run = ServedRun(folder, now=now)
    with client_of(run) as desk:
        assert "can't be written" in desk.get("/api/meta").json()["review"]["readOnly"]
        answer = decide(desk, do="accept", record=NOORI)
        assert (answer.status_code, "can't be written" in answer.json()["error"]) == (409, True)
        assert len(rows(desk)) == 3
    run.close()
    assert not (folder / FILE).exists()


def test_while_a_run_writes_to_the_folder_nothing_is_decided(desk: TestClient, folder: Path) -> None:
    with locked(folder):
        answer = decide(desk, do="accept", record=NOORI)
        assert (answer.status_code, "a run is writing here" in answer.json()["error"]) == (409, True)
        assert len(rows(desk)) == 3
    assert decide(desk, do="accept", record=NOORI).status_code == 201


def test_after_another_run_into_the_folder_the_server_asks_to_be_started_anew(
    desk: TestClient, folder: Path
) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(folder / "manifest.json", manifest)
    answer = decide(desk, do="accept", record=NOORI)
    assert (answer.status_code, "was run again" in answer.json()["error"]) == (409, True)


def test_decisions_outlive_another_run_into_the_folder(folder: Path) -> None:
    run = ServedRun(folder, now=now)
    with client_of(run) as desk:
        decide(desk, do="correct", record=NOORI, values=values())
        decide(desk, do="accept", record=KARIMI)
    run.close()
    finish(folder, [(of, ()) if of.id == "a1" else (of, records) for of, records in two_articles()])
    again = ServedRun(folder, now=now)
    with client_of(again) as desk:
        assert "2 reviewed records are found by this run no more" in desk.get("/api/meta").json()["notes"][0]
        assert [(each["id"], each["status"]) for each in rows(desk)] == [
            (PERSIAN_NOORI, "unreviewed"),
            (NOORI, "corrected"),
            (KARIMI, "accepted"),
        ]
        assert decide(desk, do="undo", number=1, base=1).status_code == 201
        assert len(rows(desk)) == 2
    again.close()


def test_two_servers_on_one_folder_see_each_others_decisions_and_lose_none(
    desk: TestClient, folder: Path
) -> None:
    other = ServedRun(folder, now=now)
    with client_of(other) as second:
        decide(desk, do="accept", record=NOORI)
        assert row(second)["status"] == "accepted"
        assert decide(second, do="reject", record=NOORI).status_code == 409
        assert decide(second, do="reject", record=NOORI, base=1).status_code == 201
        assert NOORI not in [each["id"] for each in rows(desk)]
    other.close()


def test_a_review_file_of_another_version_or_damaged_is_named_on_starting(folder: Path) -> None:
    (folder / FILE).write_bytes(b"not a database at all" * 50)
    with pytest.raises(StancewireError, match=r"review\.sqlite"):
        ServedRun(folder)


@pytest.mark.parametrize("version", [0, 1, 99])
def test_a_store_of_another_version_is_served_without_texts_and_says_so(folder: Path, version: int) -> None:
    connection = sqlite3.connect(folder / "run.sqlite")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    run = ServedRun(folder, now=now)
    with client_of(run) as desk:
        assert f"a store of version {version}, must be" in " ".join(desk.get("/api/meta").json()["notes"])
        assert desk.get("/api/article", params={"id": "a1"}).json()["text"] is None
        assert decide(desk, do="correct", record=NOORI, values=values()).status_code == 400
        kept = [each[:3] for each in row(desk)["evidence"]]
        assert decide(desk, do="correct", record=NOORI, values=values(evidence=kept)).status_code == 201
    run.close()
    with pytest.raises(StancewireError, match=rf"run\.sqlite: a store of version {version}, must be"):
        report(RunFolder(folder))


@pytest.mark.parametrize("version", [0, 2, 99])
def test_decisions_of_another_version_are_named_by_all_that_read_them(folder: Path, version: int) -> None:
    run = ServedRun(folder, now=now)
    with client_of(run) as desk:
        decide(desk, do="accept", record=NOORI)
    run.close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    said = rf"review\.sqlite: decisions of version {version}, must be 1; use the stancewire that wrote them"
    with pytest.raises(StancewireError, match=said):
        ServedRun(folder)
    with pytest.raises(StancewireError, match=said):
        report(RunFolder(folder))
    with pytest.raises(StancewireError, match=said):
        list(RunFolder(folder).records())


def test_an_accepted_correction_keeps_who_made_it(desk: TestClient) -> None:
    decide(desk, do="correct", record=NOORI, values=values())
    body = {"by": "Omar", "do": "accept", "record": NOORI, "base": 1}
    assert desk.post("/api/decisions", json=body).status_code == 201
    found = row(desk)
    assert (found["status"], found["by"], found["acceptedBy"]) == ("corrected", "Marta", "Omar")
    assert found["acceptedAt"] == now()


def test_networks_are_those_of_what_is_asked_for(desk: TestClient) -> None:
    (whole,) = desk.get("/api/networks").json()
    assert [each["name"] for each in whole["nodes"]] == ["Laila Noori", "Omid Karimi", "لیلا نوری"]
    assert len(whole["congruence"]) == 1
    decide(desk, do="reject", record=PERSIAN_NOORI)
    assert desk.get("/api/networks").json()[0]["congruence"] == []
    query = json.dumps({"holder": "Omid Karimi"})
    assert [
        each["name"] for each in desk.get("/api/networks", params={"query": query}).json()[0]["nodes"]
    ] == ["Omid Karimi"]
    assert desk.get("/api/networks", params={"query": '{"x": 1}'}).status_code == 400


def test_a_folder_without_a_finished_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run here"):
        ServedRun(tmp_path)
