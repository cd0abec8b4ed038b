"""Log formats: text in development, JSON in production. Records are identified by number, never by personal data."""

import json
import logging
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType

ExceptionInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class Words(logging.Formatter):
    """One readable line. Exceptions are logged by type and traceback, not by message: databases quote data in it."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  logging's own name
        kind, _, place = ei
        return "".join(format_tb(place)) + (kind.__name__ if kind else "")


class JsonLines(Words):
    """One JSON object per line: time, level, logger, message, exception, and the `extra={"fields": …}` of the call."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(log_format: str) -> None:
    """Gives the logger `tablo` its one handler, replacing any former one."""
    handler = logging.StreamHandler()
    words = Words("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if log_format == "json" else words)
    tablo = logging.getLogger("tablo")
    tablo.handlers = [handler]
    tablo.setLevel(logging.INFO)
