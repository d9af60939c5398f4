"""Sentences with two names in unlabelled news."""

from __future__ import annotations

from random import Random

from stancewire.training.unlabelled import find_pairs, split_sentences

NEWS = (
    "Critics have long doubted the plan, but Senator Karim Safi praised Giorgi Beridze's work on Monday. "
    "It rained in the valley all day and the roads were closed. Beridze, who met Gov. Amina Okafor in Herat, "
    "said nothing about it.\nMany of the people who came said they were tired of the critics and of the rain."
)


def test_each_pair_is_two_different_names_of_one_sentence() -> None:
    rows = list(find_pairs([NEWS, NEWS], Random(1)))
    assert len(rows) == 2  # the second copy adds nothing
    for row in rows:
        p, q = (row["text"][slice(*row[key])] for key in ("p", "q"))
        assert p != q
        assert {p, q} <= {"Senator Karim Safi", "Giorgi Beridze", "Beridze", "Gov", "Amina Okafor", "Herat"}


def test_a_word_that_is_only_capitalised_at_the_start_is_no_name() -> None:
    text = "Critics praised Karim Safi for the way in which he spoke to them at the meeting."
    assert text not in [row["text"] for row in find_pairs([text, NEWS], Random(1))]


def test_days_and_headlines_are_no_names() -> None:
    text = "On Monday the council said that Karim Safi would not come back before the end of the year."
    headline = "HUNDREDS PROTEST AGAINST Karim Safi in the capital after the council had met with him twice"
    assert list(find_pairs([text, headline], Random(1))) == []


def test_sentences_end_at_full_stops_and_lines_but_not_at_titles() -> None:
    first, second, third, fourth = split_sentences(NEWS)
    assert first.endswith("on Monday.")
    assert second.startswith("It rained")
    assert "Gov. Amina Okafor in Herat, said" in third
    assert fourth.startswith("Many of the people")


def test_the_same_seed_finds_the_same_pairs() -> None:
    assert list(find_pairs([NEWS], Random(3))) == list(find_pairs([NEWS], Random(3)))
