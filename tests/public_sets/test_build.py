"""From authors' files to rows: every set with a converter, on invented clones, and on the authors' own first rows."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.public_sets.clones import ANN, CLONES, DSE, NEWSMTSC_FOLDER, clone_of, write

from stancewire.errors import ConfigError, InputError
from stancewire.public_sets.build import build_set, packed
from stancewire.public_sets.clone import Clone
from stancewire.public_sets.converted import Converted
from stancewire.public_sets.sets import SETS, PublicSet, find_set
from stancewire.training.rows import FORMATS

CARDS = Path(__file__).parents[2] / "corpora" / "cards"
BUILT = [one for one in SETS if one.convert]


def converted(name: str, clone: Path, part: str = "train") -> Converted:
    public = find_set(name)
    assert public.convert
    return public.convert(Clone(clone, repository=str(public.repository)), part)


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_set_with_a_converter_has_an_invented_clone() -> None:
    assert {one.name for one in BUILT} == set(CLONES)


@pytest.mark.parametrize("public", BUILT, ids=lambda public: public.name)
def test_a_clone_becomes_files_that_training_reads(public: PublicSet, tmp_path: Path) -> None:
    built = build_set(public, clone_of(public.name, tmp_path / "clone"), tmp_path / "data")
    assert [one.part for one in built] == list(public.parts)
    for one in built:
        rows = read(one.path)
        assert one.path == tmp_path / "data" / public.name / f"{one.part}.jsonl.gz"
        assert len(rows) == one.rows > 0
        assert len({row["id"] for row in rows}) == len(rows)
        assert not one.is_known
        if "annotations" not in rows[0]:
            format_ = "directed" if "p" in rows[0] else "target"
            assert all(list(FORMATS[format_](row, 0, Random(0))) for row in rows)


@pytest.mark.parametrize("public", BUILT, ids=lambda public: public.name)
def test_the_same_clone_gives_the_same_bytes(public: PublicSet, tmp_path: Path) -> None:
    clone = clone_of(public.name, tmp_path / "clone")
    one, two = (build_set(public, clone, tmp_path / name) for name in ("one", "two"))
    assert [part.path.read_bytes() for part in one] == [part.path.read_bytes() for part in two]


def test_dse_marks_become_offsets_and_leaking_sentences_give_way(tmp_path: Path) -> None:
    clone = clone_of("dse", tmp_path)
    made = converted("dse", clone)
    assert [(row["id"], row["label"]) for row in made.rows] == [("train-0", 1), ("train-2", 4)]
    assert made.left_out == {"the sentence is in dev as well": 1}
    first, odd = made.rows
    assert first["text"] == "Mayor Ortiz praised the union again."
    assert [first["text"][slice(*first[key])] for key in "pq"] == ["Mayor Ortiz", "the union"]
    assert odd["text"][slice(*odd["q"])] == "Amini"
    swapped = converted("dse", clone, "dev").rows[1]
    assert swapped["id"] == "valid-1"
    assert [swapped["text"][slice(*swapped[key])] for key in "pq"] == ["Noori", "Karimi"]


def test_vast_dev_says_which_topics_are_new(tmp_path: Path) -> None:
    clone = clone_of("vast", tmp_path)
    assert [row["label"] for row in converted("vast", clone).rows] == ["favor", "against", "none"]
    assert [row["zero_shot"] for row in converted("vast", clone, "dev").rows] == [True, False]
    assert "zero_shot" not in converted("vast", clone).rows[0]


def test_polnear_spans_in_pieces_and_articles_without_annotators_stay(tmp_path: Path) -> None:
    clone = clone_of("polnear", tmp_path)
    (row,) = converted("polnear", clone).rows
    assert (row["outlet"], row["date"]) == ("paper", "2016-01-01")
    (relation,) = row["annotations"]["ab12"]
    assert relation == {"source": [[12, 17]], "cue": [[7, 11]], "content": [[1, 3], [18, 24]]}
    assert converted("polnear", clone, "dev").rows[0]["annotations"] == {}


def test_newsmtsc_is_read_from_the_zip_of_the_repository(tmp_path: Path) -> None:
    plain = clone_of("newsmtsc", tmp_path / "plain")
    folder = tmp_path / "zipped" / NEWSMTSC_FOLDER
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "NewsMTSC-dataset.zip", "w") as archive:
        archive.write(plain / NEWSMTSC_FOLDER / "train.jsonl", "NewsMTSC-dataset/train.jsonl")
    rows = converted("newsmtsc", tmp_path / "zipped").rows
    assert rows == converted("newsmtsc", plain).rows
    assert [row["label"] for row in rows] == ["none", "favor"]


def test_gwsd_leaves_out_screening_and_test_sentences_and_counts_them(tmp_path: Path) -> None:
    made = converted("gwsd", clone_of("gwsd", tmp_path))
    assert [(row["id"], row["p_favor"], row["p_none"]) for row in made.rows] == [("1_0_t0", 0.7, 0.2)]
    assert sum(made.left_out.values()) == 2


def test_iam_keeps_claims_only(tmp_path: Path) -> None:
    made = converted("iam", clone_of("iam", tmp_path))
    assert [(row["id"], row["label"]) for row in made.rows] == [("train-0", "favor"), ("train-1", "against")]
    assert made.left_out == {"a sentence of kind 'O', no claim": 1}


def test_perspectrum_is_the_same_from_its_three_files_and_from_lines(tmp_path: Path) -> None:
    pool = converted("perspectrum", clone_of("perspectrum", tmp_path / "pool")).rows
    assert [(row["id"], row["label"]) for row in pool] == [
        ("7-0", "favor"),
        ("7-1", "favor"),
        ("7-2", "against"),
    ]
    answers = {"favor": "SUPPORT", "against": "UNDERMINE"}
    lines = [
        {"cid": 7, "claim": row["target"], "perspective": row["text"], "stance3": answers[row["label"]]}
        for row in pool
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    assert (
        converted("perspectrum", write(tmp_path / "lines", {"claim_perspective_train.jsonl": text})).rows
        == pool
    )


@pytest.mark.parametrize("public", BUILT, ids=lambda public: public.name)
def test_a_wrong_folder_is_told_which_file_is_expected_and_nothing_is_written(
    public: PublicSet, tmp_path: Path
) -> None:
    write(tmp_path / "other", {"README.md": "# Something else\n"})
    with pytest.raises(
        InputError, match=rf"other: no \S+.*github.com/{public.repository} has; here is README.md"
    ):
        build_set(public, tmp_path / "other", tmp_path / "data")
    with pytest.raises(InputError, match=r"no such folder; must be a clone of github.com/"):
        build_set(public, tmp_path / "gone", tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("public", BUILT, ids=lambda public: public.name)
def test_each_missing_file_is_named(public: PublicSet, tmp_path: Path) -> None:
    needed = [
        name for name in CLONES[public.name] if name.endswith((".txt", ".csv", ".tsv", ".json", ".jsonl"))
    ]
    assert needed
    for number, name in enumerate(needed):
        clone = clone_of(public.name, tmp_path / str(number), **{name: None, "README.md": "# The set"})
        expected = Path(name).parent if public.name == "polnear" else name
        with pytest.raises(InputError, match=str(expected)):
            build_set(public, clone, tmp_path / "data")


BAD = [
    (
        "dse",
        "dataset/train.txt",
        "[A] met [B].\tA\tB\t7\n",
        r"train.txt:1: the label is '7'; known: 0, 1, 2, 3, 4",
    ),
    ("dse", "dataset/train.txt", "[A] met [B].\tA\tC\t0\n", r"train.txt:1: the sentence has no \[C\]"),
    ("dse", "dataset/train.txt", DSE["dataset/test.txt"] + "A\tB\n", r"train.txt:2: 2 columns; must be 4"),
    (
        "vast",
        "data/VAST/vast_train.csv",
        "post,topic\nx,y\n",
        r"no column 'new_topic', 'label', 'new_id'; has post",
    ),
    (
        "vast",
        "data/VAST/vast_train.csv",
        "post,new_topic,label,new_id\nx,y,3,1\n",
        r"csv:2: label is '3'; known: '0'",
    ),
    (
        "vast",
        "data/VAST/vast_train.csv",
        "post,new_topic,label,new_id\nx,y\n",
        r"csv:2: the row ends before column",
    ),
    ("vast", "data/VAST/vast_dev.csv", "post,new_topic,label,new_id\nx,y,1,1\n", r"no column 'seen\?'"),
    (
        "polnear",
        "data/train/attributions/paper_2016-01-01_a-title_ab12.ann",
        ANN.replace("Cue:T2", "Clue:T2"),
        r"ann:5: role 'Clue'; known: Source, Cue, Content",
    ),
    (
        "polnear",
        "data/train/attributions/paper_2016-01-01_a-title_ab12.ann",
        ANN.replace("Cue:T2", "Cue:T9"),
        r"ann:5: no annotation 'T9'",
    ),
    (
        "polnear",
        "data/train/attributions/paper_2016-01-01_a-title_ab12.ann",
        "T1 Source 12 17 Ortiz\n",
        r"ann:1: 'T1 Source 12 17 Ortiz' is no text-bound annotation",
    ),
    (
        "polnear",
        "data/train/attributions/paper_2016-01-01_a-title_ab12.ann",
        "T1\tSource 12 170\tOrtiz\n",
        r"ann:1: '12 170' is no span of a text of",
    ),
    (
        "polnear",
        "data/train/attributions/else_2016-01-01_b_ab12.ann",
        ANN,
        r"its article .*else_.*isn't there",
    ),
    ("polnear", "data/train/text/odd.txt", "x", r"must be named OUTLET_YYYY-MM-DD_TITLE.txt"),
    (
        "newsmtsc",
        f"{NEWSMTSC_FOLDER}/train.jsonl",
        '{"sentence": "x"}\n',
        r"jsonl:1: no 'sentence_normalized', 'targets'; has sentence: another version",
    ),
    ("newsmtsc", f"{NEWSMTSC_FOLDER}/train.jsonl", "[]\n", r"jsonl:1: list instead of an object"),
    ("newsmtsc", f"{NEWSMTSC_FOLDER}/train.jsonl", "{\n", r"jsonl:1: not JSON"),
    (
        "newsmtsc",
        f"{NEWSMTSC_FOLDER}/train.jsonl",
        '{"sentence_normalized": "x", "targets": [{"Input.gid": "g", "from": 0, "to": 1, "polarity": 5.0}]}\n',
        r"jsonl:1: polarity is '5.0'; known: '6.0', '4.0', '2.0'",
    ),
    (
        "newsmtsc",
        f"{NEWSMTSC_FOLDER}/train.jsonl",
        '{"sentence_normalized": "x", "targets": [{"Input.gid": "g", "from": 0, "to": 9, "polarity": 4.0}]}\n',
        r"jsonl:1: \[0, 9\] is no span",
    ),
    (
        "gwsd",
        "GWSD.tsv",
        CLONES["gwsd"]["GWSD.tsv"].replace("True", "yes"),
        r"tsv:4: in_held_out_test is 'yes'",
    ),
    ("gwsd", "GWSD.tsv", CLONES["gwsd"]["GWSD.tsv"].replace("0.7", "most"), r"tsv:3: agree is 'most'"),
    (
        "iam",
        "stance/train.txt",
        "C\tShould we\tYes.\t1_1\t2\n",
        r"train.txt:1: the stance is '2'; known: '1', '-1'",
    ),
    ("iam", "stance/train.txt", "C\tShould we\tYes.\n", r"train.txt:1: 3 columns; must be 5"),
    (
        "ibm_argkp",
        "kpm_data/arguments_dev.csv",
        "arg_id,argument,topic,stance\na,b,c,0\n",
        r"dev.csv:2: stance is '0'",
    ),
    (
        "perspectrum",
        "data/dataset/perspectrum_with_answers_v1.0.json",
        '[{"cId": 7, "text": "x", "perspectives": [{"pids": [1], "stance_label_3": "MAYBE"}]}]',
        r"claim 1: stance_label_3 is 'MAYBE'; known: 'SUPPORT', 'UNDERMINE'",
    ),
    (
        "perspectrum",
        "data/dataset/perspectrum_with_answers_v1.0.json",
        '[{"id": 7}]',
        r"claim 1: no 'cId', 'text'",
    ),
    ("perspectrum", "data/dataset/dataset_split_v1.0.json", "{}", r"doesn't say which part claim 7 is in"),
    ("perspectrum", "data/dataset/perspective_pool_v1.0.json", "[]", r"claim 1: perspective 1 isn't in"),
]


@pytest.mark.parametrize(("name", "file", "text", "message"), BAD)
def test_bad_files_are_named_with_their_line(
    name: str, file: str, text: str, message: str, tmp_path: Path
) -> None:
    clone = clone_of(name, tmp_path / "clone", **{file: text})
    with pytest.raises(InputError, match=message):
        build_set(find_set(name), clone, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    clone = clone_of("iam", tmp_path)
    (clone / "stance" / "dev.txt").write_bytes(b"C\t\xff\xfe\n")
    with pytest.raises(InputError, match=r"dev.txt: not UTF-8 text"):
        converted("iam", clone, "dev")


def test_a_set_without_a_converter_says_why() -> None:
    with pytest.raises(
        ConfigError, match=r"pstance can't be built: the authors hand the data out on request"
    ):
        build_set(find_set("pstance"), Path(), Path("data"))


@pytest.mark.parametrize("public", SETS, ids=lambda public: public.name)
def test_every_set_has_a_card_with_the_same_rows_and_sums(public: PublicSet) -> None:
    card = (CARDS / f"{public.name}.md").read_text(encoding="utf-8")
    for expected in public.parts.values():
        assert f"| {expected.rows:,} | `{expected.sha256}` |" in card
    assert public.repository is None or f"`{public.repository}`" in card
    for heading in (
        "**What.**",
        "**Where to get it.**",
        "**Licence as stated.**",
        "## Row format",
        "## Known problems",
    ):
        assert heading in card


def test_every_card_is_of_a_set() -> None:
    assert {path.stem for path in CARDS.glob("*.md")} == {one.name for one in SETS}


# The authors' own first rows, which can't be part of the repository, against the rows that the models were trained on.


@pytest.fixture(scope="module")
def originals(shared: Path) -> Path:
    folder = shared / "data" / "originals"
    if not folder.is_dir():
        pytest.skip(
            "needs ../shared/data/originals, the first rows of some sets in their authors' own format"
        )
    return folder


SAMPLES = {
    "dse": ("train.txt", "dataset/train.txt"),
    "gwsd": ("GWSD.tsv", "GWSD.tsv"),
    "iam": ("train.txt", "stance/train.txt"),
    "ibm_argkp": ("arguments_train.csv", "kpm_data/arguments_train.csv"),
    "newsmtsc": ("train.jsonl", "train.jsonl"),
    "perspectrum": ("claim_perspective_train.jsonl", "claim_perspective_train.jsonl"),
    "vast": ("vast_train.csv", "data/VAST/vast_train.csv"),
}


@pytest.mark.parametrize("name", [*SAMPLES, "polnear"])
def test_the_authors_first_rows_become_those_that_the_models_were_trained_on(
    name: str, originals: Path, shared: Path, tmp_path: Path
) -> None:
    if name == "polnear":
        for path in (originals / name).iterdir():
            folder = "text" if path.suffix == ".txt" else "attributions"
            write(tmp_path, {f"data/train/{folder}/{path.name}": path.read_text(encoding="utf-8")})
    else:
        theirs, place = SAMPLES[name]
        files = {"dataset/valid.txt": "\n", "dataset/test.txt": "\n"} if name == "dse" else {}
        write(tmp_path, {**files, place: (originals / name / theirs).read_text(encoding="utf-8")})
    rows = converted(name, tmp_path).rows
    kept = read(shared / "data" / name / "train.jsonl.gz")[: len(rows)]
    assert len(rows) >= (1 if name == "polnear" else 13)
    assert rows == kept
    assert [list(row) for row in rows] == [list(row) for row in kept]


@pytest.mark.parametrize("name", ["iam", "gwsd"])
def test_rows_are_packed_into_the_very_bytes_of_the_cards(name: str, shared: Path) -> None:
    path = shared / "data" / name / "train.jsonl.gz"
    if not path.is_file():
        pytest.skip("needs ../shared/data, the sets as the models were trained on them")
    assert packed(read(path), "train") == path.read_bytes()
