"""Which cards hold every one of some fragments, asked of an index of fragments instead of every card.

PostgreSQL has trigrams, and an index of its own for one or two letters (the migration "search"). On SQLite triggers
keep a full-text table of trigrams, where one or two letters are what longer terms begin with.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, column, false, func, select, table, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import TableClause

from extensions import db

if TYPE_CHECKING:
    from models.clinic.patient import Patient

# The index has each three letters that stand in a row.
WHOLE_TERM, PAIR = 3, 2
# A short fragment is common where it is in more than one card of twenty; the first few thousand tell.
COMMON, SAMPLE = 20, 4000
FIRST_PRIVATE_LETTER = 0xE000
TRIGRAMS: TableClause = table("patient_trigram", column("rowid"), column("patient_trigram"))
TERMS: TableClause = table("patient_trigram_term", column("term"), column("doc"))


def holding(searched: SQLColumnExpression[str], fragments: Collection[str]) -> list[ColumnElement[bool]]:
    """The plain condition, true of what it is asked about, for a walk through the cards in their order."""
    place = func.instr if _is_sqlite() else func.strpos
    return [place(searched, fragment) > 0 for fragment in fragments]


def with_text(card: "type[Patient]", organization_id: int, texts: list[str]) -> list[ColumnElement[bool]]:
    """Narrows a choice to cards with one of these texts of three letters or more, where LIKE would ask every card."""
    return [card.id.in_(_matching(organization_id, [texts]))] if _is_sqlite() else []


def candidates(card: "type[Patient]", organization_id: int, fragments: Collection[str], limit: int) -> Select[int, str]:
    """At most so many (id, sort_key) of the organization's cards with all these fragments, in no order.

    fragments: as search_key makes them, none empty. Soon answered, unless the cards are many more than the limit.
    """
    found = select(card.id, card.sort_key)
    own = found.where(card.organization_id == organization_id)
    if not _is_sqlite():
        return own.where(*(_holds(card, organization_id, fragment) for fragment in fragments)).limit(limit)
    is_narrowed = any(len(fragment) >= WHOLE_TERM for fragment in fragments)
    asked = {fragment: _terms(fragment, limit, is_narrowed) for fragment in fragments}
    common = holding(card.search_text, [fragment for fragment, terms in asked.items() if terms is None])
    rare = [terms for terms in asked.values() if terms is not None]
    if not rare:
        return own.where(*common).limit(limit)
    matching = _matching(organization_id, rare)
    # Not asked for the organization once more, or SQLite walks through all its cards instead of to these few.
    return found.where(card.id.in_(matching if common else matching.limit(limit)), *common).limit(limit)


def _holds(card: "type[Patient]", organization_id: int, fragment: str) -> ColumnElement[bool]:
    """What PostgreSQL is asked; left to itself it would rather cut every card into fragments than use the index."""
    if len(fragment) >= WHOLE_TERM:
        return card.search_text.contains(fragment)
    [plain] = holding(card.search_text, [fragment])
    some = select(card.search_text).where(card.organization_id == organization_id).limit(SAMPLE).subquery()
    times = select(func.count()).select_from(some).where(func.strpos(some.c.search_text, fragment) > 0)
    if (db.session.scalar(times) or 0) * COMMON > SAMPLE:
        return plain
    return type_coerce(func.short_fragments(card.search_text), ARRAY(Text)).contains([fragment])


def _terms(fragment: str, enough: int, is_narrowed: bool) -> list[str] | None:
    """What to look for in SQLite's index for it; None for a short one that is in more cards than are wanted.

    The terms are read one by one: counting the cards of a common one is what costs. Beside a whole term the few dozen
    of a pair are soon met; to read the text of all cards with the whole one takes ten times as long.
    """
    if len(fragment) >= WHOLE_TERM:
        return [fragment]
    after = fragment[:-1] + chr(ord(fragment[-1]) + 1)
    terms = []
    beginning = select(TERMS.c.term, TERMS.c.doc).where(TERMS.c.term >= fragment, TERMS.c.term < after)
    with db.session.execute(beginning) as rows:
        for term, cards in rows:
            if cards > enough and not (is_narrowed and len(fragment) == PAIR):
                return None
            terms.append(term)
    return terms


def _matching(organization_id: int, alternatives: Collection[list[str]]) -> Select[int]:
    """Cards of SQLite's index with one of each of these lists."""
    ours = _quoted(_letters_of(organization_id))
    asked = [f"({' OR '.join(map(_quoted, terms))})" for terms in alternatives]
    match = TRIGRAMS.c.patient_trigram.op("MATCH")(" AND ".join([ours, *asked]))
    return select(TRIGRAMS.c.rowid).where(match if all(alternatives) else false())


def _letters_of(organization_id: int) -> str:
    """Three letters that are in no text, as the triggers write them before every card of the organization."""
    digits = (organization_id // 1_000_000, organization_id // 1000 % 1000, organization_id % 1000)
    return "".join(chr(FIRST_PRIVATE_LETTER + digit) for digit in digits)


def _quoted(term: str) -> str:
    return f'"{term}"'


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
