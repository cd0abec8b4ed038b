"""Processor time and memory of a server's processes, as counted by the kernel."""

import re
from pathlib import Path
from time import monotonic, sleep

PAGE = 4096
MOMENT = 0.1
IDLE = 0.05
PATIENCE = 10.0


def family(process: int) -> list[int]:
    """The process with all its descendants."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in listed for each in family(int(child)))]


def processor_milliseconds(process: int) -> float:
    """Processor time since the start, of the process, its descendants and all their threads."""
    schedules = [path for each in family(process) for path in Path(f"/proc/{each}/task").glob("*/schedstat")]
    return sum(int(path.read_text().split()[0]) for path in schedules) / 1e6


def wait_until_idle(process: int) -> None:
    """Returns when the processes have been nearly idle for a moment, or after a timeout."""
    deadline = monotonic() + PATIENCE
    before = processor_milliseconds(process)
    while monotonic() < deadline:
        sleep(MOMENT)
        now = processor_milliseconds(process)
        if now - before < IDLE * MOMENT * 1000:
            return
        before = now


def memory(process: int) -> int:
    """Bytes of the process and its descendants, shared memory counted proportionally (PSS)."""
    rolled = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in family(process)]
    return sum(int(found) * 1024 for text in rolled for found in re.findall(r"^Pss:\s+(\d+) kB", text, re.M))


def kernel_memory() -> int:
    """Bytes of kernel objects (slab) and TCP buffers, of the whole machine."""
    slab = re.search(r"^Slab:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    pages = re.search(r"^TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text(), re.M)
    return (int(slab[1]) * 1024 if slab else 0) + (int(pages[1]) * PAGE if pages else 0)
