"""Where everything is measured: the servers, each started when a row first asks for it and stopped at the end."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

from bench.ageing import play_games
from bench.sizes import Size
from bench.subjects.bare import Bare
from bench.subjects.channels import Channels
from bench.subjects.flask_generator import FlaskGenerator
from bench.subjects.nchan import Nchan
from bench.subjects.subject import Program, Subject
from bench.subjects.tablo import Tablo
from tests.support.parts import MissingPart
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.private_folder import private_folder
from tests.support.process import DidNotStart
from tests.support.redis_server import RedisServer, running_redis

Running = TypeVar("Running", bound=Program)


class Stage:
    """`missing` says which peers could not be had, and why: the rows go on without them."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.missing: dict[str, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.folder: Path = self._stack.enter_context(private_folder("bench"))
        self.folder.chmod(0o755)  # nginx's worker gives root up
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def embedded(self) -> Tablo:
        return self._started(Tablo(self.folder, f"sqlite:///{self.folder}/tablo.db"))

    @cached_property
    def production(self) -> Tablo:
        return self._started(Tablo(self.folder, self.postgres_database("tablo"), self._redis.url))

    @cached_property
    def aged_embedded(self) -> Tablo:
        return self._aged(Tablo(self.folder, f"sqlite:///{self.folder}/aged.db"))

    @cached_property
    def aged_production(self) -> Tablo:
        return self._aged(Tablo(self.folder, self.postgres_database("aged"), self._redis.url))

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
        return self._started(Bare(self.folder, self.postgres_database("bare")))

    def tablos(self) -> Sequence[Tablo]:
        return [self.embedded, self.production]

    def postgres_database(self, name: str) -> str:
        """The address of a new, empty database."""
        self._postgres.create(name)
        return self._postgres.url(name)

    @cached_property
    def _frame(self) -> str:
        return self.embedded.frame()

    @cached_property
    def _redis(self) -> RedisServer:
        return self._stack.enter_context(running_redis())

    @cached_property
    def _postgres(self) -> PostgresServer:
        return self._stack.enter_context(running_postgres())

    def _peer(self, name: str, make: Callable[[], Subject]) -> Subject | None:
        if not self.size.peers:
            return None
        try:
            return self._started(make())
        except (MissingPart, DidNotStart) as missing:
            self.missing[name] = str(missing).strip().splitlines()[-1]
            return None

    def _aged(self, tablo: Tablo) -> Tablo:
        tablo.prepare()
        play_games(tablo.database_url, self.size.games)
        return self._started(tablo)

    def _started(self, program: Running) -> Running:
        self._stack.callback(program.stop)
        program.start()
        return program
