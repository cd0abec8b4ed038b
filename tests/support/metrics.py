"""The text of /metrics, read."""

Metrics = dict[str, float]


def read_metrics(text: str) -> Metrics:
    """The values by name with labels."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def total(metrics: Metrics, name: str) -> float:
    """The sum over all labels, unless `name` has some; 0 if absent."""
    return sum(value for each, value in metrics.items() if each == name or each.startswith(f"{name}{{"))
