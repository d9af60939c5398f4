"""Corrected shares of a run whose truth is known: right where all is coded, near it where a part is, or refused."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.review.runs import article, finish, record
from tests.shares.conftest import (
    ARTICLES,
    HOLDERS,
    QUOTES,
    answer,
    gold_line,
    gold_lines,
    machine_says,
    records_of,
    text_of,
    truth,
)

from stancewire.counting import Unit as Once
from stancewire.errors import ConfigError, InputError
from stancewire.review.decisions import Accept, Reject
from stancewire.review.reviewed import Version
from stancewire.review.store import ReviewStore
from stancewire.run_folder import RunFolder
from stancewire.sampling.population import Unit
from stancewire.sampling.sample import SampleSettings, draw_sample
from stancewire.sampling.useful import Usefulness
from stancewire.sampling.write import write_sample
from stancewire.shares.estimate import About, Method
from stancewire.shares.groups import By
from stancewire.shares.intervals import Confidence
from stancewire.shares.results import Group, Shares
from stancewire.shares.shares import ShareSettings, corrected_shares
from stancewire.types import Stance

EQUAL = ShareSettings(equal_chances=True)
NAMES = [f"a{number}" for number in range(1, ARTICLES + 1)]


def true_shares(topic: str, names: list[str] = NAMES) -> dict[Stance, float]:
    counts = Counter(truth(name, topic) for name in names)
    del counts[Stance.NONE]
    return {stance: counts[stance] / counts.total() for stance in (Stance.FAVOR, Stance.AGAINST)}


def found(group: Group) -> dict[Stance, float | None]:
    return {one.stance: one.corrected.value for one in group.shares}


def of(shares: Shares, topic: str, group: str = "") -> Group:
    return next(each for each in shares.groups if (each.topic, each.group) == (topic, group))


@pytest.fixture
def all_records(run: Path, tmp_path: Path) -> Path:
    write_sample(draw_sample(run, SampleSettings(size=120, unit=Unit.RECORD)), tmp_path / "all")
    return answer(tmp_path / "all" / "coding.csv", tmp_path / "all.csv")


def test_an_archive_whose_records_are_all_coded_has_its_true_shares(run: Path, all_records: Path) -> None:
    shares = corrected_shares(run, [str(all_records)], EQUAL)
    assert (shares.unit, shares.coded, shares.population) == (Unit.RECORD, 120, 120)
    for topic in QUOTES:
        group, wanted = of(shares, topic), true_shares(topic)
        for one in group.shares[:2]:
            assert one.corrected.value == pytest.approx(wanted[one.stance])
            assert one.corrected.low == one.corrected.high == one.corrected.value
        outcomes = Counter(
            "none"
            if (said := truth(name, topic)) is Stance.NONE
            else said is machine_says(int(name[1:]), topic)
            for name in NAMES
        )
        assert group.right.value == pytest.approx(outcomes[True] / ARTICLES)
        assert group.other.value == pytest.approx(outcomes[False] / ARTICLES)
        assert group.nothing.value == pytest.approx(outcomes["none"] / ARTICLES)
        assert group.missed is None


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("about", list(About))
def test_intervals_of_a_sample_hold_what_the_machine_gets_wrong(
    run: Path, drawn: Path, coded: Path, method: Method, about: About
) -> None:
    settings = ShareSettings(sample=drawn, method=method, about=about)
    shares = corrected_shares(run, [str(coded)], settings)
    for topic in QUOTES:
        favor, wanted = of(shares, topic).shares[0], true_shares(topic)[Stance.FAVOR]
        assert favor.corrected.low is not None
        assert favor.corrected.high is not None
        assert favor.corrected.low < wanted < favor.corrected.high
        assert favor.machine is not None
        assert favor.corrected.value is not None
        assert abs(favor.corrected.value - wanted) < abs(favor.machine - wanted)
        if about is About.ARCHIVE:
            assert favor.machine > favor.corrected.high


def test_whole_articles_tell_what_was_missed(run: Path, whole: Path) -> None:
    shares = corrected_shares(run, [str(whole)], EQUAL)
    assert (shares.unit, shares.coded, shares.population) == (Unit.ARTICLE, ARTICLES + 5, ARTICLES + 10)
    group = of(shares, "federalism")
    there = sum(truth(name, "federalism") is not Stance.NONE for name in NAMES) + 1
    assert group.missed is not None
    assert group.missed.value == pytest.approx(1 / there)
    assert group.records == ARTICLES
    # 65 of 70 articles are coded, and each stands for 70/65: shares stay those of the coded ones without the machine.
    alone = corrected_shares(run, [str(whole)], replace(EQUAL, method=Method.GOLD))
    against = sum(truth(name, "federalism") is Stance.AGAINST for name in NAMES) + 1
    assert found(of(alone, "federalism"))[Stance.AGAINST] == pytest.approx(against / there)


@pytest.mark.parametrize("by", [By.YEAR, By.QUARTER, By.MONTH, By.OUTLET, By.HOLDER])
def test_groups_partition_the_records_of_a_topic(run: Path, all_records: Path, by: By) -> None:
    settings = ShareSettings(equal_chances=True, by=by, confidence=Confidence(least=2))
    shares = corrected_shares(run, [str(all_records)], settings)
    own = [each for each in shares.groups if each.topic == "federalism"]
    assert sum(each.records for each in own) == ARTICLES
    assert sum(each.labels for each in own) == ARTICLES
    for each in own:
        if by is By.YEAR:
            names = [name for name in NAMES if 2023 + int(name[1:]) % 2 == int(each.group)]
            assert found(each)[Stance.FAVOR] == pytest.approx(true_shares("federalism", names)[Stance.FAVOR])
    if by.is_time:
        assert [each.group for each in own] == sorted(each.group for each in own)


def test_windows_with_too_few_labels_say_how_many_they_need(run: Path, drawn: Path, coded: Path) -> None:
    shares = corrected_shares(run, [str(coded)], ShareSettings(sample=drawn, by=By.MONTH))
    assert all(each.reason for each in shares.groups)
    first = shares.groups[0]
    assert first.reason == f"too few gold labels: {first.labels}; 30 needed"
    assert all(one.corrected.value is None and one.machine is not None for one in first.shares)
    assert any("groups have no corrected share" in note for note in shares.notes)


def test_windows_in_which_the_machine_errs_more_are_named(run: Path, tmp_path: Path) -> None:
    rows = [
        f"a{n},record,{HOLDERS[topic]},person,{topic},{said}\n"
        for n in range(1, ARTICLES + 1)
        for topic in QUOTES
        if (said := machine_says(n, topic).value if n % 2 or n % 3 else "none")
    ]
    gold = tmp_path / "gold.csv"
    gold.write_text("article_id,unit,holder,holder_kind,topic,stance\n" + "".join(rows), encoding="utf-8")
    settings = ShareSettings(equal_chances=True, by=By.YEAR, confidence=Confidence(least=10))
    notes = corrected_shares(run, [str(gold)], settings).notes
    wanted = "federalism: 67 % of the machine's records are right in '2023', 100 % in '2024'"
    assert any(note.startswith(wanted) for note in notes)
    same = corrected_shares(run, [str(gold)], replace(settings, by=By.TOPIC)).notes
    assert not any("can't be compared" in note for note in same)


def test_unequal_weights_count_for_fewer_labels(run: Path, drawn: Path, coded: Path, tmp_path: Path) -> None:
    design = json.loads((drawn / "sample.json").read_text(encoding="utf-8"))
    rows = [(item["id"], 1.0 if at % 9 else 4.0) for at, item in enumerate(design["items"])]
    table = tmp_path / "weights.csv"
    table.write_text("id,weight\n" + "".join(f"{name},{weight}\n" for name, weight in rows), encoding="utf-8")
    shares = corrected_shares(run, [str(coded)], ShareSettings(sample=table, confidence=Confidence(least=44)))
    reasons = [each.reason for each in shares.groups if each.labels >= 44]
    assert reasons
    assert all(reason and "of equal weight; 44 needed" in reason for reason in reasons)


def test_copies_of_a_story_count_once(tmp_path: Path) -> None:
    copies = [article(f"a{n}", day="2024-05-01") for n in range(1, 4)]
    other = article(
        "a4", "Laila Noori opposes federalism in every way, she told the council of elders on Sunday."
    )
    rows = [(one, (record(one, "Laila Noori", QUOTES["federalism"]),)) for one in copies]
    last = record(other, "Laila Noori", "Laila Noori opposes federalism", stance=Stance.AGAINST)
    run = finish(tmp_path / "run", [*rows, (other, (last,))])
    gold = tmp_path / "gold.csv"
    gold.write_text(
        "article_id,unit,holder,holder_kind,topic,stance\n"
        + "".join(
            f"a{n},record,Laila Noori,person,federalism,{'favor' if n < 4 else 'against'}\n"
            for n in range(1, 5)
        ),
        encoding="utf-8",
    )
    shares = {}
    for once in (Once.RECORD, Once.STORY, Once.OUTLET):
        settings = ShareSettings(equal_chances=True, once=once, confidence=Confidence(least=2))
        favor = of(corrected_shares(run, [str(gold)], settings), "federalism").shares[0]
        assert favor.machine == pytest.approx(favor.corrected.value)
        shares[once] = favor.machine
    assert shares == {
        Once.RECORD: pytest.approx(3 / 4),
        Once.STORY: pytest.approx(1 / 2),
        Once.OUTLET: pytest.approx(3 / 4),
    }


def test_defensible_records_count_where_the_machine_has_them(run: Path, tmp_path: Path) -> None:
    lines = [line for name in NAMES for line in gold_lines(name)]
    lines = [line for line in lines if line["article_id"] != "a2"]
    extra = {**gold_line("a2", "federalism", "favor"), "required": False}
    nowhere = {**gold_line("a2", "negotiation", "favor"), "holder": "Nobody Known", "required": False}
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(line) + "\n" for line in [*lines, extra, nowhere]), encoding="utf-8")
    shares = corrected_shares(run, [str(gold)], replace(EQUAL, method=Method.GOLD))
    federalism, negotiation = of(shares, "federalism"), of(shares, "negotiation")
    assert federalism.missed is not None
    assert negotiation.missed is not None
    assert federalism.missed.value == negotiation.missed.value == 0


def test_articles_without_a_date_in_the_run_are_told_and_found_in_the_inputs(
    run: Path, whole: Path, tmp_path: Path
) -> None:
    settings = ShareSettings(equal_chances=True, by=By.YEAR, confidence=Confidence(least=2))
    shares = corrected_shares(run, [str(whole)], settings)
    assert any(
        "1 coded articles with stances that the machine missed have no year" in note for note in shares.notes
    )
    inputs = tmp_path / "news.jsonl"
    inputs.write_text(
        json.dumps({"id": "a61", "text": "Nobody said so.", "published": "2024-03-02"}), encoding="utf-8"
    )
    named = corrected_shares(run, [str(whole)], replace(settings, texts=(str(inputs),)))
    assert not any("have no year" in note for note in named.notes)
    assert of(named, "federalism", "2024").missed != of(shares, "federalism", "2024").missed


def test_of_two_coders_the_first_named_counts(run: Path, drawn: Path, coded: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    rows = list(csv.reader(coded.read_text(encoding="utf-8").splitlines()))
    at = rows[0].index("stance")
    changed = [rows[0], *([*row[:at], "neutral", *row[at + 1 :]] for row in rows[1:])]
    with other.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(changed)
    settings = ShareSettings(sample=drawn)
    alone = corrected_shares(run, [str(coded)], settings)
    both = corrected_shares(run, [str(coded), str(other)], settings)
    assert both.groups == alone.groups
    assert any("90 records have several coders: coded before other counts" in note for note in both.notes)
    assert corrected_shares(run, [str(other), str(coded)], settings).groups != alone.groups


def test_a_topic_and_its_name_are_the_same(run: Path, drawn: Path, coded: Path) -> None:
    shares = corrected_shares(run, [str(coded)], ShareSettings(sample=drawn, topics=("Federalism",)))
    assert [group.topic for group in shares.groups] == ["federalism"]
    with pytest.raises(ConfigError, match="--topic 'taxes'; known: federalism, negotiation"):
        corrected_shares(run, [str(coded)], ShareSettings(sample=drawn, topics=("taxes",)))


# What doesn't fit


def test_gold_of_another_run_is_refused(run: Path, drawn: Path, tmp_path: Path) -> None:
    other = article("z1", day="2024-05-01")
    elsewhere = finish(tmp_path / "other", [(other, (record(other, "Laila Noori", QUOTES["federalism"]),))])
    gold = tmp_path / "gold.csv"
    head = "article_id,unit,holder,holder_kind,topic,stance\n"
    gold.write_text(f"{head}z1,record,Laila Noori,person,federalism,favor\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"none of its 1 records is in .*'Laila Noori' on 'federalism' in 'z1'"
    ):
        corrected_shares(run, [str(gold)], EQUAL)
    with pytest.raises(InputError, match="90 of its 90 drawn records are not in"):
        corrected_shares(elsewhere, [str(gold)], ShareSettings(sample=drawn))
    whole = tmp_path / "gold.jsonl"
    whole.write_text(json.dumps(gold_line("z1", "federalism", "favor")), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"none of its 1 articles was finished by .*such as 'z1', the run such as"
    ):
        corrected_shares(run, [str(whole)], EQUAL)
    whole.write_text(
        "".join(json.dumps(gold_line(name, "federalism", "favor")) + "\n" for name in ("a1", "z1")),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"1 of its 2 articles weren't finished by .*such as 'z1'"):
        corrected_shares(run, [str(whole)], EQUAL)


def test_a_run_that_has_grown_since_is_refused(run: Path, drawn: Path, coded: Path, tmp_path: Path) -> None:
    design = json.loads((drawn / "sample.json").read_text(encoding="utf-8"))
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({**design, "population": 110}), encoding="utf-8")
    with pytest.raises(InputError, match=r"drawn from 110 records, .* has 120; name the run"):
        corrected_shares(run, [str(coded)], ShareSettings(sample=path))
    path.write_text(json.dumps({**design, "version": "human-over-machine"}), encoding="utf-8")
    with pytest.raises(InputError, match="drawn from version human-over-machine, asked for machine"):
        corrected_shares(run, [str(coded)], ShareSettings(sample=path))


def test_a_sample_of_records_wants_records_judged_and_one_of_articles_articles(
    run: Path, drawn: Path, coded: Path, whole: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="drew records, but the gold codes whole articles"):
        corrected_shares(run, [str(whole)], ShareSettings(sample=drawn))
    settings = SampleSettings(size=5, with_records_only=True)
    write_sample(draw_sample(run, settings), tmp_path / "articles")
    with pytest.raises(InputError, match="drew articles, but the gold judges given records"):
        corrected_shares(run, [str(coded)], ShareSettings(sample=tmp_path / "articles"))
    with pytest.raises(InputError, match=r"codes whole articles, .* judges given records"):
        corrected_shares(run, [str(whole), str(coded)], EQUAL)


def test_articles_left_out_of_the_sample_are_told(run: Path, whole: Path, tmp_path: Path) -> None:
    settings = SampleSettings(size=50, with_records_only=True, seed=1)
    write_sample(draw_sample(run, settings), tmp_path / "articles")
    shares = corrected_shares(run, [str(whole)], ShareSettings(sample=tmp_path / "articles"))
    assert (shares.coded, shares.population) == (50, ARTICLES)
    assert any("leaves out 10 articles without a record" in note for note in shares.notes)
    assert any("15 coded articles weren't drawn" in note for note in shares.notes)


def test_what_is_chosen_for_its_use_has_no_weights(run: Path, coded: Path, tmp_path: Path) -> None:
    settings = SampleSettings(size=5, unit=Unit.RECORD, useful=Usefulness.UNCERTAINTY)
    write_sample(draw_sample(run, settings), tmp_path / "useful")
    with pytest.raises(InputError, match="chosen by uncertainty, not drawn at random"):
        corrected_shares(run, [str(coded)], ShareSettings(sample=tmp_path / "useful"))


def test_gold_that_is_the_machine_itself_is_refused(run: Path) -> None:
    for source in (run, f"{run}@human-over-machine", run / "records.jsonl"):
        with pytest.raises(InputError, match="a machine's records are no gold; people's are wanted"):
            corrected_shares(run, [str(source)], EQUAL)


def test_a_reviewed_run_is_gold_but_not_of_its_own_merged_table(tmp_path: Path) -> None:
    found = [(one := article(f"a{n}", text_of(n)), records_of(one)) for n in range(1, 11)]
    run = finish(tmp_path / "run", found)
    records = list(RunFolder(run).records(Version.MACHINE))
    store = ReviewStore(run)
    for number, each in enumerate(records[:12]):
        decision = Accept if number % 3 else Reject
        store.append(decision(by="anna", at="2026-01-01T00:00:00+00:00", record=each, machine=each))
    store.close()
    settings = replace(EQUAL, confidence=Confidence(least=2))
    shares = corrected_shares(run, [f"{run}@human"], settings)
    assert (shares.unit, shares.coded, shares.population) == (Unit.RECORD, 12, 20)
    assert all(group.nothing.value for group in shares.groups)
    with pytest.raises(InputError, match=r"12 coded records were reviewed in the run.*Use --version machine"):
        corrected_shares(run, [f"{run}@human"], replace(settings, version=Version.MERGED))


def test_a_topic_outside_the_codebook_is_named(run: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        json.dumps({**gold_line("a1", "federalism", "favor"), "topic": "taxes"}), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"gold\.jsonl:1: topic 'taxes' is not in the run's codebook"):
        corrected_shares(run, [str(gold)], EQUAL)


def test_how_the_gold_was_drawn_must_be_said_once() -> None:
    with pytest.raises(ConfigError, match="how was the gold drawn"):
        ShareSettings()
    with pytest.raises(ConfigError, match="one of the two"):
        ShareSettings(sample=Path("sample.json"), equal_chances=True)


def test_what_people_said_has_nothing_to_correct() -> None:
    with pytest.raises(ConfigError, match="version human"):
        ShareSettings(equal_chances=True, version=Version.HUMAN)


def test_whole_articles_cannot_count_once_an_outlet(run: Path, whole: Path) -> None:
    with pytest.raises(ConfigError, match="once an outlet: a sample of whole articles"):
        corrected_shares(run, [str(whole)], replace(EQUAL, once=Once.OUTLET))


def test_records_that_are_not_the_runs_are_counted(
    run: Path, coded: Path, drawn: Path, tmp_path: Path
) -> None:
    text = coded.read_text(encoding="utf-8")
    mixed = tmp_path / "mixed.csv"
    mixed.write_text(text.replace("Laila Noori,person", "L. Noori,person", 1), encoding="utf-8")
    shares = corrected_shares(run, [str(mixed)], ShareSettings(sample=drawn))
    assert any("1 coded records are not the run's" in note for note in shares.notes)
    assert any("1 of 90 drawn items aren't coded" in note for note in shares.notes)
