"""Whatever happens to processes, database, bus and connections: everybody ends at the truth and never goes back."""

from itertools import islice

import pytest

from tests.live.simulator.drill import broken_promises
from tests.live.simulator.mutations import MUTATIONS
from tests.live.simulator.storm import play

SEEDS = 2_000
AT_ONCE = 125
# A broken rule may need a coincidence that is rare; the first storm that notices it is enough.
SEEDS_FOR_ONE_RULE = 10_000


@pytest.mark.parametrize("first", range(1, SEEDS + 1, AT_ONCE))
def test_every_storm_is_survived(first: int) -> None:
    failed = {seed: str(broken) for seed, broken in broken_promises(range(first, first + AT_ONCE))}
    assert failed == {}, f"`make drill SEEDS={min(failed)}` tells how"


@pytest.mark.parametrize("broken_rule", MUTATIONS)
def test_a_broken_rule_is_noticed(broken_rule: str) -> None:
    with MUTATIONS[broken_rule]():
        noticed = list(islice(broken_promises(range(1, SEEDS_FOR_ONE_RULE + 1)), 1))
    assert noticed


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_seed_is_always_the_same_storm(seed: int) -> None:
    once: list[str] = []
    again: list[str] = []
    play(seed, once.append)
    play(seed, again.append)
    assert len(once) > 50
    assert once == again
