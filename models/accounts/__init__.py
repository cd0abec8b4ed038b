"""People, the organizations they work for, and what each role may do."""

from models.accounts.membership import Membership
from models.accounts.organization import Language, Organization
from models.accounts.rights import Right, Role
from models.accounts.user import User

__all__ = ["Language", "Membership", "Organization", "Right", "Role", "User"]
