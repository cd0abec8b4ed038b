"""What carries a message to its address: one for each kind of address in a setting.

A messenger is anything with `send`. It returns when the other side has taken the message, raises Refused or Away when
it surely has not, and whatever else happens leaves it open.
"""

from commands.messengers.folder import FolderMessenger
from commands.messengers.gateway import GatewayMessenger
from commands.messengers.mail import MailMessenger
from commands.messengers.message import Away, Message, Messenger, Refused
from commands.messengers.web_push import Gone, Push, PushMessenger

__all__ = [
    "Away",
    "FolderMessenger",
    "GatewayMessenger",
    "Gone",
    "MailMessenger",
    "Message",
    "Messenger",
    "Push",
    "PushMessenger",
    "Refused",
]
