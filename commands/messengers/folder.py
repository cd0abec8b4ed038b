"""Messages as files in a folder: for the demonstration, and to look at before anything is really sent."""

from pathlib import Path

from commands.messengers.message import Message


class FolderMessenger:
    """A file for each message, that only its owner reads; one that is there is never written again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{message.key}.txt"
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(f"{message.address}\n{message.subject}\n\n{message.text}\n")
