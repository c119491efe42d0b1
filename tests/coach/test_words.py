"""The word lists are checked when they are read, and looked up the same however they are typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.coach.phrasebook import Phrasebook, phrasebook
from bot.coach.signs import Sign
from bot.coach.tokens import fold, normalise, sentence_words, tokens
from bot.coach.words import DayPart, Numbers, Stop, Words
from tests.coach import english


def test_the_english_words_are_complete() -> None:
    words = english()
    assert len(words.days.names) == 7
    assert set(words.numbers.words.values()) >= {*range(21), *range(20, 100, 10)}
    assert {sign.kind for sign in words.red_flags.signs} == {"emergency", "self_harm"}


def test_word_lists_cannot_be_changed() -> None:
    words: Any = english()
    with pytest.raises(ValidationError, match="frozen"):
        words.skip = ("x",)


def test_sign_ids_are_unique() -> None:
    ids = [sign.id for sign in english().red_flags.signs]
    assert len(ids) == len(set(ids))


def test_yes_no_and_not_sure_share_no_phrase() -> None:
    words = english()
    forms = [phrasebook(phrases).forms for phrases in (words.yes, words.no, words.not_sure)]
    assert not forms[0] & forms[1]
    assert not forms[0] & forms[2]
    assert not forms[1] & forms[2]


def test_no_day_is_named_twice() -> None:
    forms = [form for names in english().days.names for form in phrasebook(names).forms]
    assert len(forms) == len(set(forms))


def test_no_sign_is_an_idiom_or_a_lookalike() -> None:
    flags = english().red_flags
    assert not flags.vocabulary & set(flags.lookalikes)
    signs = {form for sign in flags.signs for form in phrasebook(sign.phrases).forms}
    assert not signs & phrasebook(flags.idioms).forms


def test_every_phrase_of_a_sign_is_found_as_it_is_written() -> None:
    flags = english().red_flags
    for sign in flags.signs:
        book = phrasebook(sign.phrases)
        assert all(book.at(form, 0) == len(form) for form in book.forms)


@pytest.mark.parametrize(
    ("phrase", "forms"),
    [
        ("stop", {("stop",)}),
        ("Can't stop", {("cant", "stop")}),
        ("a|b c", {("a", "c"), ("b", "c")}),
        ("a? b", {("a", "b"), ("b",)}),
        ("a|b? c", {("a", "c"), ("b", "c"), ("c",)}),
        ("?", {("?",)}),
        ("mmol / l", {("mmol", "/", "l")}),
        ("½", {("1", "⁄", "2")}),
    ],
)
def test_a_phrase_is_spelled_out(phrase: str, forms: set[tuple[str, ...]]) -> None:
    assert Phrasebook([phrase]).forms == forms


@pytest.mark.parametrize("phrase", ["", " ", "a?", "a? b?", " ".join(["a|b|c|d|e|f|g|h|i|j"] * 4)])
def test_a_phrase_that_is_empty_or_endless_is_refused(phrase: str) -> None:
    with pytest.raises(ValidationError):
        Stop(alone=(phrase,), leading=("stop",))


def test_a_phrase_twice_in_one_list_is_refused() -> None:
    with pytest.raises(ValidationError, match="twice"):
        Stop(alone=("stop", "stop"), leading=("x",))


@pytest.mark.parametrize("clock", ["8:0", "25:00", "8:60", 830, "noon", None])
def test_a_wrong_time_is_refused(clock: object) -> None:
    with pytest.raises(ValidationError, match="write a time in quotes"):
        DayPart.model_validate({"words": ["x"], "at": clock, "from": "0:00", "until": "1:00"})


def test_an_unknown_list_is_refused() -> None:
    everything: dict[str, Any] = english().numbers.model_dump()
    with pytest.raises(ValidationError, match="extra"):
        Numbers.model_validate(everything | {"nombres": ["un"]})


@pytest.mark.parametrize(
    "sign",
    [
        {"id": "x", "kind": "emergency"},
        {"id": "x", "kind": "emergency", "phrases": ["a"], "together": [["a"], ["b"]]},
        {"id": "x", "kind": "emergency", "together": [["a"]]},
        {"id": "x", "kind": "fire", "phrases": ["a"]},
    ],
)
def test_a_sign_without_sense_is_refused(sign: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sign.model_validate(sign)


def test_a_missing_list_is_named() -> None:
    with pytest.raises(ValidationError, match="red_flags"):
        Words.model_validate({})


def test_the_longest_phrase_wins() -> None:
    book = Phrasebook(["a", "a b", "a b c d"])
    assert book.at(("a", "b", "c"), 0) == 2
    assert list(book.spans(("a", "b", "c", "a"))) == [(0, 2), (3, 4)]
    assert book.ending(("x", "a", "b"), 3) == 2
    assert book.at_any((frozenset("x"), frozenset("ay"), frozenset("b")), 1) == 2


@given(st.text())
def test_folding_is_the_same_for_any_case(text: str) -> None:
    plain = normalise(text)
    assert fold(plain) == fold(text)
    assert tokens(text) == tokens(plain)


def test_whatever_python_takes_for_a_digit_is_read_as_one() -> None:
    digits = [char for char in map(chr, range(0x110000)) if char.isdigit()]
    assert len(digits) > 700
    # ① is 1, ⒈ is "1."
    assert [char for char in digits if not any(one in "0123456789" for one in normalise(char))] == []
    assert [char for char in digits if any(one.isdigit() and not one.isascii() for one in normalise(char))] == []


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_of_plain_letters_is_read_as_one_with_an_accent_beside_it(text: str) -> None:
    assert normalise(f"{text} é") == f"{normalise(text)} é".strip()
    assert fold(f"{text} é") == f"{fold(text)} e".strip()


@given(st.text())
def test_tokens_lose_nothing_but_space(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == "".join(fold(text).split())


def test_sentences_end_at_stops_and_line_breaks() -> None:
    found = sentence_words("No. Chest,\npain!")
    assert [(word.text, word.after) for word in found] == [("no", ""), ("chest", "."), ("pain", ".")]
