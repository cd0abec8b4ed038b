"""Messengers send messages: one for each scheme of MAIL_URL and SMS_URL, and one for web push.

A messenger has a method `send`. It returns if the other side accepted the message and raises Refused or Away if it
certainly did not; any other exception leaves that unknown.
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
