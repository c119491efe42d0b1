"""Rules of how texts read: the grade by its formula, the length, and exemptions only by name."""

from __future__ import annotations

import pytest

from bot.authoring.reading_level import counted, grade, plain_words, syllables_of
from bot.authoring.style import ENOUGH_WORDS, EXEMPT_SHARE, Style
from bot.pages import read_page
from tests.coach import CONTENT

ENGLISH = Style.model_validate(read_page(CONTENT / "en" / "style.yaml").data)

SYLLABLES = {
    1: "a walk walked time times while cheese calm drink night eat sleeps legs don't you're strength 3,234 16 through",
    2: "walking lifted often little boxes evening quiet people isn't careful nicely sugar water maybe watches safety",
    3: "exercise insulin everything idea area easier happily vegetable family reaction anyone",
    4: "diabetes experiment alcoholic february especially dietitian",
    5: "university opportunity refrigerator prediabetes sensitivity",
}


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_syllables_are_counted_as_one_says_them(count: int, words: str) -> None:
    wrong = {word: syllables_of(word, ENGLISH.syllables) for word in words.split()}
    assert {word: found for word, found in wrong.items() if found != count} == {}


def test_a_word_that_is_listed_needs_no_line_for_its_plural_or_its_s() -> None:
    known = {"area": 3, "isn't": 2}
    assert [syllables_of(word, known) for word in ("Area", "areas", "area's", "isn’t")] == [3, 3, 3, 2]


def test_the_grade_is_the_formulas() -> None:
    text = "The cat sat on the mat. The dog ran."  # 9 words, 2 sentences, 9 syllables
    assert grade(text) == pytest.approx(0.39 * 9 / 2 + 11.8 * 9 / 9 - 15.59)
    assert grade("") == 0.0


def test_longer_sentences_and_longer_words_are_harder() -> None:
    assert grade("I walk. I eat. I sleep.") < grade("I walk and I eat and then I sleep.")
    assert grade("I walk to the shop today.") < grade("I perambulate to the emporium today.")


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("One two. Three!", 3, 2),
        ("Is it 3.5? Or 3,234…", 5, 2),
        ("• one thing\n• another", 3, 2),
        ("So: “Walk.” Then rest", 4, 2),
        ("112, 911 or 999", 4, 1),
        ("See example.org now", 4, 1),
        ("...", 0, 0),
    ],
)
def test_words_and_sentences_are_counted(text: str, words: int, sentences: int) -> None:
    found, ends = counted(text)
    assert (len(found), ends) == (words, sentences)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hi {{ name }}.", "Hi it."),
        ("{{ x|own_words|or('a short walk') }}, then", "a short walk, then"),
        ("<b>Salt</b> &amp; <i>ice</i> &lt; 3", "Salt & ice < 3"),
    ],
)
def test_a_text_is_measured_as_a_person_may_read_it(text: str, plain: str) -> None:
    assert plain_words(text) == plain


def test_the_english_texts_have_a_grade_of_8_and_few_exemptions_each_with_a_reason() -> None:
    assert ENGLISH.grade == 8
    assert ENOUGH_WORDS == 20
    assert EXEMPT_SHARE == 0.03
    assert all(len(reason.split()) >= 3 for reason in ENGLISH.exempt.values())
