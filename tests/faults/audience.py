"""All listeners of a drill in one process, on one epoll."""

import heapq
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP, epoll
from time import monotonic

from tests.faults.figures import Deliveries
from tests.faults.listener import Listener, Refused
from tests.faults.said import Board, Order

CONNECTS_A_SECOND = 400
GONE = EPOLLHUP | EPOLLERR | EPOLLRDHUP
TOLD = 5


@dataclass(frozen=True)
class Seats:
    """A number of listeners to one topic in one view from a version on; pace as in Listener."""

    topic: str
    view: str
    since: int
    listeners: int
    pace: int | None = None


@dataclass
class Course:
    """The listeners' record so far: the times of reconnects, the number of ended streams, the responses that were
    not streams, and the errors in what they received."""

    returns: "array[float]" = field(default_factory=lambda: array("d"))
    cuts: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Audience:
    """Runs in a separate process, see colleague.py. Slow listeners are excluded from all figures and goals."""

    def __init__(self, port: int, seats: list[Seats]) -> None:
        self._port = port
        self._course = Course()
        self._boards: list[Board] = []
        self._listeners: list[Listener] = []
        self._by_socket: dict[int, Listener] = {}
        self._due: list[tuple[float, int]] = []
        self._goals: dict[str, Order] = {}
        self._reached: dict[int, float] = {}
        self._epoll = epoll()
        self._next_look = monotonic()
        for each in seats:
            self._seat(each)

    def work(self, pipe: Connection) -> None:
        """Listens until a call arrives."""
        self._epoll.register(pipe.fileno(), EPOLLIN)
        try:
            while True:
                for number, event in self._epoll.poll(0.05):
                    if number == pipe.fileno():
                        return
                    self._attend(self._by_socket[number], event)
                self._keep_time(monotonic())
        finally:
            self._epoll.unregister(pipe.fileno())

    def open_streams(self) -> int:
        return sum(listener.is_open for listener in self._listeners)

    def aim(self, goals: Mapping[str, Order]) -> None:
        """Sets the target: a listener has arrived when it is connected and shows at least this state of its topic."""
        self._goals, self._reached = dict(goals), {}
        for listener in self._listeners:
            self._note_arrival(listener, monotonic())

    def missing(self) -> int:
        """The number of listeners that have not arrived."""
        return sum(listener.pace is None for listener in self._listeners) - len(self._reached)

    def arrivals(self) -> list[float]:
        """The arrival times of those that have arrived."""
        return list(self._reached.values())

    def course(self) -> Course:
        return self._course

    def places(self) -> list[tuple[str, int, Order, int | None]]:
        """Topic, id, order and pace of each listener."""
        return [(each.board.topic, each.cursor, each.order, each.pace) for each in self._listeners]

    def screens(self) -> dict[str, set[bytes]]:
        """The latest state shown to the listeners of each topic."""
        shown: dict[str, set[bytes]] = {}
        for listener in self._listeners:
            if listener.pace is None:
                shown.setdefault(listener.board.topic, set()).add(listener.last.text if listener.last else b"")
        return shown

    def deliveries(self) -> Deliveries:
        """Each piece received: its topic, its order, and when which listener got it."""
        pieces = [(board.topic, said) for board in self._boards for said in board.pieces.values()]
        return [(topic, said.highest, said.heard_at) for topic, said in pieces if said.highest]

    def leave(self) -> None:
        """Disconnects all listeners."""
        self._due.clear()
        for listener in self._listeners:
            self._close(listener)

    def _seat(self, seats: Seats) -> None:
        board = Board(seats.topic, seats.view, seats.since)
        self._boards.append(board)
        for _ in range(seats.listeners):
            listener = Listener(len(self._listeners), board, seats.pace)
            self._listeners.append(listener)
            heapq.heappush(self._due, (monotonic() + listener.number / CONNECTS_A_SECOND, listener.number))

    def _keep_time(self, now: float) -> None:
        while self._due and self._due[0][0] <= now:
            moment, number = heapq.heappop(self._due)
            self._connect(self._listeners[number])
            if self._listeners[number].opened_at:
                self._course.returns.append(moment)
        if now >= self._next_look:
            self._next_look = now + 1
            for listener in self._by_socket.copy().values():
                if listener.pace and listener.socket:
                    self._hear(listener, now)

    def _connect(self, listener: Listener) -> None:
        opening = listener.connect(self._port)
        self._by_socket[opening.fileno()] = listener
        self._epoll.register(opening.fileno(), EPOLLOUT)

    def _attend(self, listener: Listener, event: int) -> None:
        if event & EPOLLOUT and not event & (EPOLLERR | EPOLLHUP):
            self._request(listener)
        elif event & EPOLLIN:
            self._hear(listener, monotonic())
        elif event & GONE:
            self._cut(listener)

    def _request(self, listener: Listener) -> None:
        if listener.socket is None:
            return
        try:
            listener.socket.send(listener.request())
            self._epoll.modify(listener.socket.fileno(), EPOLLIN if listener.pace is None else EPOLLRDHUP)
        except OSError:
            self._cut(listener)

    def _hear(self, listener: Listener, now: float) -> None:
        text = listener.read()
        if text is None:
            self._cut(listener)
        elif text:
            self._take(listener, text, now)

    def _take(self, listener: Listener, text: bytes, now: float) -> None:
        if not listener.is_open:
            try:
                text = listener.open(text, now)
            except Refused as refused:
                self._course.refusals[str(refused)] += 1
                self._cut(listener)
                return
        said = listener.board.said(text)
        if listener.pace is None:
            said.heard_at.append(now)
        if (fault := listener.take(said)) and len(self._course.faults) < TOLD:
            self._course.faults.append(fault)
        self._note_arrival(listener, now)

    def _note_arrival(self, listener: Listener, now: float) -> None:
        goal = self._goals.get(listener.board.topic)
        if goal is None or listener.pace is not None or listener.number in self._reached:
            return
        if listener.is_open and listener.order >= goal:
            self._reached[listener.number] = now

    def _cut(self, listener: Listener) -> None:
        """The stream ended or was refused: it is retried after the server's delay, as the page does."""
        self._course.cuts += listener.is_open
        self._course.refusals["no answer"] += not listener.is_open
        self._close(listener)
        heapq.heappush(self._due, (monotonic() + listener.retry, listener.number))

    def _close(self, listener: Listener) -> None:
        if listener.socket:
            number = listener.socket.fileno()
            self._epoll.unregister(number)
            del self._by_socket[number]
        listener.close()
