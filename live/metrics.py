"""The live core's metrics, per process, for Prometheus. docs/live.md describes each name."""

from collections import Counter
from collections.abc import Iterator
from time import sleep, time

from prometheus_client import Histogram
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from live.hub import Hub

LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
LOOP_LAG = Histogram("tablo_loop_lag_seconds", "How late the event loop wakes a sleeper", buckets=LAG_BUCKETS)
LOOK_SECONDS = 0.1
DOORS = ("accept", "view", "iterator")
RESUMES = ("none", "tail", "everything")


def measure_loop_lag() -> None:
    """For a greenlet of its own: measures how late it is woken."""
    while True:
        asleep = time()
        sleep(LOOK_SECONDS)
        LOOP_LAG.observe(max(0.0, time() - asleep - LOOK_SECONDS))


class LiveMetrics:
    """Reads a hub's tally when scraped, so that counting costs nothing in between."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        tally = self._hub.tally
        yield GaugeMetricFamily("tablo_listeners", "Open streams", self._hub.count())
        yield self._by_view()
        yield GaugeMetricFamily("tablo_drain_left", "Open streams of a process that stops", self._hub.drain_left())
        yield _by("tablo_streams_opened", "Streams opened", "door", tally.opened, DOORS)
        yield _by("tablo_streams_resumed", "What those who opened were sent first", "sent", tally.resumed, RESUMES)
        for name, says, count in (
            ("tablo_streams_turned_away", "Asked to come again, since there was no room", tally.turned_away),
            ("tablo_streams_refused", "Refused with 401 or 404", tally.refused),
            ("tablo_streams_no_longer_permitted", "Ended, since a right was withdrawn", tally.no_longer_permitted),
            ("tablo_streams_stalled", "Closed, since they took nothing for too long", tally.stalled),
            ("tablo_gaps", "Announcements that came after a lost one", tally.gaps),
            ("tablo_found_by_check", "Topics whose news only the periodic check found", tally.found_by_check),
            ("tablo_resubscriptions", "Channels that were lost and subscribed again", tally.resubscriptions),
            ("tablo_conflated", "News that came to a listener with something unsent", tally.conflated),
        ):
            yield CounterMetricFamily(name, says, count)

    def _by_view(self) -> Metric:
        family = GaugeMetricFamily("tablo_listeners_by_view", "Open streams", labels=("topic", "view"))
        for (topic, view), count in self._hub.count_by_view().items():
            family.add_metric((topic, view), count)
        return family


def _by(name: str, says: str, label: str, counts: Counter[str], values: tuple[str, ...]) -> Metric:
    """Includes values that have not occurred yet: a series that appears later has no rate."""
    family = CounterMetricFamily(name, says, labels=(label,))
    for value in values:
        family.add_metric((value,), counts[value])
    return family
