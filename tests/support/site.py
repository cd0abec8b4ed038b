"""Tablo as deployed by deploy/: nginx with deploy's own file, and behind it processes for pages and for streams.

Only what is specific to a machine is replaced in the file: names, ports, folders, the certificate.
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

import trustme

from tests.support.metrics import read_metrics, total
from tests.support.nginx import TEMPORARY, Nginx
from tests.support.parts import ROOT
from tests.support.private_folder import private_folder
from tests.support.server import Server, free_port

PATIENCE = 20
STREAMS_OF_AN_ADDRESS = 20
CONFIGURATION = ROOT / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Answer:
    """A response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    text: str


class Process(Server):
    """One gunicorn of the site, on a unix socket in its own folder; `name` is web-1, live-1, …"""

    def __init__(self, folder: Path, name: str, database_url: str, redis_url: str, **settings: str) -> None:
        self.name = name
        self.socket = folder / "run" / name / "socket"
        self.socket.parent.mkdir(parents=True)
        proxied = {"BIND": f"unix:{self.socket}", "TRUSTED_PROXIES": "1", "SECURE_COOKIES": "on", **settings}
        super().__init__(folder, database_url, redis_url, **proxied)

    def metric(self, name: str) -> float:
        """One of its metrics, summed over all labels unless `name` has some; 0 if absent."""
        return total(read_metrics(_read(_UnixConnection(self.socket), "/metrics", {}).text), name)

    def _is_ready(self) -> bool:
        try:
            return _read(_UnixConnection(self.socket), "/readyz", {}).status == 200
        except OSError:
            return False


class SiteStream:
    """An open stream through the site; `receives` waits for a text and raises OSError if it does not come."""

    def __init__(self, connection: HTTPConnection, path: str, headers: dict[str, str]) -> None:
        self._connection = connection
        self.text = ""
        connection.request("GET", path, headers=headers)
        self.answer: HTTPResponse = connection.getresponse()

    def receives(self, words: str) -> bool:
        """Reads until the text comes; False if the stream ends first."""
        while words not in self.text:
            piece = self.answer.read1(65536)
            if not piece:
                return False
            self.text += piece.decode()
        return True

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


class Site:
    """The whole site: `web` and two `live` processes, with `nginx` in front. `url` is for browsers."""

    def __init__(self, folder: Path, database_url: str, redis_url: str, **settings: str) -> None:
        authority = trustme.CA()
        self._trust = ssl.create_default_context()
        authority.configure_trust(self._trust)
        authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "certificate.pem")
        port, self.plain_port, self.metrics_port = free_port(), free_port(), free_port()
        self.url = f"https://localhost:{port}"
        self.nginx = Nginx(folder, self._configuration(folder, port), port)
        self.web = Process(folder, "web-1", database_url, redis_url, **settings)
        self.live = [Process(folder, f"live-{number}", database_url, redis_url, **settings) for number in (1, 2)]
        self._folder = folder
        self._streams: list[SiteStream] = []

    def start(self) -> None:
        for each in (self.web, *self.live):
            each.start()
        self.nginx.start()

    def kill(self) -> None:
        self.nginx.kill()
        for each in (self.web, *self.live):
            each.kill()

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request on its own connection."""
        return _read(self._connection(), path, headers, method)

    def listen(self, path: str, **headers: str) -> SiteStream:
        """Opens a stream."""
        self._streams.append(SiteStream(self._connection(), path, headers))
        return self._streams[-1]

    def close_streams(self) -> None:
        """Closes every stream that this object opened."""
        while self._streams:
            self._streams.pop().close()

    def listeners(self) -> float:
        """The number of streams counted by those live processes that respond."""
        return sum(each.metric("tablo_listeners") for each in self.live)

    def logs(self) -> str:
        """All of nginx's logs."""
        return self.nginx.log() + "".join(path.read_text() for path in self._folder.glob("logs/*"))

    def _connection(self) -> HTTPConnection:
        return HTTPSConnection("localhost", self.nginx.port, timeout=PATIENCE, context=self._trust)

    def _configuration(self, folder: Path, port: int) -> str:
        (folder / "logs").mkdir()
        temporary = "".join(f"  {name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
        return placed(
            {
                "user www-data;": "user root;",
                "/run/nginx.pid": f"{folder}/nginx.pid",
                "/var/log/nginx/": f"{folder}/logs/",
                "worker_rlimit_nofile 131072;": "",
                "worker_connections 65536;": "worker_connections 1024;",
                "limit_conn streams 1000;": f"limit_conn streams {STREAMS_OF_AN_ADDRESS};",
                "http {\n": "http {\n" + temporary,
                "/run/tablo/": f"{folder}/run/",
                "/srv/tablo/current": str(ROOT),
                "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
                "listen [::]:80;": "",
                "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
                "listen [::]:443 ssl http2;": "",
                "listen 127.0.0.1:9180;": f"listen 127.0.0.1:{self.metrics_port};",
                "/etc/letsencrypt/live/tablo.example/fullchain.pem": f"{folder}/certificate.pem",
                "/etc/letsencrypt/live/tablo.example/privkey.pem": f"{folder}/certificate.pem",
                "tablo.example": "localhost",
            }
        )


@contextmanager
def running_site(database_url: str, redis_url: str, **settings: str) -> Iterator[Site]:
    """Starts the site; raises MissingPart without nginx, DidNotStart with the end of a log."""
    with private_folder("site") as folder, ExitStack() as stack:
        site = Site(folder, database_url, redis_url, **settings)
        stack.callback(site.kill)
        site.start()
        yield site


def placed(words: dict[str, str]) -> str:
    """deploy/nginx.conf with these strings replaced, each of which must occur."""
    text = CONFIGURATION.read_text()
    for own, ours in words.items():
        assert own in text, f"deploy/nginx.conf has no {json.dumps(own)}"
        text = text.replace(own, ours)
    return text


class _UnixConnection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket(AF_UNIX, SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))


def _read(connection: HTTPConnection, path: str, headers: dict[str, str], method: str = "GET") -> Answer:
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, fields, answer.read().decode())
    finally:
        connection.close()
