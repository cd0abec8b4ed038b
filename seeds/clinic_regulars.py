"""The demo clinic's other patients of the last year, with generated names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from models.accounts import Organization, User
from models.clinic import Patient
from rules.iin import Sex
from seeds.clinic_patients import Card, details_of


@dataclass(frozen=True)
class People:
    """Masculine family names, given names, and the patronymic suffixes for a son and a daughter."""

    families: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    fathers: tuple[str, ...]
    of_him: str
    of_her: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KAZAKHS = People(
    _words(
        "Айтбаев Ақышев Әлиев Бекмұратов Дәулетов Жүнісов Искаков Кенжебаев Қасымов Мамыров Нұрланов Оразбаев"
        " Өтегенов Сәдуақасов Темірханов Тілеуов Ұлықбеков Шәріпов Ыбыраев"
    ),
    _words("Айдос Алмас Бекзат Берік Дархан Ерлан Жандос Мақсат Нұржан Олжас Руслан Санжар Ілияс"),
    _words("Ақмарал Алия Аружан Балжан Бота Гаухар Дана Индира Камила Лаура Мөлдір Салтанат Шынар"),
    _words("Асқар Болат Ғани Ермек Жомарт Қайрат Марат Мұрат Нұрлан Сәкен Серік Талғат"),
    "ұлы",
    "қызы",
)
RUSSIANS = People(
    _words("Андреев Богданов Васильев Егоров Зайцев Козлов Лебедев Макаров Новиков Орлов Попов Тихонов"),
    _words("Алексей Борис Вадим Денис Игорь Константин Максим Роман Сергей Юрий"),
    _words("Анна Валентина Галина Дарья Елена Ирина Людмила Марина Наталья Татьяна"),
    _words("Александров Алексеев Андреев Борисов Викторов Иванов Михайлов Николаев Олегов Петров"),
    "ич",
    "на",
)
WOMEN_SHARE, KAZAKH_SHARE = 0.55, 0.7
OLDEST, YOUNGEST = date(1941, 1, 1), date(2006, 6, 1)
OPENING_HOUR, OPEN_MINUTES = 9, 480
DAYS = 360


def plant_regulars(organization: Organization, actor: User, now: datetime, count: int, number: int) -> list[Patient]:
    """Registers that many, spread over the last year; number: how many cards exist already."""
    chance = Random("regulars")
    registered: list[Patient] = []
    for place in range(count):
        card, at = _card(chance), _moment(organization, now, DAYS - place * (DAYS - 1) // count, chance)
        registered.append(Patient.register(organization.id, details_of(number + place, card), actor, at))
    return registered


def _moment(organization: Organization, now: datetime, days_ago: int, chance: Random) -> datetime:
    """A time in the opening hours of that day."""
    day = organization.today(now) - timedelta(days=days_ago)
    opening = datetime(day.year, day.month, day.day, OPENING_HOUR, tzinfo=organization.zone)
    return (opening + timedelta(minutes=chance.randrange(OPEN_MINUTES))).astimezone(UTC)


def _card(chance: Random) -> Card:
    people = KAZAKHS if chance.random() < KAZAKH_SHARE else RUSSIANS
    is_woman = chance.random() < WOMEN_SHARE
    family = chance.choice(people.families) + ("а" if is_woman else "")
    given = chance.choice(people.women if is_woman else people.men)
    middle = chance.choice(people.fathers) + (people.of_her if is_woman else people.of_him)
    born = OLDEST + timedelta(days=chance.randrange((YOUNGEST - OLDEST).days))
    return Card(Sex.FEMALE if is_woman else Sex.MALE, (family, given, middle), born, "")
