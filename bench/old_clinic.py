"""A clinic with very many cards, inserted without the model's verbs but as they would leave them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import create_engine, insert, text

from models.clinic import Patient
from rules.names import full_name, search_key, sort_key

AT_ONCE = 5_000
FAMILIES = (
    "Ахметов Абенов Әбдірахманов Байжанов Бекова Белозёрский Волков Дүйсенов Ермеков Есенов Жұмабаев Иванов Қалиев "
    "Қожахметова Ким Кузнецов Ли Мұқанов Нұрланов Омаров Оспанов Пак Петров Сатпаев Сейтқали Серіков Смирнов "
    "Тлеубаев Төлегенов Цой Шевченко Щербакова"
).split()
GIVEN = "Айгерим Ажар Алексей Анна Әлия Бауыржан Болат Вера Гүлнар Дана Ерлан Жанна Иван Қайрат Марат Тимур".split()
ENDINGS = ("", "ович", "ұлы", "қызы", "овна")
SYLLABLES = "ба ка ра та ма на са ла жа ша ке бе те ме не се ле ұл ің үр ер ар ал ан ол ор ур ит ик ек".split()


def register_patients(database_url: str, count: int) -> None:
    """Adds that many patients to the demo clinic. The database must not be in use."""
    engine, cards = create_engine(database_url), list(_cards(count))
    with engine.begin() as connection:
        for first in range(0, count, AT_ONCE):
            connection.execute(insert(Patient), cards[first : first + AT_ONCE])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Maintenance that a database this full has long done by itself.
        for upkeep in ("VACUUM", "ANALYZE"):
            connection.execute(text(upkeep))
    engine.dispose()


def _cards(count: int) -> Iterator[dict[str, Any]]:
    """The same cards in every run."""
    chance = Random(5)
    for number in range(count):
        family, given, middle = _family(chance), chance.choice(GIVEN), chance.choice(GIVEN) + chance.choice(ENDINGS)
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(30_000))
        phone = f"7{chance.choice((700, 701, 705, 747, 771, 775, 777))}{number * 97 % 10_000_000:07d}"
        yield _card(full_name(family, given, middle).split(), born, phone, f"{born:%y%m%d}{number % 1_000_000:06d}")


def _family(chance: Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(FAMILIES)
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize() + chance.choice(("ов", "ева", ""))


def _card(names: list[str], born: date, phone: str, iin: str) -> dict[str, Any]:
    family, given, middle = names
    searched = [*names, f"{born:%d.%m.%Y}", phone, "8" + phone[1:], iin]
    return {
        "organization_id": 1,
        "family_name": family,
        "given_name": given,
        "middle_name": middle,
        "phone": f"+7 {phone[1:4]} {phone[4:7]} {phone[7:9]} {phone[9:]}",
        "phone_key": phone,
        "birth_date": born,
        "iin": iin,
        "note": "",
        "search_text": search_key(" ".join(searched)),
        "sort_key": sort_key(" ".join(names)),
        "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
        "version": 1,
    }
