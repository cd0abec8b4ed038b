from tests.support.people import clinic, person, PASSWORD
from models.accounts import Role
from extensions import db
from tests.support.browser import PHONE
def test_sign_in(windows, application, server):
    with application.app_context():
        person("Aigerim", Role.RECEPTIONIST, clinic()); db.session.commit()
    w = windows.open(theme="dark")
    w.go("/sign-in")
    w.page.locator("input[name=email]").fill("aigerim@tablo.example")
    w.page.locator("input[name=password]").fill(PASSWORD)
    w.page.locator("input[name=password]").press("Enter")
    w.page.wait_for_timeout(2000)
    w.page.screenshot(path="/tmp/s.png")
    print(w.page.url, w.console, w.errors); print(server.log())
