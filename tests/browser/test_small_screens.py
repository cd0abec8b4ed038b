"""Every page of the demo on a phone in Kazakh, whose words are the longest: it fits and is large enough to press."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.exceptions import HTTPException

from extensions import db
from models.accounts import Organization, Role
from models.clinic import Practitioner
from seeds import plant_demo
from tests.browser.clinic import AIGERIM, Clinic
from tests.support.browser import PHONE, Window, Windows
from tests.support.people import PASSWORD, person

# Drawn for 1920 × 1080, as a picture over a broadcast or a television in the hall.
TELEVISIONS = {"club.overlay", "club.match_overlay", "club.tv", "club.tournament_hall"}
LINK = re.compile(r'href="(/[^"#]*)"')
FAULTS = """() => {
    // Outside sentences and the board, where a quarter of an hour is 24 px; a link may be larger than its words
    const pressed = [...document.querySelectorAll("a[href], button, summary, select, textarea, input")]
        .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true })
            && getComputedStyle(each).display !== "inline" && !each.matches(".sr, .skip, .day *, label input"));
    const height = (each) =>
        Math.max(each.getBoundingClientRect().height, parseFloat(getComputedStyle(each, "::after").height) || 0);
    return [
        ...(document.documentElement.scrollWidth > innerWidth ? ["wider than the screen"] : []),
        ...pressed.filter((each) => height(each) < 43.5).map((each) => `low: ${each.outerHTML.slice(0, 120)}`),
    ];
}"""


LAST_WORDS = """(label) => {
    const line = document.createRange();
    line.selectNodeContents(label);
    const { length } = label.firstChild;
    const last = [...line.getClientRects()].at(-1).top;
    const starts = [...Array(length).keys()].find((at) => {
        line.setStart(label.firstChild, at);
        line.setEnd(label.firstChild, at + 1);
        return line.getBoundingClientRect().top >= last;
    });
    return label.textContent.slice(starts).trim();
}"""


@pytest.fixture
def demo(application: Flask) -> Flask:
    with application.app_context():
        plant_demo(PASSWORD, past=False)
    return application


def endpoint(application: Flask, path: str) -> str:
    """Of the page at this path; empty if there is none."""
    try:
        return str(application.url_map.bind("").match(path.partition("?")[0])[0])
    except HTTPException:
        return ""


def walk(application: Flask, window: Window) -> Iterator[str]:
    """Opens every page that links lead to, one of each kind; its path."""
    met, paths = TELEVISIONS | {""}, ["/schedule", "/clubs/1"]
    while paths:
        path = paths.pop(0)
        kind = endpoint(application, path)
        if kind in met:
            continue
        met.add(kind)
        answer = window.page.request.get(window.address + path)
        if answer.ok and "text/html" in answer.headers["content-type"]:
            window.go(path)
            yield path
            paths += [link.replace("&amp;", "&") for link in LINK.findall(answer.text())]


def test_every_page_fits_marats_phone_in_kazakh(demo: Flask, windows: Windows) -> None:
    window = windows.open(PHONE, touch=True)
    page = window.sign_in("owner@tablo.example", PASSWORD)
    page.locator("summary.who").click()
    page.locator("button[value=kk]").click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    faults = {path: page.evaluate(FAULTS) for path in walk(demo, window)}
    assert not any(faults.values()), "\n".join(f"{path}: {fault}" for path in faults for fault in faults[path])
    assert len(faults) > 60


def test_the_name_of_aigerims_clinic_is_whole_while_its_board_is_live(samal: Clinic, windows: Windows) -> None:
    with samal.application.app_context():
        db.session.get_one(Organization, samal.number).name = "Медцентр «Ақ бота»"
        db.session.commit()
    window = windows.open(PHONE)
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go(samal.path)
    expect(page.locator("[data-fresh]")).to_have_text("обновлено только что")
    name = page.get_by_role("link", name="Медцентр «Ақ бота»").locator(".clip")
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")


def test_the_initials_of_a_doctor_are_never_parted(samal: Clinic, windows: Windows) -> None:
    """They leave the head of a column as a whole, and stay on one line in a form."""
    with samal.application.app_context():
        doctor = db.session.scalars(Practitioner.of(samal.number).filter_by(family_name="Ким")).one()
        doctor.family_name, doctor.given_name, doctor.middle_name = "Әбдірахманов", "Нұрлан", "Серікұлы"
        person("Saule", Role.OWNER, db.session.get_one(Organization, samal.number))
        db.session.commit()
    window = windows.open(PHONE)
    window.sign_in("saule@tablo.example", PASSWORD)
    head = window.go(samal.path).get_by_role("heading", name="Әбдірахманов Н. С.")
    expect(head.locator(".family")).to_be_in_viewport()
    expect(head.locator(".initials")).not_to_be_in_viewport(ratio=0.5)
    label = window.go("/rooms").get_by_text("Әбдірахманов Н. С.", exact=True).last
    assert label.evaluate(LAST_WORDS) == "Н. С."


def test_saule_reads_whose_numbers_they_are_at_the_end_of_a_wide_table(samal: Clinic, windows: Windows) -> None:
    samal.employ("Saule", Role.OWNER)
    samal.book("Ахметов", 10)
    window = windows.open(PHONE)
    window.sign_in("saule@tablo.example", PASSWORD)
    table = window.go("/reports").get_by_role("region", name="По врачам")
    table.scroll_into_view_if_needed()
    table.evaluate("table => table.scrollTo(table.scrollWidth, 0)")
    assert table.evaluate("table => table.scrollLeft") > 0
    expect(table.get_by_role("columnheader", name="Новые пациенты")).to_be_in_viewport(ratio=0.9)
    expect(table.get_by_role("rowheader", name="Ким")).to_be_in_viewport(ratio=0.9)


def test_the_free_times_of_a_doctor_are_two_rows_on_aigerims_phone(samal: Clinic, windows: Windows) -> None:
    window = windows.open(PHONE)
    window.sign_in(AIGERIM, PASSWORD)
    times = window.go(f"/free-times?first={samal.day}").locator(".free-times").first.locator(":scope > *")
    expect(times).to_have_count(10)
    assert times.evaluate_all("all => new Set(all.map((each) => each.getBoundingClientRect().top)).size") == 2
