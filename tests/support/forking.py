"""Loads Tablo as gunicorn's worker does, then becomes gunicorn in a fork for every line of the standard input."""

import gc
import importlib
import json
import os
import signal
import sys

from gevent import monkey


def main() -> None:
    """Answers each line, [command, environment, log file], with the number of the new process."""
    monkey.patch_all()
    importlib.import_module("app")
    wsgiapp = importlib.import_module("gunicorn.app.wsgiapp")
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the forks
    fork = monkey.get_original("os", "fork")  # gevent's own would start an event loop that every fork inherits
    for line in sys.stdin:
        command, environment, log_file = json.loads(line)
        number = fork()
        if number == 0:
            _take_over(environment, log_file)
            sys.argv = command[2:]
            wsgiapp.run()
        print(number, flush=True)  # noqa: T201 the answer


def _take_over(environment: dict[str, str], log_file: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for own, given in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(given, own)


if __name__ == "__main__":
    main()
