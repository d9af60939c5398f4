"""The whole test on invented news: with a steady classifier, and with ones that hang on what they shouldn't."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest

from stancewire.entities.actors import ActorRegistry
from stancewire.errors import ConfigError, InputError
from stancewire.extract import Pipeline
from stancewire.resources import resource
from stancewire.sensitivity.asked import ask
from stancewire.sensitivity.compare import Answered, compare
from stancewire.sensitivity.measure import Options, measure_sensitivity
from stancewire.sensitivity.names import INVENTED, invented_names, known_names
from stancewire.sensitivity.perturbations import Change, Perturbation
from stancewire.sensitivity.render import as_markdown, as_text, changes_as_csv, tallies_as_csv
from stancewire.sensitivity.results import ALL, Sensitivity, Sturdiness, Tally
from stancewire.sensitivity.variants import NO_PARAPHRASE, Sources, Variant
from stancewire.sensitivity.write import write_sensitivity
from stancewire.stance.pairs import PairFormat
from stancewire.types import Article, Skip, Weights
from stancewire.wordings import read_paraphrases

PEOPLE = ("Laila Noori", "Omid Karimi", "Farah Amini", "Yusuf Rahmani", "Zahra Mirzad", "Tariq Sharifi")
FAVOR = Weights(favor=0.8, against=0.1, neutral=0.0, none=0.1)
AGAINST = Weights(favor=0.1, against=0.8, neutral=0.0, none=0.1)


def news(count: int = 12) -> list[Article]:
    """Return short reports, each of one person who supports the dam and one who rejects the tax."""
    return [
        Article(
            id=f"a{number}",
            text=f"{PEOPLE[number % 6]} supports the dam near the old mill, a spokesman said. "
            f"{PEOPLE[(number + 1) % 6]} opposes the tax, the mayor said on Monday.",
            source=f"news.jsonl:{number + 1}",
            genre="report",
        )
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def sources(codebook: Path) -> Sources:
    registry = ActorRegistry.load(sorted(resource("configs/actors").glob("*.toml")))
    return Sources(
        paraphrases=read_paraphrases(codebook),
        invented=invented_names(seed=0),
        known=known_names(registry, seed=0),
    )


def measured(
    pipeline: Pipeline, sources: Sources, found: Iterable[Article | Skip] | None = None, **options: object
) -> Sensitivity:
    return measure_sensitivity(
        news() if found is None else found,
        pipeline,
        sources,
        Options(samples=200, **options),  # type: ignore[arg-type]
        inputs=("news.jsonl",),
    )


def tally(test: Sensitivity, perturbation: Perturbation, topic: str = "dam") -> Tally:
    return next(each for each in test.tallies if each.topic == topic and each.perturbation is perturbation)


@pytest.fixture(scope="module")
def steady(pipeline: Pipeline, sources: Sources) -> Sensitivity:
    return measured(pipeline, sources)


@dataclass(frozen=True)
class Reader:
    """A classifier that goes by one word of the passage or the statement, and by nothing else."""

    word: str
    name = "reader#1"
    pair_format = PairFormat()

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> list[Weights]:
        return [AGAINST if self.word in " ".join(pair) else FAVOR for pair in pairs]


def with_reader(pipeline: Pipeline, word: str) -> Pipeline:
    return replace(pipeline, classifier=Reader(word))


def test_the_records_before_are_those_of_a_run(pipeline: Pipeline) -> None:
    asked, results = ask(news(), pipeline)
    again = [
        Variant(perturbation=Perturbation.PARAPHRASE, number=0, asked=one, query=one.query) for one in asked
    ]
    cases = list(
        compare(asked, [Answered(variant=each, weights=each.asked.weights) for each in again], pipeline)
    )
    records = {
        (each.article_id, each.topic, each.holder, each.stance) for one in results for each in one.records
    }
    assert len(records) == 24
    assert {(each.article_id, each.topic, each.holder, each.before.record) for each in cases} == records
    assert {each.change for each in cases} == {Change.AS_EXPECTED}


def test_a_steady_classifier_is_steady(steady: Sensitivity) -> None:
    for perturbation in (Perturbation.PARAPHRASE, Perturbation.INVENTED_NAME, Perturbation.MASKED_HOLDER):
        found = tally(steady, perturbation)
        assert found.changed.value == 0
        assert found.articles == 12
        assert found.counts == {Change.AS_EXPECTED: found.records}
    assert tally(steady, Perturbation.PARAPHRASE).records == 24
    assert tally(steady, Perturbation.INVENTED_NAME).variants == 2


def test_a_classifier_that_never_reads_the_claim_is_found_out(steady: Sensitivity) -> None:
    assert tally(steady, Perturbation.OPPOSITE).counts == {Change.FLIPPED: 12}
    assert tally(steady, Perturbation.MASKED_TOPIC).counts == {Change.STAYED: 12}


def test_a_topic_without_paraphrases_or_opposite_is_named(steady: Sensitivity) -> None:
    left_out = tally(steady, Perturbation.PARAPHRASE, "tax").left_out
    assert left_out == {NO_PARAPHRASE: tally(steady, Perturbation.MASKED_TOPIC, "tax").questions}
    assert NO_PARAPHRASE in as_markdown(steady)
    assert tally(steady, Perturbation.PARAPHRASE, "tax").changed.reason == "no records to compare"


def test_a_topic_whose_records_hang_on_the_wording_is_fragile(pipeline: Pipeline, sources: Sources) -> None:
    test = measured(with_reader(pipeline, "right to build"), sources)
    found = tally(test, Perturbation.PARAPHRASE)
    assert found.counts[Change.FLIPPED] == found.records / 2
    verdicts = {verdict.topic: verdict for verdict in test.verdicts}
    assert verdicts["dam"].sturdiness is Sturdiness.FRAGILE
    assert verdicts["dam"].reasons == ("paraphrase 50 % [50, 50] change, 50 % [50, 50] flip",)
    assert verdicts["tax"].sturdiness is not Sturdiness.FRAGILE


def test_a_classifier_that_judges_by_the_name_is_fragile(pipeline: Pipeline, sources: Sources) -> None:
    test = measured(with_reader(pipeline, "Person A"), sources)
    assert tally(test, Perturbation.MASKED_HOLDER).changed.value == 1
    assert tally(test, Perturbation.INVENTED_NAME).changed.value == 0
    assert {verdict.sturdiness for verdict in test.verdicts} == {Sturdiness.FRAGILE}


def test_each_paraphrase_has_its_own_figure(pipeline: Pipeline, sources: Sources) -> None:
    test = measured(
        with_reader(pipeline, "right to build"), sources, perturbations=(Perturbation.PARAPHRASE,)
    )
    assert [(each.wording, each.changed.value) for each in test.wordings] == [
        ("It is right to build the dam at Kelvar.", 1),
        ("Kelvar needs its dam.", 0),
    ]
    assert "dam: It is right to build the dam at Kelvar." in as_text(test)


def test_both_answers_of_a_changed_record_are_shown(pipeline: Pipeline, sources: Sources) -> None:
    test = measured(with_reader(pipeline, "Person A"), sources, perturbations=(Perturbation.MASKED_HOLDER,))
    case = test.cases[0]
    assert "Person A" not in case.before.text
    assert "Person A supports the dam" in case.after.text
    assert (case.before.record, case.after.record) == ("favor", "against")
    assert case.moved == pytest.approx(0.7)
    rows = list(csv.DictReader(StringIO(changes_as_csv(test).removeprefix("\ufeff"))))
    assert len(rows) == len(test.cases)
    assert rows[0]["text_after"] == case.after.text
    shown = as_markdown(test)
    assert "does Person A support" in shown
    assert shown.count(": flipped\n") <= 6


def test_the_same_seed_gives_the_same_test_and_another_one_other_names(
    pipeline: Pipeline, sources: Sources, steady: Sensitivity
) -> None:
    assert measured(pipeline, sources) == steady
    reader = with_reader(pipeline, "supports")
    tried = (Perturbation.INVENTED_NAME,)
    invented = {
        case.after.holder
        for seed in (0, 1)
        for case in measured(
            reader, replace(sources, invented=invented_names(seed=seed)), perturbations=tried, seed=seed
        ).cases
    }
    assert invented <= set(INVENTED["person"])  # type: ignore[index]


def test_the_order_of_articles_does_not_change_the_figures(
    pipeline: Pipeline, sources: Sources, steady: Sensitivity
) -> None:
    assert measured(pipeline, sources, reversed(news())).tallies == steady.tallies


def test_articles_are_drawn_and_what_is_left_out_is_told(pipeline: Pipeline, sources: Sources) -> None:
    skip = Skip(source="news.jsonl:99", reason="unreadable", detail="news.jsonl:99: not JSON")
    silent = Article(id="s", text="It rained.", source="news.jsonl:100")
    test = measured(
        pipeline, sources, [*news(), skip, silent], articles=5, perturbations=(Perturbation.OPPOSITE,)
    )
    assert test.articles == test.articles_asked == 5
    assert test.notes == (
        "1 x unreadable: left out",
        "articles that name no topic of the codebook: 1",
        "5 of 12 articles that name a topic, drawn with seed 0",
    )


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        ([], "news.jsonl: no question to ask again: empty"),
        ([Article(id="s", text="It rained.", source="x")], "articles that name no topic of the codebook: 1"),
        (
            [
                Article(
                    id="s",
                    text="Der Damm wird gebaut, sagte der Minister gestern, dam oder nicht.",
                    source="x",
                )
            ],
            "1 x language: left out",
        ),
        ([Article(id="s", text="The dam. The tax.", source="x", genre="report")], "no question to ask again"),
    ],
)
def test_an_input_without_a_question_says_why(
    pipeline: Pipeline, sources: Sources, articles: list[Article], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        measured(pipeline, sources, articles)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"articles": 0}, "0 articles to draw; must be 1"),
        ({"perturbations": ()}, "no perturbation; known: paraphrase"),
    ],
)
def test_options_that_try_nothing_are_named(options: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Options(**options)  # type: ignore[arg-type]


def test_the_progress_ends_where_all_is_done(pipeline: Pipeline, sources: Sources) -> None:
    seen: dict[str, tuple[int, int]] = {}
    options = Options(perturbations=(Perturbation.PARAPHRASE,), samples=0)
    measure_sensitivity(
        news(3),
        pipeline,
        sources,
        options,
        progress=lambda doing, done, whole: seen.update({doing: (done, whole)}),
    )
    assert set(seen) == {"articles read", "questions judged"}
    assert all(done == whole > 0 for done, whole in seen.values())


def test_the_folder_has_tables_verdicts_and_changes(steady: Sensitivity, tmp_path: Path) -> None:
    files = write_sensitivity(steady, tmp_path / "new" / "folder")
    assert [path.name for path in files] == [
        "sensitivity.md",
        "sensitivity.json",
        "sensitivity.csv",
        "changes.csv",
    ]
    values = json.loads(files[1].read_text(encoding="utf-8"))
    rows = list(csv.DictReader(StringIO(tallies_as_csv(steady).removeprefix("\ufeff"))))
    assert len(values["tallies"]) == len(rows) == 3 * len(Perturbation)
    assert {row["topic"] for row in rows} == {"dam", "tax", ALL}
    assert "## Verdict" in files[0].read_text(encoding="utf-8")
    assert as_text(steady).startswith("Sensitivity of records\n  model lexicon#1, codebook kelvar@1#")
