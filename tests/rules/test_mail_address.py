"""Mail addresses: what people type, and what no mail can be sent to."""

import pytest

from rules.mail_address import is_mail_address


@pytest.mark.parametrize(
    "typed", ["a@b.kz", "bolat.ahmetov+clinic@mail.tablo.example", "болат@пошта.қаз", "a" * 249 + "@b.kz"]
)
def test_what_mail_can_be_sent_to(typed: str) -> None:
    assert is_mail_address(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "bolat", "bolat@", "@mail.kz", "bolat@mail", "bolat@mail.", "a@b@c.kz", "bolat @mail.kz"),
        *("a@b.kz, c@d.kz", "Bolat <a@b.kz>", "a@b.kz\nBcc: c@d.kz", "a@b..kz", "a" * 250 + "@b.kz"),
    ],
)
def test_what_is_no_address(typed: str) -> None:
    assert not is_mail_address(typed)
