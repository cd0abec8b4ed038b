import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.names import KAZAKH_ALPHABET, full_name, initials, search_key, short_name, sort_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ахметов", "ахметов"),
        ("  Фёдор   КОРОЛЁВ ", "федор королев"),
        ("Әсел Ғани Қуат Аңсар Өмір Ұлан Үміт Һарон Іңкәр", "асел гани куат ансар омир улан умит харон инкар"),
        ("Мамин-Сибиряк", "мамин сибиряк"),
        ("ТОО «Ақ Босаға»", "тоо ак босага"),
        ("O'Neil", "o neil"),
        ("и\u0306од", "йод"),
        ("Ма\u0301рия", "мария"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_search_key_forgets_case_kazakh_letters_and_punctuation(text: str, key: str) -> None:
    assert search_key(text) == key


def test_a_fragment_typed_in_russian_letters_finds_a_kazakh_name() -> None:
    assert search_key("кенЖеГ") in search_key("Күләш Кенжеғұлова")


@given(st.text())
def test_a_search_key_is_its_own_search_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


def test_the_kazakh_alphabet_has_forty_two_letters() -> None:
    assert len(set(KAZAKH_ALPHABET)) == len(KAZAKH_ALPHABET) == 42


@pytest.mark.parametrize(
    "names",
    [
        list("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"),
        ["Абай", "Әбілов", "Бек", "Гали", "Ғали", "Дана"],
        ["Еркин", "Ёлкин", "Жанна"],
        ["Ли", "Ли Анна", "Лиана"],
        ["10 палата", "Яковлев", "Adams", "Zimmer"],
        ["Қуат", "Лаура", "Müller", "Muratova", "Ωmega"],
        ["Ұлан", "Үміт", "Фарида", "Хасан", "Һарон", "Цой", "Ыдырыс", "Іңкәр", "Эльмира"],
    ],
)
def test_sorting_follows_the_kazakh_alphabet_with_latin_after_it(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=sort_key) == names


def test_case_and_hyphens_do_not_change_the_place() -> None:
    assert sort_key("МАМИН-Сибиряк") == sort_key("мамин сибиряк")


@given(st.text())
def test_a_sort_key_is_digits_alone_so_that_every_collation_agrees(text: str) -> None:
    key = sort_key(text)
    assert key == "" or (key.isascii() and key.isdigit())


@given(st.text(KAZAKH_ALPHABET), st.text(KAZAKH_ALPHABET))
def test_two_words_sort_by_the_first_letter_that_differs(first: str, second: str) -> None:
    places = [[KAZAKH_ALPHABET.index(letter) for letter in word] for word in (first, second)]
    assert (sort_key(first) < sort_key(second)) == (places[0] < places[1])


@pytest.mark.parametrize(
    ("given_name", "middle", "expected"),
    [
        ("Болат", "Серикович", "Б. С."),
        ("болат", "", "Б."),
        ("", "Серикович", "С."),
        (" Әсел ", "  ", "Ә."),
        ("", "", ""),
    ],
)
def test_initials(given_name: str, middle: str, expected: str) -> None:
    assert initials(given_name, middle) == expected


@pytest.mark.parametrize(
    ("parts", "short", "full"),
    [
        (("Ахметов", "Болат", "Серикович"), "Ахметов Б. С.", "Ахметов Болат Серикович"),
        (("Ли", "Данияр", ""), "Ли Д.", "Ли Данияр"),
        (("", "Айгерим", ""), "А.", "Айгерим"),
        (("Ким ", " Ан  На", ""), "Ким А.", "Ким Ан На"),
    ],
)
def test_short_and_full_names(parts: tuple[str, str, str], short: str, full: str) -> None:
    assert (short_name(*parts), full_name(*parts)) == (short, full)


def test_no_two_letters_share_a_place() -> None:
    letters = [*KAZAKH_ALPHABET, *"abcdefghijklmnopqrstuvwxyz0123456789"]
    assert all(sort_key(first) != sort_key(second) for first, second in itertools.combinations(letters, 2))
