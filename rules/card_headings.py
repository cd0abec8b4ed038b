"""Recognizes the fields of a patient's card by column headings in three languages."""

from collections.abc import Sequence

from rules.names import search_key

# A column with the whole name: family, given, middle.
FULL_NAME = "full_name"
# The longest matching prefix of a heading decides, else the longest substring: «телефон мамы» is not «моб. телефон».
HEADINGS = {
    FULL_NAME: "фио|ф.и.о|фамилия имя|пациент|аты-жөні|тегі аты|full name|name",
    "family_name": "фамилия|тегі|family name|last name|surname",
    "given_name": "имя|аты|есімі|given name|first name",
    "middle_name": "отчество|әкесінің аты|middle name|patronymic",
    "phone": "телефон|тел|контактный телефон|номер телефона|мобильный|сотовый|ұялы телефон|phone|mobile|cell",
    "iin": "иин|жсн|iin|индивидуальный идентификационный номер|жеке сәйкестендіру нөмірі",
    "birth_date": "дата рождения|дата рожд|д.р|др|туған күні|туылған күні|birth date|date of birth|dob|birthday",
    "sex": "пол|жынысы|sex|gender",
    "note": "заметка|примечание|комментарий|ескертпе|ескерту|жазба|note|comment|remark",
    "contact_name": (
        "контактное лицо|контакт|имя контактного лица|имя мамы|представитель|опекун"
        "|байланыс тұлғасы|байланысатын адам|contact|guardian"
    ),
    "contact_phone": (
        "телефон контактного лица|телефон контакта|телефон представителя|телефон мамы|телефон родителя|как связаться"
        "|байланыс тұлғасының телефоны|байланысатын адамның телефоны|contact phone|contact person's phone"
    ),
    "email": "эл почта|электронная почта|почта|эл пошта|электрондық пошта|пошта|email|e-mail|mail",
}
# There may be a title above the headings.
LOOKED_THROUGH = 10

_FIELDS = sorted(
    ((search_key(words), field) for field, all_words in HEADINGS.items() for words in all_words.split("|")),
    key=lambda known: -len(known[0]),
)


def fields_of(headings: Sequence[str]) -> list[str]:
    """The field of each column, "" for an unknown heading or a field that an earlier column has."""
    fields: list[str] = []
    for heading in headings:
        field = _field_of(heading)
        fields.append("" if field in fields else field)
    return fields


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """The index of the heading row: the one of the upper rows that names most fields, the first of equals."""
    named = [sum(map(bool, fields_of(row))) for row in rows[:LOOKED_THROUGH]]
    return named.index(max(named)) if named else 0


def _field_of(heading: str) -> str:
    key = search_key(heading)
    begins = (field for words, field in _FIELDS if f"{key} ".startswith(f"{words} "))
    holds = (field for words, field in _FIELDS if f" {words} " in f" {key} ")
    return next(begins, "") or next(holds, "")
