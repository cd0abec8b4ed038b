"""What a drill has shown, as tables for people and for docs/live.md."""

from tests.faults.changes import Work
from tests.faults.drill import Drill, Endured, Kept
from tests.faults.figures import Spread

HEAD = (
    "| killed | away, s | streams cut | everybody shows the newest, s after its end: first / median / last "
    "| most returns in 1 s |\n|---|---|---|---|---|"
)


def report(drill: Drill, before: dict[str, Kept], after: dict[str, Kept], returns: int) -> str:
    """Markdown; `returns` of the rolling restart, `before` and `after` of the live processes."""
    load, course = drill.house.load, drill.course()
    lines = [
        f"{load.listeners} listeners of {load.clubs} clubs, and two who hardly read.",
        *_changes(*drill.work()),
        "",
        HEAD,
        *(_fault(endured) for endured in drill.endured),
        "",
        f"From a change to a listener, in calm seconds: {_milliseconds(drill.delays())}.",
        f"Rolling restart: at most {returns / load.listeners:.1%} of the listeners returned in one second.",
        f"Heard in a wrong order: {course.faults or 'nothing'}. Refused: {dict(+course.refusals) or 'nobody'}.",
        *(f"{name}: {_kept(before[name])} before, {_kept(after[name])} when all had left." for name in after),
        *(_slow(*place) for place in drill.audience.ask("places") if place[-1] is not None),
    ]
    return "\n".join(lines)


def _changes(corrector: Work, scorer: Work) -> list[str]:
    return [
        f"Corrections through the models: {corrector.done}, tried again {corrector.repeated} times.",
        f"Taps over HTTP: {scorer.done}, tried again {scorer.repeated} times.",
    ]


def _fault(endured: Endured) -> str:
    shown = endured.converged
    figures = f"{shown.least:.2f} / {shown.middle:.2f} / {shown.most:.2f}"
    return f"| {endured.name} | {endured.away:.1f} | {endured.cut} | {figures} | {endured.returns} |"


def _milliseconds(delays: Spread) -> str:
    figures = (
        f"median {delays.middle * 1000:.0f}, p99 {delays.ninety_ninth * 1000:.0f}, longest {delays.most * 1000:.0f} ms"
    )
    return f"{figures}, of {delays.count} deliveries"


def _kept(kept: Kept) -> str:
    return f"{kept.listeners:.0f} streams, {kept.files:.0f} files, {kept.megabytes:.0f} MB"


def _slow(topic: str, cursor: int, order: tuple[int, int], pace: int | None) -> str:
    return f"Who read {pace} bytes a second of {topic}: at id {cursor}, content {order}."
