"""Writes messages as files into a folder: for the demo, and to inspect them before anything is really sent."""

from pathlib import Path

from commands.messengers.message import Message


class FolderMessenger:
    """One file per message and one for its visit, readable by their owner only and never overwritten."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(f"{message.key}.txt", f"{message.address}\n{message.subject}\n\n{message.text}\n".encode())
        if message.calendar:
            self._write(f"{message.key}.ics", message.calendar)

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(content)
