"""Whether an imported row and a card are the same person: by IIN, by names and birth date, by phone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.iin import is_whole
from rules.names import search_key


@dataclass(frozen=True, slots=True)
class Known:
    """A known person. number: of the card or the row; text: search_key of family, given, ….

    is_row: whether it is an earlier row of the table and not a card.
    """

    number: int
    text: str
    middle_name: str = ""
    birth_date: date | None = None
    iin: str = ""
    phone_key: str = ""
    is_row: bool = False


class Likeness(StrEnum):
    """What a row shares with known people. Different people cannot have the same phone or IIN."""

    SAME = "same"
    PHONE = "phone"
    IIN = "iin"


class People:
    """All known people, indexed for comparison with the next row."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_iin: dict[str, Known] = {}
        self._by_phone: dict[str, Known] = {}
        self._by_names: defaultdict[str, list[Known]] = defaultdict(list)
        for each in known:
            self.add(each)

    def add(self, known: Known) -> None:
        if known.iin:
            self._by_iin[known.iin] = known
        if known.phone_key:
            self._by_phone[known.phone_key] = known
        self._by_names[_two_words(known.text)].append(known)

    def like(self, family: str, given: str, row: Known) -> tuple[Likeness, Known] | None:
        """Who is the same person, or has the row's IIN or phone; family, given: the row's names."""
        holder = self._by_iin.get(row.iin)
        if holder and is_whole(row.iin):
            return Likeness.SAME if _may_be_one(holder, row, family, given) else Likeness.IIN, holder
        found = self._like_by_names(family, given, row)
        return found or ((Likeness.IIN, holder) if holder else None)

    def _like_by_names(self, family: str, given: str, row: Known) -> tuple[Likeness, Known] | None:
        orders = (search_key(f"{family} {given}"), search_key(f"{given} {family}"))
        namesakes = list(self._namesakes(orders))
        same = next((each for each in namesakes if each.birth_date and each.birth_date == row.birth_date), None)
        caller = self._by_phone.get(row.phone_key)
        if caller and not same:
            is_same = caller in namesakes and not _differ(caller.birth_date, row.birth_date)
            return Likeness.SAME if is_same else Likeness.PHONE, caller
        same = same or next((each for each in namesakes if not _told_apart(each, row)), None)
        return (Likeness.SAME, same) if same else None

    def _namesakes(self, orders: Iterable[str]) -> Iterator[Known]:
        for names in dict.fromkeys(orders):
            for each in self._by_names.get(_two_words(names), ()):
                if f"{each.text} ".startswith(f"{names} "):
                    yield each


def _may_be_one(holder: Known, row: Known, family: str, given: str) -> bool:
    """With one IIN a name may differ or a date be missing, but not both names and the date."""
    shares_name = any(f" {search_key(name)} " in f" {holder.text} " for name in (family, given))
    return shares_name or (holder.birth_date is not None and holder.birth_date == row.birth_date)


def _told_apart(one: Known, other: Known) -> bool:
    """Namesakes without other distinguishing data count as one person, not two."""
    return any(
        (
            _differ(one.birth_date, other.birth_date),
            _differ(one.iin, other.iin),
            _differ(one.phone_key, other.phone_key),
            _differ(search_key(one.middle_name), search_key(other.middle_name)),
        )
    )


def _differ(one: object, other: object) -> bool:
    return bool(one and other and one != other)


def _two_words(text: str) -> str:
    return " ".join(text.split(" ", 2)[:2])
