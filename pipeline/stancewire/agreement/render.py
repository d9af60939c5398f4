"""Agreement as text for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from stancewire.agreement.bootstrap import Figure
from stancewire.agreement.fields import ASKED
from stancewire.agreement.metric import Metric
from stancewire.agreement.results import Agreement, Comparison, FieldAgreement
from stancewire.blocks import Lines, Table, blocks_as_markdown, blocks_as_text, values_as_json

_HEADER = ("", "units", "articles", "agreement", "alpha", "kappa")


def agreement_as_text(agreement: Agreement) -> str:
    """Return plain text with aligned columns."""
    return blocks_as_text(_blocks(agreement))


def agreement_as_markdown(agreement: Agreement) -> str:
    """Return Markdown with a heading and a table for each set of coders."""
    return blocks_as_markdown(_blocks(agreement))


def agreement_as_json(agreement: Agreement) -> str:
    """Return JSON with every figure, its interval or the reason why it is missing, and all disagreements."""
    return values_as_json(agreement)


def _blocks(agreement: Agreement) -> Iterator[Table | Lines]:
    yield _coders(agreement)
    for comparison in agreement.comparisons:
        names = " and ".join(comparison.coders)
        yield Table(
            title=f"{names}: {comparison.articles} articles in common",
            header=_HEADER,
            rows=tuple(_row(field) for field in comparison.fields),
        )
        yield Lines(title=f"Values given, {names}", lines=tuple(_values(comparison)))
        if reasons := tuple(_reasons(comparison)):
            yield Lines(title=f"Without a figure or an interval, {names}", lines=reasons)
    yield Lines(title="What is compared", lines=tuple(f"{field}: {asked}" for field, asked in ASKED.items()))
    yield Lines(title="How to read this", lines=tuple(_reading(agreement)))


def _coders(agreement: Agreement) -> Table:
    return Table(
        title="Coders",
        header=("", "articles", "records", "", "source"),
        rows=tuple(
            (
                coder.name,
                str(coder.articles),
                str(coder.records),
                "model" if coder.is_model else "",
                coder.source,
            )
            for coder in agreement.coders
        ),
    )


def _row(field: FieldAgreement) -> tuple[str, ...]:
    figures = (field.agreement, field.alpha, field.kappa)
    return (field.field.value, str(field.units), str(field.articles), *map(_number, figures))


def _number(figure: Figure) -> str:
    if figure.value is None:
        return "-"
    interval = "" if figure.low is None or figure.high is None else f" [{figure.low:.2f}, {figure.high:.2f}]"
    return f"{figure.value:.3f}{interval}"


def _values(comparison: Comparison) -> Iterator[str]:
    """Say how often each value was given: agreement on what hardly varies says little."""
    for field in comparison.fields:
        if field.prevalence:
            shares = (
                f"{coder} " + ", ".join(f"{value} {share:.0%}" for value, share in values.items())
                for coder, values in field.prevalence.items()
            )
            yield f"{field.field}: {'; '.join(shares)}"


def _reasons(comparison: Comparison) -> Iterator[str]:
    for field in comparison.fields:
        named = (("agreement", field.agreement), ("alpha", field.alpha), ("kappa", field.kappa))
        for name, figure in named:
            if figure.reason:
                yield f"{field.field}, {name}: {figure.reason}"


def _reading(agreement: Agreement) -> Iterator[str]:
    bootstrap = agreement.bootstrap
    yield "agreement: share of equal values; of records found and evidence, how much of one's the other has (F1, Dice)"
    scale = "" if agreement.metric == Metric.NOMINAL else f" ({agreement.metric} for stance)"
    yield f"alpha: Krippendorff's, nominal{scale}; of evidence, alpha for unitizing"
    yield "kappa: Cohen's for two coders, Fleiss' for more"
    if bootstrap.samples:
        yield f"[95 % interval]: {bootstrap.samples} bootstrap samples of articles, seed {bootstrap.seed}"
    yield f"{len(agreement.disagreements)} disagreements; --disagreements FILE lists them"
    yield from agreement.notes
