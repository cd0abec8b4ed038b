"""The minimum of a tap: a Flask view that inserts one row and responds."""

import os

from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])


@event.listens_for(engine, "connect")
def prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """SQLite has Tablo's settings, so a row is as durable as a tap."""
    if engine.dialect.name == "sqlite":
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


with engine.begin() as connection:
    connection.execute(text("CREATE TABLE IF NOT EXISTS bare_rally (side text NOT NULL)"))
engine.dispose()


@app.get("/readyz")
def readyz() -> str:
    return "ready"


@app.post("/rallies")
def record_rally() -> str:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bare_rally (side) VALUES ('A')"))
    return "counted"
