"""The published vectors of the laws (rules/scoring/vectors), which other projects can run too."""

import json
from typing import Any

import pytest

from rules.scoring import sports
from rules.scoring.engine import State, fold
from rules.scoring.log import BadEntry, Entry, EntryKind, Side
from rules.scoring.play import AgainstTheLaw, MatchIsOver
from tests.rules.scoring.logs import service
from tests.support.parts import ROOT

FOLDER = ROOT / "rules" / "scoring" / "vectors"
FILES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
VECTORS = [pytest.param(each, id=f"{each['id']} {each['says']}") for file in FILES.values() for each in file["vectors"]]
REFUSED = {"over": MatchIsOver, "law": AgainstTheLaw, "entry": BadEntry}
OF_SERVICE = {"court": "court", "serve_number": "number", "rotation": "rotation"}
Vector = dict[str, Any]


def lines(log: list[Any]) -> list[Entry]:
    """A text is rallies by their winners, an object any other line; they are numbered from 1."""
    said = [each for step in log for each in (step if isinstance(step, str) else [step])]
    return [_entry(seq, each) for seq, each in enumerate(said, start=1)]


def _entry(seq: int, said: Any) -> Entry:
    if isinstance(said, str):
        return Entry(seq, EntryKind.RALLY, Side(said))
    rest = {name: value for name, value in said.items() if name not in ("kind", "side")}
    return Entry(seq, EntryKind(said["kind"]), Side(said["side"]) if "side" in said else None, **rest)


def state_of(vector: Vector, log: list[Any]) -> State:
    law = sports.LAWS[vector["ruleset"]].with_handicap(tuple(vector.get("handicap", (0, 0))))
    return fold(law, lines(log), Side(vector.get("first_server", "A")), pairs=vector.get("pairs", False))


def shown(state: State, field: str) -> Any:
    """A field of the vectors as JSON has it."""
    if field == "service":
        return service(state)
    value = getattr(state.service, OF_SERVICE[field]) if field in OF_SERVICE else getattr(state, field)
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_law_holds(vector: Vector) -> None:
    log = vector["log"]
    if "refused" in vector:
        with pytest.raises(REFUSED[vector["refused"]]):
            state_of(vector, log)
        return
    state = state_of(vector, log)
    assert {field: shown(state, field) for field in vector.get("after", {})} == vector.get("after", {})
    for field, expected in vector.get("along", {}).items():
        states = [state_of(vector, [*log[:-1], log[-1][:played]]) for played in range(len(log[-1]) + 1)]
        assert [shown(each, field) for each in states] == expected, field


def test_every_sport_has_its_vectors_and_each_expects_something() -> None:
    assert {file["sport"] for file in FILES.values()} == set(sports.SPORTS)
    assert {file["version"] for file in FILES.values()} == {1}
    for file in FILES.values():
        for vector in file["vectors"]:
            assert sports.LAWS[vector["ruleset"]].sport == file["sport"]
            assert {"after", "along", "refused"} & vector.keys()


def test_every_law_of_the_research_has_a_vector() -> None:
    wanted = {"TT": 11, "BD": 8, "TN": 7, "PD": 1, "PB": 3, "SQ": 3, "VB": 5}
    numbers = {f"{sport}{number}" for sport, most in wanted.items() for number in range(1, most + 1)}
    assert numbers <= {vector["id"] for file in FILES.values() for vector in file["vectors"]}
