"""The measured servers, each started when a row first needs it and stopped at the end."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import psycopg

from bench.ageing import play_games
from bench.old_clinic import register_patients
from bench.sizes import Size
from bench.subjects.bare import Bare
from bench.subjects.channels import Channels
from bench.subjects.flask_generator import FlaskGenerator
from bench.subjects.nchan import Nchan
from bench.subjects.subject import Program, Subject
from bench.subjects.tablo import Tablo, prepare
from tests.support.parts import MissingPart
from tests.support.postgres import DURABLE, PostgresServer, running_postgres
from tests.support.private_folder import private_folder
from tests.support.process import DidNotStart
from tests.support.redis_server import RedisServer, running_redis

Running = TypeVar("Running", bound=Program)


class Stage:
    """`missing` maps each unavailable peer to the reason; the rows run without them."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.missing: dict[str, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.folder: Path = self._stack.enter_context(private_folder("bench"))
        self.folder.chmod(0o755)  # nginx's worker drops root
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def embedded(self) -> Tablo:
        return self._started(Tablo(self.folder, self._sqlite("tablo")))

    @cached_property
    def production(self) -> Tablo:
        return self._started(Tablo(self.folder, self._postgres_database("tablo"), self._redis.url))

    @cached_property
    def aged_embedded(self) -> Tablo:
        return self._aged(Tablo(self.folder, self._sqlite("aged")))

    @cached_property
    def aged_production(self) -> Tablo:
        return self._aged(Tablo(self.folder, self._postgres_database("aged"), self._redis.url))

    @cached_property
    def nchan(self) -> Subject | None:
        return self._peer("nchan", lambda: Nchan(self.folder, self._frame))

    @cached_property
    def channels(self) -> Subject | None:
        return self._peer("Channels + Daphne", lambda: Channels(self.folder, self._redis.url))

    @cached_property
    def flask_generator(self) -> Subject | None:
        return self._peer("Flask generator", lambda: FlaskGenerator(self.folder, self._redis, self._frame))

    @cached_property
    def bare_on_sqlite(self) -> Bare:
        return self._started(Bare(self.folder, f"sqlite:///{self.folder}/bare.db"))

    @cached_property
    def bare_on_postgres(self) -> Bare:
        return self._started(Bare(self.folder, self._postgres_database("bare")))

    def tablos(self) -> Sequence[Tablo]:
        return [self.embedded] if self.size.alone else [self.embedded, self.production]

    def bare_views(self) -> Sequence[Bare]:
        """Bare views on the databases of `tablos`."""
        return [self.bare_on_sqlite] if self.size.alone else [self.bare_on_sqlite, self.bare_on_postgres]

    def aged_tablos(self) -> Sequence[Tablo]:
        """Like `tablos`, but with years of matches."""
        return [self.aged_embedded] if self.size.alone else [self.aged_embedded, self.aged_production]

    def crowded_tablos(self) -> Sequence[Tablo]:
        """Like `tablos`, but with very many patients."""
        crowded = [self._crowded(Tablo(self.folder, self._sqlite("crowded")))]
        if not self.size.alone:
            address = self._postgres_database("crowded")
            crowded.append(self._crowded(Tablo(self.folder, address, self._redis.url)))
        return crowded

    def clinics(self) -> Sequence[tuple[str, str]]:
        """Databases with the demo clinic that no server uses: name and URL of each."""
        embedded = ("Tablo (SQLite)", self._sqlite("clinic"))
        return [embedded] if self.size.alone else [embedded, ("Tablo (PostgreSQL)", self._postgres_database("clinic"))]

    def postgres_version(self) -> str:
        with psycopg.connect(host=str(self._postgres.folder), user="tablo", dbname="postgres") as connection:
            return connection.info.parameter_status("server_version") or ""

    def redis_version(self) -> str:
        with self._redis.client() as client:
            return str(client.info("server")["redis_version"])

    def _sqlite(self, name: str) -> str:
        """The URL of a new database with the same demo data as every other."""
        shutil.copy(self._prepared, self.folder / f"{name}.db")
        return f"sqlite:///{self.folder}/{name}.db"

    def _postgres_database(self, name: str) -> str:
        self._postgres.create(name, template="prepared")
        return self._postgres.url(name)

    @cached_property
    def _prepared(self) -> Path:
        prepare(f"sqlite:///{self.folder}/prepared.db")
        return self.folder / "prepared.db"

    @cached_property
    def _frame(self) -> str:
        return self.embedded.frame()

    @cached_property
    def _redis(self) -> RedisServer:
        return self._stack.enter_context(running_redis())

    @cached_property
    def _postgres(self) -> PostgresServer:
        server = self._stack.enter_context(running_postgres(DURABLE))
        server.create("prepared")
        prepare(server.url("prepared"))
        return server

    def _peer(self, name: str, make: Callable[[], Subject]) -> Subject | None:
        if self.size.alone:
            return None
        try:
            return self._started(make())
        except (MissingPart, DidNotStart) as missing:
            self.missing[name] = str(missing).strip().splitlines()[-1]
            return None

    def _aged(self, tablo: Tablo) -> Tablo:
        play_games(tablo.database_url, self.size.games)
        return self._started(tablo)

    def _crowded(self, tablo: Tablo) -> Tablo:
        register_patients(tablo.database_url, self.size.cards)
        return self._started(tablo)

    def _started(self, program: Running) -> Running:
        self._stack.callback(program.stop)
        program.start()
        return program
