"""The text of Server-Sent Events (WHATWG HTML 9.2)."""


def message(data: str, *, event: str = "", version: int | None = None, retry: int | None = None) -> bytes:
    """One event. retry is in milliseconds; version becomes the id that a reconnecting client sends back."""
    lines = []
    if retry is not None:
        lines.append(f"retry: {retry}")
    if version is not None:
        lines.append(f"id: {version}")
    if event:
        lines.append(f"event: {event}")
    lines.extend(f"data: {line}" for line in data.splitlines() or [""])
    return ("\n".join(lines) + "\n\n").encode()


def returning(retry: int) -> bytes:
    """Prefix to a message: after how many milliseconds to reconnect when the stream has ended."""
    return b"retry: %d\n" % retry


def position(version: int) -> bytes:
    """Advances the client's last event id without an event, for a change that its view does not show."""
    return f"id: {version}\n\n".encode()


def read_cursor(typed: str | None) -> int | None:
    """The version a client says it has; None if missing or malformed."""
    if typed is None or not typed.isascii() or not typed.isdigit() or len(typed) > 18:
        return None
    return int(typed)
