"""One gevent worker, like Tablo."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gevent"
workers = 1
worker_connections = 20_000
backlog = 4096
control_socket_disable = True
