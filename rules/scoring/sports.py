"""All supported sports, their formats, and every law by its code."""

from collections.abc import Mapping

from rules.scoring.badminton import BADMINTON
from rules.scoring.padel import PADEL
from rules.scoring.pickleball import PICKLEBALL
from rules.scoring.ruleset import Format, Ruleset, Sport
from rules.scoring.squash import SQUASH
from rules.scoring.table_tennis import TABLE_TENNIS
from rules.scoring.tennis import TENNIS
from rules.scoring.volleyball import VOLLEYBALL

SPORTS: Mapping[str, Sport] = {
    sport.code: sport for sport in (TABLE_TENNIS, BADMINTON, TENNIS, PADEL, PICKLEBALL, SQUASH, VOLLEYBALL)
}
FORMATS: Mapping[str, Format] = {each.law.format: each for sport in SPORTS.values() for each in sport.formats}
LAWS: Mapping[str, Ruleset] = {law.code: law for sport in SPORTS.values() for law in sport.laws()}
