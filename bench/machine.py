"""The machine and the versions of a run."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib import metadata
from pathlib import Path

from bench.stage import Stage
from bench.subjects import channels, nchan

OURS = ("Flask", "SQLAlchemy", "gunicorn", "gevent", "psycopg", "redis")
THEIRS = ("channels", "daphne", "channels-redis", "Django", "Twisted")


def hardware() -> dict[str, str]:
    """Processor, memory and kernel."""
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "processor": f"{processor[1] if processor else platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{int(memory[1]) / 2**20:.0f} GB" if memory else "unknown",
        "kernel": f"Linux {platform.release().partition('-')[0]}",
    }


def versions(stage: Stage) -> dict[str, str]:
    """Of everything that was started."""
    ours = ", ".join(f"{name} {metadata.version(name)}" for name in OURS)
    found = {"Tablo on": f"Python {platform.python_version()}, {ours}", "SQLite": sqlite3.sqlite_version}
    if not stage.size.alone:
        found |= {"PostgreSQL": stage.postgres_version(), "Redis": stage.redis_version()}
    if stage.nchan:
        found["nchan"] = _nchan()
    if stage.channels:
        found["Channels + Daphne"] = _channels()
    return found


def _nchan() -> str:
    program, module = nchan.installed()
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    version = re.search(rb"\0(1\.\d+\.\d+)\0", module.read_bytes())
    return f"{version[1].decode() if version else 'of unknown version'} in nginx {said.strip().rpartition('/')[2]}"


def _channels() -> str:
    installed = {
        each.metadata["Name"].lower(): each.version for each in metadata.distributions(path=[str(channels.PACKAGES)])
    }
    return ", ".join(f"{name} {installed[name.lower()]}" for name in THEIRS)
