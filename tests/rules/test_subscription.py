"""Which push subscriptions are accepted; anything else would let strangers choose where the server connects (SSRF)."""

import pytest

from rules.subscription import LONGEST_ENDPOINT, BadSubscription, is_of_the_world, read_subscription

ENDPOINT = "https://push.example/send/1"
KEY, SECRET = "B" + "A" * 86, "A" * 22


def test_what_a_push_service_gave_out_is_believed() -> None:
    assert read_subscription(ENDPOINT, KEY, SECRET).address.hostname == "push.example"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example/send",
        "https://push.example:8443/send",
        "https://name:word@push.example/send",
        "https://push.example/send#part",
        "https:///send",
        "https://push.example:port/send",
        "https://[half/send",
        "https://push.example/ send",
        "https://push.example/\r\nHost: other",
        "https://пуш.example/send",
        "file:///etc/passwd",
        "https://push.example/" + "a" * LONGEST_ENDPOINT,
    ],
)
def test_no_other_address_is(endpoint: str) -> None:
    with pytest.raises(BadSubscription):
        read_subscription(endpoint, KEY, SECRET)


@pytest.mark.parametrize(
    ("key", "secret"), [("", ""), (KEY, "A"), (KEY[:-4], SECRET), ("C" + KEY[1:], SECRET), ("ж" * 87, SECRET)]
)
def test_keys_have_the_length_and_the_form_of_keys(key: str, secret: str) -> None:
    with pytest.raises(BadSubscription):
        read_subscription(ENDPOINT, key, secret)


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 "
    "::1 :: fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1".split(),
)
def test_what_stands_behind_us_is_not_of_the_world(address: str) -> None:
    assert not is_of_the_world(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_the_rest_is(address: str) -> None:
    assert is_of_the_world(address)
