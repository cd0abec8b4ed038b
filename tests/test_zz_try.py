from tests.support.people import clinic, person, PASSWORD
from models.accounts import Role
from extensions import db
from tests.support.browser import PHONE
import urllib.request
def test_redis(start_server, redis_server):
    s = start_server(redis_url=redis_server.url)
    assert redis_server.client().ping()
    redis_server.kill()
    print(urllib.request.urlopen(s.url+"/sign-in").status); redis_server.start()
    s.freeze(); s.thaw(); s.stop(); s.start()
    assert "Traceback" not in s.log(), s.log()
def test_two_workers(start_server, redis_server):
    s = start_server(redis_url=redis_server.url, WEB_CONCURRENCY="2")
    assert s.log().count("Booting worker") == 2
def test_sign_in(windows, application, server):
    with application.app_context():
        person("Aigerim", Role.RECEPTIONIST, clinic()); db.session.commit()
    w = windows.open(PHONE, theme="dark")
    w.sign_in("aigerim@tablo.example", PASSWORD)
    print(w.page.url, w.page.title(), w.console)
    w2 = windows.open(scripts=False); w2.go("/sign-in"); print(w2.accessibility_faults()) 
