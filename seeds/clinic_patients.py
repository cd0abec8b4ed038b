"""The demo patients. Nobody here exists: all numbers are computed, and none is from a published example."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.accounts import Organization, User
from models.clinic import Patient, Recall
from models.clinic.patient import MessageWish, PatientDetails
from rules.iin import CENTURIES, Sex, iin_digits, read_iin

OPERATORS = ("701", "702", "705", "707", "747", "771", "775", "776", "778")

# Sex, full name, birth date, and a note if there is one.
CARDS = """
м Абенов Дәурен Қанатұлы 1984-03-11
ж Ахметова Сәуле Ерланқызы 1979-09-02
м Әбілқасымов Тимур Русланович 1991-12-24
ж Байжанова Жанар Мұратқызы 1968-05-30 : Слышит хуже левым ухом
м Белов Андрей Викторович 1957-01-19
ж Григорьева Полина Сергеевна 1996-07-07
м Дүйсенбаев Әлихан Бекұлы 2012-04-15 : Боится уколов
ж Ержанова Мадина Болатқызы 1988-10-21
м Есенов Арман Талғатұлы 1975-02-28
ж Жақсылықова Гүлнар Өмірқызы 1952-08-13 : Коляска, нужен лифт
м Жұмабаев Нұрсұлтан Ержанұлы 2003-06-09
ж Захарова Полина Игоревна 1999-11-05
м Иванов Павел Андреевич 1966-04-04
ж Кадырова Динара Рустамовна 1993-01-31
м Қайратов Санжар Маратұлы 1987-07-18
ж Қалиева Айнұр Серікқызы 1981-03-26
м Ким Станислав Олегович 1978-12-12
ж Ковальчук Оксана Петровна 1960-09-17 : Аллергия на йод
м Қожахметов Ерасыл Нұрғалиұлы 1990-02-20 : Говорит по-казахски
ж Ли Виктория Эдуардовна 2001-05-23
м Мұхамедияров Бауыржан Асқарұлы 1972-10-08
ж Нам Ольга Викторовна 1985-06-14
м Нұрпейісов Дастан Жомартұлы 1994-08-29
ж Омарова Жанна Аманқызы 1963-03-03
ж Оспанова Гүлбану Сапарқызы 1949-11-20 : Сын встречает после приёма
м Пак Евгений Родионович 1989-04-27
ж Петренко Светлана Михайловна 1971-07-01
м Рахимов Фархад Шухратович 1998-02-16
ж Сағынтаева Әйгерім Дәулетқызы 2006-09-10
м Смирнов Олег Николаевич 1955-12-06
ж Сүлейменова Зарина Ерболқызы 1992-05-05
м Тен Игорь Валентинович 1969-10-30
м Тихонов Станислав Юрьевич 1983-08-22
ж Төлегенова Шынар Амангелдіқызы 1976-01-09
ж Тұрсынбекова Айша Нұржанқызы 2016-03-19
м Усенов Қайрат Болатұлы 1959-06-25
ж Хасенова Өрім Сәбитқызы 1997-04-12
ж Цой Марина Геннадьевна 1974-11-28
м Шим Денис Александрович 2000-01-15
ж Щербакова-Святославская Екатерина Александровна 1986-08-08
"""
WITHOUT_PHONE = frozenset({6, 39})
WITHOUT_IIN = frozenset({34})
# Contacts and their phones: a number refers to a relative's card in the list.
CONTACTS = {6: ("мама", 7), 34: ("бабушка", 24)}
# Every n-th has a mail address too; some chose a language for messages, or no messages.
MAILED = 3
WISHES = {4: MessageWish.KAZAKH, 9: MessageWish.KAZAKH, 22: MessageWish.NONE}
# An IIN with a typing error in the last digit: it is saved with a warning.
DOUBTFUL_IIN = frozenset({24})
# Recalls: who, in how many days, and for what.
RECALLS = ((9, -2, "Контроль давления"), (17, 1, "Повторный приём"), (6, 4, "Осмотр"), (28, 160, "УЗИ через полгода"))
BETWEEN = timedelta(days=9, hours=1)


@dataclass(frozen=True)
class Card:
    sex: Sex
    names: tuple[str, str, str]
    birth_date: date
    note: str


def plant_patients(organization: Organization, actor: User, now: datetime) -> list[Patient]:
    """Registers everybody in the order of the list, spread over the last year."""
    cards = [_card(line) for line in CARDS.split("\n") if line]
    return [
        Patient.register(organization.id, details_of(number, card), actor, now - (len(cards) - number) * BETWEEN)
        for number, card in enumerate(cards)
    ]


def plant_recalls(patients: Sequence[Patient], actor: User, now: datetime) -> None:
    """Recalls: a few are due now, others later."""
    for number, days, reason in RECALLS:
        patient, due_on = patients[number], now.date() + timedelta(days=days)
        Recall.plan(patient, due_on, reason, actor, max(patient.registered_at, now - timedelta(days=90)))


def _card(line: str) -> Card:
    facts, _colon, note = line.partition(" : ")
    sex, family, given, middle, born = facts.split()
    return Card(Sex.FEMALE if sex == "ж" else Sex.MALE, (family, given, middle), date.fromisoformat(born), note)


def details_of(number: int, card: Card) -> PatientDetails:
    """The whole card; fields that are not in the list are computed from the number."""
    family, given, middle = card.names
    phone = "" if number in WITHOUT_PHONE else _phone(number)
    iin = "" if number in WITHOUT_IIN else _iin(number, card)
    contact, contact_phone = (CONTACTS[number][0], _phone(CONTACTS[number][1])) if number in CONTACTS else ("", "")
    email = "" if number % MAILED else f"card{number}@tablo.example"
    reached = (contact, contact_phone, email, WISHES.get(number))
    return PatientDetails(family, given, middle, phone, card.birth_date, iin, card.sex, card.note, *reached)


def _phone(number: int) -> str:
    return f"+7 {OPERATORS[number % len(OPERATORS)]} 555 {number * 7 % 100:02d} {number * 13 % 100:02d}"


def _iin(number: int, card: Card) -> str:
    """A valid IIN for the card; tries the next serial if one has no check digit."""
    century = next(
        digit for digit, known in CENTURIES.items() if known == (card.birth_date.year // 100 * 100, card.sex)
    )
    for serial in range(2000 + number * 3, 9999):
        stem = f"{card.birth_date:%y%m%d}{century}{serial:04d}"
        for check in range(10):
            if read_iin(f"{stem}{check}", date.max).fault is None:
                return iin_digits(f"{stem}{(check + (number in DOUBTFUL_IIN)) % 10}")
    raise LookupError(stem)
