import pytest

from rules.colour import DARK, LIGHT, colour, contrast, ink_on


@pytest.mark.parametrize(
    ("written", "means"), [("0a5", "#00aa55"), ("#0a5", "#00aa55"), ("1F5F7A", "#1f5f7a"), ("#1f5f7a", "#1f5f7a")]
)
def test_three_or_six_digits_are_a_colour(written: str, means: str) -> None:
    assert colour(written) == means


@pytest.mark.parametrize("written", ["", "red", "#12345", "12345678", "1f5f7a;}", "url(x)", "١٢٣"])
def test_nothing_else_is(written: str) -> None:
    with pytest.raises(ValueError):
        colour(written)


def test_the_ink_is_the_one_that_can_be_read() -> None:
    assert (ink_on("#ffd400"), ink_on("#0a1f3c")) == (DARK, LIGHT)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    for fill in ("#808080", "#ff0000", "#00ff00", "#777777"):
        assert contrast(ink_on(fill), fill) > 4
