"""`make drill SEEDS=FROM-TO` plays these storms; `make drill SEEDS=17` tells one of them step by step."""

from time import monotonic

import click

from tests.live.simulator.drill import broken_promises
from tests.live.simulator.storm import play


@click.command()
@click.argument("seeds")
def main(seeds: str) -> None:
    """SEEDS is one seed or FROM-TO."""
    first, _, last = seeds.partition("-")
    if not last:
        play(int(first), click.echo)
        return
    began, failed = monotonic(), 0
    for seed, broken in broken_promises(range(int(first), int(last) + 1)):
        failed += 1
        click.echo(f"seed {seed}: {broken}; `make drill SEEDS={seed}` tells how")
    seconds, count = monotonic() - began, int(last) - int(first) + 1
    click.echo(f"{count} storms in {seconds:.1f} s, {failed} not survived")
    raise SystemExit(failed > 0)


main()
