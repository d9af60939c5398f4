"""Discourse networks, by hand-computed examples."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import networkx
import numpy as np
import pytest

from stancewire.counting import Unit
from stancewire.errors import ConfigError
from stancewire.networks import (
    Contradiction,
    Method,
    Normalisation,
    Period,
    PeriodNetworks,
    Tie,
    Weight,
    discourse_networks,
)
from stancewire.networks.coalitions import coalitions, signed_modularity
from stancewire.types import HolderKind, Stance, StanceRecord, Voice

PLAIN = Method(normalisation=Normalisation.NONE)


def record(holder: str, topic: str, stance: str, *, n: int = 0, **changes: str | None) -> StanceRecord:
    place = changes.pop("article", None) or f"{holder}-{topic}-{stance}-{n}"
    return StanceRecord(
        record_id=f"r-{place}-{holder}-{topic}",
        article_id=place,
        outlet=changes.get("outlet", "The Courier"),
        url=None,
        title=None,
        published=changes.get("published", "2023-05-01"),
        language="en",
        holder=holder,
        holder_id=changes.get("holder_id"),
        holder_kind=HolderKind(changes.get("kind") or "person"),
        holder_mention=holder,
        topic=topic,
        stance=Stance(stance),
        confidence=0.9,
        p_favor=0.9,
        p_against=0.05,
        p_neutral=0.02,
        attribution=Voice.QUOTED,
        speaker=holder,
        hedged=False,
        conditional=False,
        changed=False,
        evidence=(),
        cues=(),
        cluster_id=changes.get("cluster"),
        model="m",
        codebook="c",
        run_id="run-1",
        schema_version="2",
    )


# Ann and Ben agree on two topics, Cem is against both on one of them, Dee speaks of none of these.
DEBATE = [
    *(record(name, topic, "favor") for name in ("Ann", "Ben") for topic in ("dam", "tax")),
    record("Cem", "dam", "against"),
    record("Dee", "war", "neutral"),
]


def whole(records: Sequence[StanceRecord], method: Method = PLAIN) -> PeriodNetworks:
    (network,) = discourse_networks(records, method)
    return network


def named(network: PeriodNetworks, ties: Sequence[Tie]) -> dict[tuple[str, str], float]:
    names = [actor.name for actor in network.actors]
    return {(names[tie.first], names[tie.second]): tie.weight for tie in ties}


def test_congruence_counts_topics_of_the_same_stance_and_conflict_those_of_opposite_ones() -> None:
    network = whole(DEBATE)
    assert named(network, network.congruence) == {("Ann", "Ben"): 2}
    assert named(network, network.conflict) == {("Ann", "Cem"): 1, ("Ben", "Cem"): 1}
    assert [tie.topics for tie in network.congruence] == [("dam", "tax")]
    assert {tie.topics for tie in network.conflict} == {("dam",)}


def test_affiliations_have_the_statements_of_each_side_and_neutral_ties_nobody() -> None:
    network = whole([*DEBATE, record("Ann", "dam", "against"), record("Ann", "dam", "favor", n=1)])
    (tie,) = [tie for tie in network.affiliations if tie.topic == "dam" and tie.actor == 0]
    assert (tie.favor, tie.against, tie.neutral, tie.weight) == (2, 1, 0, 1)
    assert network.actors[0].name == "Ann"
    assert (network.actors[0].activity, network.actors[0].topics) == (4, 2)
    dee = [actor.name for actor in network.actors].index("Dee")
    assert not [tie for tie in (*network.congruence, *network.conflict) if dee in (tie.first, tie.second)]


@pytest.mark.parametrize(
    ("normalisation", "congruence", "conflict"),
    [
        # Ann and Ben have two sides each and share both; Cem has one, and shares none of Ann's.
        (Normalisation.NONE, 2, 1),
        (Normalisation.AVERAGE, 2 / ((2 + 2) / 2), 1 / ((2 + 1) / 2)),
        (Normalisation.JACCARD, 2 / 2, 1 / (2 + 1)),
        (Normalisation.COSINE, 2 / (2**0.5 * 2**0.5), 1 / 2**0.5),
    ],
)
def test_weights_are_normalised_as_defined(
    normalisation: Normalisation, congruence: float, conflict: float
) -> None:
    network = whole(DEBATE, Method(normalisation=normalisation))
    assert named(network, network.congruence)["Ann", "Ben"] == pytest.approx(congruence, abs=1e-6)
    assert named(network, network.conflict)["Ann", "Cem"] == pytest.approx(conflict, abs=1e-6)


def test_statements_are_multiplied_where_they_are_what_counts() -> None:
    records = [*(record("Ann", "dam", "favor", n=n) for n in range(3)), record("Ben", "dam", "favor")]
    records += [record("Ben", "dam", "favor", n=1), record("Cem", "dam", "against")]
    network = whole(records, Method(normalisation=Normalisation.NONE, weight=Weight.STATEMENTS))
    assert named(network, network.congruence) == {("Ann", "Ben"): 6}
    assert named(network, network.conflict) == {("Ann", "Cem"): 3, ("Ben", "Cem"): 2}


@pytest.mark.parametrize(
    ("contradiction", "congruence", "conflict"),
    [(Contradiction.SEPARATE, 1, 1), (Contradiction.SUBTRACT, 1, 0), (Contradiction.DROP, 0, 0)],
)
def test_an_actor_on_both_sides_counts_as_the_rule_says(
    contradiction: Contradiction, congruence: int, conflict: int
) -> None:
    records = [record("Ann", "dam", "favor"), record("Ann", "dam", "favor", n=1)]
    records += [record("Ann", "dam", "against"), record("Ben", "dam", "favor")]
    network = whole(records, Method(normalisation=Normalisation.NONE, contradiction=contradiction))
    assert len(network.congruence) == congruence
    assert len(network.conflict) == conflict


def test_equal_sides_cancel_where_they_are_subtracted() -> None:
    records = [record("Ann", "dam", stance) for stance in ("favor", "against")] + [
        record("Ben", "dam", "favor")
    ]
    network = whole(records, Method(contradiction=Contradiction.SUBTRACT))
    assert (network.congruence, network.conflict, network.polarisation) == ((), (), None)


@pytest.mark.parametrize(("unit", "count"), [(Unit.RECORD, 3), (Unit.STORY, 2), (Unit.OUTLET, 1)])
def test_a_stance_counts_once_for_the_unit(unit: Unit, count: int) -> None:
    records = [record("Ann", "dam", "favor", n=n, cluster=f"c{n > 0}") for n in range(3)]
    network = whole(records, Method(unit=unit))
    assert network.actors[0].activity == count


def test_a_story_that_goes_over_the_end_of_a_month_counts_in_both() -> None:
    records = [
        record("Ann", "dam", "favor", published="2023-01-31", cluster="c"),
        record("Ann", "dam", "favor", n=1, published="2023-02-01", cluster="c"),
    ]
    networks = discourse_networks(records, Method(by=Period.MONTH))
    assert [network.actors[0].activity for network in networks] == [1, 1]


@pytest.mark.parametrize(
    ("by", "names", "ends"),
    [
        (Period.YEAR, ["2023", "2024", "undated"], (date(2023, 1, 1), date(2023, 12, 31))),
        (Period.QUARTER, ["2023-Q4", "2024-Q1", "undated"], (date(2023, 10, 1), date(2023, 12, 31))),
        (Period.MONTH, ["2023-12", "2024-02", "undated"], (date(2023, 12, 1), date(2023, 12, 31))),
        (Period.WHOLE, ["whole"], (date(2023, 12, 31), date(2024, 2, 29))),
    ],
)
def test_periods_are_named_and_have_their_ends(by: Period, names: list[str], ends: tuple[date, date]) -> None:
    days = ("2024-02-29", "2023-12-31", None)
    networks = discourse_networks(
        [record("Ann", "dam", "favor", n=n, published=day) for n, day in enumerate(days)], Method(by=by)
    )
    assert [network.period for network in networks] == names
    assert (networks[0].first, networks[0].last) == ends
    if by is not Period.WHOLE:
        assert (networks[-1].first, networks[-1].last) == (None, None)


def test_ties_below_the_least_weight_are_left_out() -> None:
    network = whole(DEBATE, Method(normalisation=Normalisation.NONE, min_weight=2))
    assert (len(network.congruence), len(network.conflict)) == (1, 0)


def test_actors_beyond_the_limit_are_counted() -> None:
    network = whole(DEBATE, Method(limit=2))
    assert [actor.name for actor in network.actors] == ["Ann", "Ben"]
    assert network.left_out == 2


def test_actors_of_one_name_and_two_kinds_are_two() -> None:
    network = whole([record("Georgia", "dam", "favor", kind=kind) for kind in ("person", "state")])
    assert [actor.kind for actor in network.actors] == ["person", "state"]


def test_two_camps_are_two_coalitions_and_polarised_by_one_half() -> None:
    records = [record(name, "dam", "favor") for name in ("A", "B", "C", "D")]
    records += [record(name, "dam", "against") for name in ("E", "F", "G", "H")]
    network = whole(records)
    assert [actor.coalition for actor in network.actors] == [0] * 4 + [1] * 4
    # Agreement: two camps of 6 ties; 1 - 2 * (1/2)^2. Conflict: all 16 ties across; 0 - 2 * (1/2)^2. Weighed 12 : 16.
    assert network.polarisation == pytest.approx(12 / 28 * 0.5 + 16 / 28 * 0.5)


def test_one_camp_is_not_polarised() -> None:
    network = whole([record(name, "dam", "favor") for name in "ABCD"])
    assert (network.coalitions, network.polarisation) == (1, 0)


def test_who_only_stands_against_others_is_alone() -> None:
    network = whole(DEBATE)
    assert {actor.name: actor.coalition for actor in network.actors} == {
        **{"Ann": 0, "Ben": 0},
        **{"Cem": None, "Dee": None},
    }


def test_no_records_are_no_networks_and_neutral_ones_have_no_ties() -> None:
    assert discourse_networks([]) == ()
    network = whole([record("Ann", "dam", "neutral")])
    assert (network.congruence, network.coalitions, network.polarisation) == ((), 0, None)
    assert (network.actors[0].x, network.actors[0].y) == (0.5, 0.5)


def test_the_order_of_the_records_changes_nothing() -> None:
    shuffled = list(DEBATE)
    random.Random(7).shuffle(shuffled)
    assert discourse_networks(shuffled) == discourse_networks(DEBATE)


def test_the_seed_moves_the_picture_and_nothing_else() -> None:
    first, second = (whole(DEBATE, Method(seed=seed)) for seed in (0, 1))
    assert [actor.x for actor in first.actors] != [actor.x for actor in second.actors]
    assert (first.congruence, first.polarisation) == (second.congruence, second.polarisation)
    assert all(0 <= actor.x <= 1 and 0 <= actor.y <= 1 for actor in first.actors)


def test_friends_are_drawn_nearer_than_foes() -> None:
    network = whole(
        [*(record(name, "dam", "favor") for name in "ABC"), *(record(n, "dam", "against") for n in "XYZ")]
    )
    places = np.array([(actor.x, actor.y) for actor in network.actors])
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    friends = [apart[a, b] for group in ((0, 1, 2), (3, 4, 5)) for a, b in combinations(group, 2)]
    assert max(friends) < min(apart[a, b] for a in range(3) for b in range(3, 6))


def unsigned(size: int, groups: int, seed: int) -> networkx.Graph:
    return networkx.random_partition_graph([size] * groups, 0.6, 0.05, seed=seed)


@pytest.mark.parametrize("seed", range(5))
def test_coalitions_without_conflict_are_as_good_as_those_of_networkx(seed: int) -> None:
    graph = unsigned(12, 4, seed)
    net = networkx.to_numpy_array(graph)
    camps, _ = coalitions(net, [1] * len(net))
    ours = signed_modularity(net, camps)
    groups = [{node for node in graph if camps[node] == camp} for camp in set(camps)]
    assert ours == pytest.approx(networkx.community.modularity(graph, groups), abs=1e-6)
    theirs = networkx.community.louvain_communities(graph, seed=seed)
    assert ours is not None
    assert ours >= networkx.community.modularity(graph, theirs) - 0.03


def test_common_enemies_alone_make_no_coalition() -> None:
    net = np.array([[0, 0, -1], [0, 0, -1], [-1, -1, 0]], dtype=float)
    assert coalitions(net, [1, 1, 1]) == ([0, 1, 2], {0, 1, 2})


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"min_weight": -1}, {"min_weight": float("nan")}])
def test_a_method_that_cannot_be_names_what_would_be_right(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="must be"):
        Method(**wrong)  # type: ignore[arg-type]
