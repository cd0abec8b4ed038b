"""People, the organizations they work for, and what each role may do."""

from models.accounts.audience import AUDIENCE, parts_about, parts_about_guests
from models.accounts.guest_pass import GuestPass
from models.accounts.membership import Membership
from models.accounts.organization import Language, Organization
from models.accounts.password_link import PasswordLink
from models.accounts.refusals import BelongsElsewhere, LastOwner
from models.accounts.rights import Right, Role
from models.accounts.sign_in import SignIn
from models.accounts.user import User

__all__ = [
    "AUDIENCE",
    "BelongsElsewhere",
    "GuestPass",
    "Language",
    "LastOwner",
    "Membership",
    "Organization",
    "PasswordLink",
    "Right",
    "Role",
    "SignIn",
    "User",
    "parts_about",
    "parts_about_guests",
]
