"""The fields of a merged card, and of both cards after the undo."""

from rules.merging import disputed, merged, parted

AIGUL = {"phone": "+7 777", "iin": None, "email": "a@b.kz", "note": "Лифт"}
AYGUL = {"phone": "+7 701", "iin": "9505", "email": "a@b.kz", "note": "Кресло"}


def test_only_what_differs_in_both_is_disputed() -> None:
    assert disputed(AIGUL, AYGUL) == ["phone"]


def test_what_one_card_lacks_comes_from_the_other_and_notes_are_joined() -> None:
    assert merged(AIGUL, AYGUL, []) == {**AIGUL, "iin": "9505", "note": "Лифт\nКресло"}
    assert merged(AIGUL, AYGUL, ["phone"])["phone"] == "+7 701"


def test_the_same_note_stays_one() -> None:
    assert merged(AIGUL, {**AYGUL, "note": "Лифт"}, [])["note"] == "Лифт"
    assert merged({**AIGUL, "note": None}, {**AYGUL, "note": None}, [])["note"] is None


def test_parting_takes_back_only_what_nobody_changed_since() -> None:
    after = merged(AIGUL, AYGUL, ["phone"])
    assert parted(AIGUL, after, after) == AIGUL
    assert parted(AIGUL, after, {**after, "note": "Новое"}) == {**AIGUL, "note": "Новое"}
