"""Finding cards that contain all of several text fragments, by an index of fragments instead of a full scan.

PostgreSQL has trigrams, and a separate index for one or two letters (the migration "search"). On SQLite, triggers
maintain a full-text table of trigrams, in which one or two letters are found as prefixes of longer terms.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    column,
    false,
    func,
    select,
    table,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.selectable import TableClause

from extensions import db

if TYPE_CHECKING:
    from models.clinic.patient import Patient

# The index holds every three consecutive letters.
WHOLE_TERM, PAIR = 3, 2
# A pair is rare if it is in fewer than a quarter of the cards, judged by the first thousand.
COMMON, SAMPLE = 4, 1000
# A short fragment that is in more cards than this is not looked up in the index.
MOST_OF_A_TERM = 20_000
FIRST_PRIVATE_LETTER = 0xE000
# PostgreSQL overestimates how many cards contain a fragment, so it would scan them all, or compile the statement first.
# Until the end of the transaction it uses an index wherever there is one.
_INSIST = select(*(func.set_config(name, "off", true()) for name in ("enable_seqscan", "enable_indexonlyscan", "jit")))
TRIGRAMS: TableClause = table("patient_trigram", column("rowid"), column("patient_trigram"))
TERMS: TableClause = table("patient_trigram_term", column("term"), column("doc"))


class _Place(GenericFunction[int]):
    """The position of a text in another, from 1; 0 if it is not there."""

    inherit_cache = True
    name = "strpos"


@compiles(_Place, "sqlite")
def _place_on_sqlite(place: _Place, compiler: SQLCompiler, **how: Any) -> str:
    return f"instr{compiler.process(place.clause_expr, **how)}"


def holding(
    searched: SQLColumnExpression[str], fragments: Collection[str | BindParameter[str]]
) -> list[ColumnElement[bool]]:
    """The plain condition, for scanning the cards in order."""
    return [_Place(searched, fragment) > 0 for fragment in fragments]


def with_text(card: "type[Patient]", organization_id: int, texts: list[str]) -> list[ColumnElement[bool]]:
    """Restricts a selection to cards with one of these texts of 3 or more letters, where LIKE would scan all cards."""
    return [card.id.in_(_matching(organization_id, [texts]))] if _is_sqlite() else []


def candidates(card: "type[Patient]", organization_id: int, fragments: Collection[str]) -> Select[int, str]:
    """(id, sort_key) of the organization's cards with all these fragments, unordered.

    fragments: as made by search_key, none empty. Takes microseconds for each match.
    """
    found, own = select(card.id, card.sort_key), card.organization_id == organization_id
    long = [fragment for fragment in fragments if len(fragment) >= WHOLE_TERM]
    short = [fragment for fragment in fragments if len(fragment) < WHOLE_TERM]
    if _is_sqlite():
        return found.where(*_in_full_text(card, organization_id, long, short))
    db.session.execute(_INSIST)
    rare = [fragment for fragment in short if not long or _is_rare_pair(card, organization_id, fragment)]
    among = type_coerce(func.short_fragments(card.search_text), ARRAY(Text)).contains(rare)
    others = holding(card.search_text, [fragment for fragment in short if fragment not in rare])
    return found.where(own, *map(card.search_text.contains, long), *([among] if rare else []), *others)


def _is_rare_pair(card: "type[Patient]", organization_id: int, fragment: str) -> bool:
    """Whether it pays to look up a pair in PostgreSQL's index when it is combined with a whole term."""
    if len(fragment) < PAIR:
        return False
    some = select(card.search_text).where(card.organization_id == organization_id).limit(SAMPLE).subquery()
    times = select(func.count()).select_from(some).where(*holding(some.c.search_text, [fragment]))
    return (db.session.scalar(times) or 0) * COMMON < SAMPLE


def _in_full_text(
    card: "type[Patient]", organization_id: int, long: list[str], short: list[str]
) -> list[ColumnElement[bool]]:
    """The conditions on SQLite. Common short fragments are searched for in the text of the cards with the others."""
    terms = {fragment: _terms(fragment) for fragment in short if not long or len(fragment) == PAIR}
    asked = [*([fragment] for fragment in long), *(found for found in terms.values() if found is not None)]
    others = holding(card.search_text, [fragment for fragment in short if terms.get(fragment) is None])
    # Without a condition on the organization, or SQLite would scan all its cards instead of looking up these few.
    own = card.id.in_(_matching(organization_id, asked)) if asked else card.organization_id == organization_id
    return [own, *others]


def _terms(fragment: str) -> list[str] | None:
    """The terms of SQLite's index that begin with the fragment; None if they occur in very many cards.

    They are read one by one, because counting the cards of a common term is expensive.
    """
    after = fragment[:-1] + chr(ord(fragment[-1]) + 1)
    terms, left = [], MOST_OF_A_TERM
    beginning = select(TERMS.c.term, TERMS.c.doc).where(TERMS.c.term >= fragment, TERMS.c.term < after)
    with db.session.execute(beginning) as rows:
        for term, cards in rows:
            left -= cards
            if left < 0:
                return None
            terms.append(term)
    return terms


def _matching(organization_id: int, alternatives: Collection[list[str]]) -> Select[int]:
    """Cards in SQLite's index with one term of each of these lists."""
    ours = _quoted(_letters_of(organization_id))
    asked = [f"({' OR '.join(map(_quoted, terms))})" for terms in alternatives]
    match = TRIGRAMS.c.patient_trigram.op("MATCH")(" AND ".join([ours, *asked]))
    return select(TRIGRAMS.c.rowid).where(match if all(alternatives) else false())


def _letters_of(organization_id: int) -> str:
    """Three letters that occur in no text; the triggers write them before every card of the organization."""
    digits = (organization_id // 1_000_000, organization_id // 1000 % 1000, organization_id % 1000)
    return "".join(chr(FIRST_PRIVATE_LETTER + digit) for digit in digits)


def _quoted(term: str) -> str:
    return f'"{term}"'


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
