"""nchan: publish/subscribe in C, inside nginx."""

import shutil
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic_ns

from bench.crowd import Stream
from bench.publishing import PATIENCE, Published, Refused
from bench.subjects.subject import Subject
from tests.support.parts import ROOT, MissingPart

UNPACKED = ROOT / ".cache" / "bench" / "nginx"
MODULE = "usr/lib/nginx/modules/ngx_nchan_module.so"
TEMPLATE = ROOT / "bench" / "peers" / "nchan.conf"


class Nchan(Subject):
    """Publishes the same frame as Tablo."""

    name = "nchan"

    def __init__(self, folder: Path, frame: str) -> None:
        program, module = installed()
        super().__init__(folder, [str(program), "-p", str(folder), "-c", f"{folder}/nchan-{{port}}.conf"])
        written = TEMPLATE.read_text().format(module=module, folder=folder, port=self.port)
        (folder / f"nchan-{self.port}.conf").write_text(written)
        self._frame = frame
        self._number = 0

    @property
    def stream(self) -> Stream:
        return Stream(self.port, "/stream", marker="data: change ")

    def publish(self) -> Published:
        self._number += 1
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.connect()
        requested = monotonic_ns()
        connection.request("POST", "/publish", f"change {self._number}\n{self._frame}".encode())
        status = connection.getresponse().status
        answered = monotonic_ns()
        connection.close()
        if status not in (201, 202):
            raise Refused(f"nchan: {status}")
        return Published(requested, requested, answered)


def installed() -> tuple[Path, Path]:
    """Paths of nginx and the module: installed ones, else those that `make bench` unpacked. Raises MissingPart."""
    places = [(Path(found), Path("/") / MODULE) for found in [shutil.which("nginx", path="/usr/sbin")] if found]
    places.append((UNPACKED / "usr/sbin/nginx", UNPACKED / MODULE))
    for program, module in places:
        if program.is_file() and module.is_file():
            return program, module
    raise MissingPart(
        "nginx with nchan is not here: Debian's nginx and libnginx-mod-nchan, which apt-get download brings"
    )
