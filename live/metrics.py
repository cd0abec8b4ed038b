"""What the live core counts, per process, in Prometheus' own words."""

from prometheus_client import Counter, Gauge

LISTENERS = Gauge("tablo_listeners", "Open streams in this process")
OPENED = Counter("tablo_streams_opened", "Streams opened, by door: accept, view or iterator", ["door"])
TURNED_AWAY = Counter("tablo_streams_turned_away", "Streams asked to come again, since there was no room")
