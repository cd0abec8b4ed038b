"""Tournaments over HTTP: rights, refusals, and page, response and push are byte-identical."""

import re
from contextlib import closing

import pytest

from extensions import db
from models.accounts import Role, User
from models.club import Club, Court, Match, Player, System, Tournament, TournamentPlan
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NAMES, NOW, play
from tests.support.queries import recorded_queries
from tests.support.stream import Stream

HTMX = {"HX-Request": "true"}


@pytest.fixture
def bracket(ours: Club, madina: User) -> Tournament:
    """Four players on two tables, in the order of the list."""
    sides = tuple((player,) for player in sorted(ours.players, key=lambda player: NAMES.index(player.name)))
    plan = TournamentPlan("Кубок вечера", System.KNOCKOUT, sides, best_of=1, tables=(1, 2))
    return Tournament.open(ours, plan, madina, NOW)


@pytest.fixture
def organizer(client: PageClient, madina: User, bracket: Tournament) -> PageClient:
    """Madina's laptop."""
    sign_in(client, madina)
    return client


def wish(of: Club, **changes: object) -> dict[str, object]:
    players = [player.id for player in of.players]
    chosen = {"name": "Турнир", "system": "round-robin", "format": "table-tennis", "kind": "singles", "best_of": 3}
    return {**chosen, "tables": 2, "players": players, **changes}


def test_madina_opens_a_tournament_and_is_led_to_it(organizer: PageClient, ours: Club) -> None:
    first = min(player.id for player in ours.players)
    answer = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, **{f"seed-{first}": "1"}))
    newest = db.session.scalars(Tournament.of(ours)).first()
    assert newest
    assert (answer.status_code, answer.location) == (303, f"/tournaments/{newest.id}")
    assert (newest.entrants[0].player_id, len(newest.entrants), newest.ruleset.best_of) == (first, 4, 3)
    assert "Тур 1" in organizer.get(answer.location).text


def test_the_second_tournament_of_an_evening_gets_a_name_of_its_own(organizer: PageClient, ours: Club) -> None:
    usual = []
    for _ in range(3):
        page = organizer.get(f"/clubs/{ours.id}/tournaments/new").text
        usual.append(re.findall(r'name="name"[^>]*value="([^"]*)"', page)[0])
        organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, name=usual[-1]))
    assert usual[1:] == [f"{usual[0]} (2)", f"{usual[0]} (3)"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"players": []}, "столько для турнира мало"),
        ({"players": [999]}, "field-players"),
        ({"name": " "}, "Назовите турнир."),
        ({"name": "Кубок\x00"}, "невидимые знаки"),
        ({"tables": 0}, "Столов или кортов: от 1 до 20."),
        ({"system": "swiss"}, "field-system"),
        ({"best_of": 4}, "field-best_of"),
        ({"system": "knockout", "format": "padel", "best_of": 5}, "По этим правилам так не играют"),
    ],
)
def test_what_cannot_be_played_is_said_under_its_field(
    organizer: PageClient, ours: Club, changes: dict[str, object], says: str
) -> None:
    answer = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, **changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert "says" in answer.text


def test_the_hall_shows_how_it_stands_who_plays_where_and_who_is_next(
    client: PageClient, bracket: Tournament, madina: User
) -> None:
    page = client.get(f"/tournaments/{bracket.id}/tv?theme=light").text
    assert ('data-theme="light"' in page, page.count('class="is-called"')) == (True, 2)
    match = bracket.start_tie(1, 2, madina, NOW)
    play(match, "AAB", madina)
    db.session.commit()
    page = client.get(f"/tournaments/{bracket.id}/tv?language=kk").text
    assert ('<html lang="kk"' in page, "2:1" in page, page.count('class="is-live"')) == (True, True, 1)
    bracket.club.is_public = False
    db.session.commit()
    assert client.get(f"/tournaments/{bracket.id}/tv").status_code == 303
    assert client.post(f"/tournaments/{bracket.id}/tv").status_code == 405


def test_a_push_to_the_hall_is_what_its_page_shows(client: PageClient, bracket: Tournament, madina: User) -> None:
    bracket.start_tie(1, 2, madina, NOW)
    db.session.commit()
    page = client.get(f"/tournaments/{bracket.id}/tv").text
    with closing(Stream(client, f"/live/tournament/{bracket.id}?view=tv")) as stream:
        pushed = stream.next_events()[0].data
    for root in (f"tournament-{bracket.id}-play", f"tournament-{bracket.id}-results"):
        assert fragment(page, root) == fragment(pushed, root)


def test_a_seed_is_a_number_and_what_was_typed_stays(organizer: PageClient, ours: Club) -> None:
    player = ours.players[0].id
    answer = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, **{f"seed-{player}": "первый"}))
    assert answer.status_code == 422
    assert "Посев: число от 1 до 32." in answer.text
    assert 'value="первый"' in answer.text


def test_a_tap_on_a_table_begins_the_match_and_both_parts_come_back(organizer: PageClient, bracket: Tournament) -> None:
    answer = organizer.post(f"/tournaments/{bracket.id}/ties/1/match", data={"table": 2}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.count("<hx-partial") == 2
    assert "Стол 2" in answer.text
    assert organizer.post(f"/tournaments/{bracket.id}/ties/2/match", data={"table": 1}).location.endswith(
        str(bracket.id)
    )
    assert {match.tie_number for match in db.session.scalars(Match.live_in(bracket.club))} == {1, 2}


@pytest.mark.parametrize("data", [{"table": 9}, {"table": "у окна"}, {}])
def test_a_table_that_is_not_there_is_refused(
    organizer: PageClient, bracket: Tournament, data: dict[str, object]
) -> None:
    assert organizer.post(f"/tournaments/{bracket.id}/ties/1/match", data=data).status_code == 409


def test_without_scripts_the_table_is_chosen_on_a_page_of_its_own(organizer: PageClient, bracket: Tournament) -> None:
    page = organizer.get(f"/tournaments/{bracket.id}/ties/1")
    assert "Стол 1" in page.text
    assert "Стол 2" in page.text
    assert organizer.get(f"/tournaments/{bracket.id}/ties/3").status_code == 409


@pytest.mark.parametrize("system", list(System))
def test_page_and_push_are_equal_to_the_byte(
    organizer: PageClient, bracket: Tournament, madina: User, system: System
) -> None:
    bracket.system = system
    for entrant in bracket.entrants:
        entrant.group_number = 1 if system is System.GROUPS else None
    play(bracket.start_tie(1, 1, madina, NOW), "A" * 11, madina)
    play(bracket.start_tie(2, 2, madina, NOW), "AB", madina)
    db.session.commit()
    page = organizer.get(f"/tournaments/{bracket.id}").text
    with closing(Stream(organizer, f"/live/tournament/{bracket.id}")) as stream:
        pushed = stream.next_events()[0].data
    for part in ("play", "results"):
        root = f"tournament-{bracket.id}-{part}"
        assert fragment(page, root) == fragment(pushed, root)


def test_each_tap_moves_the_score_in_the_list(organizer: PageClient, bracket: Tournament, madina: User) -> None:
    match = bracket.start_tie(1, 1, madina, NOW)
    db.session.commit()
    with closing(Stream(organizer, f"/live/tournament/{bracket.id}")) as stream:
        stream.next_events()
        play(match, "A", madina)
        db.session.commit()
        pushed = stream.next_events()[0].data
    assert f'id="match-{match.id}-now">1:0<' in pushed
    assert "tournament-" not in pushed


def test_after_a_match_of_the_tournament_the_phone_leads_back_to_it(
    organizer: PageClient, bracket: Tournament, madina: User
) -> None:
    played = bracket.start_tie(1, 1, madina, NOW)
    play(played, "A" * 11, madina)
    db.session.commit()
    page = organizer.get(f"/matches/{played.id}/score").text
    assert f'class="btn main" href="/tournaments/{bracket.id}"' in page
    assert "rematch=" not in page


def test_a_player_goes_home_and_comes_back(organizer: PageClient, bracket: Tournament) -> None:
    address = f"/tournaments/{bracket.id}/entrants"
    assert organizer.post(f"{address}/1/withdrawal").location == address
    assert "снялся" in organizer.get(address).text
    assert "снялся" not in organizer.get(f"/tournaments/{bracket.id}").text
    assert organizer.post(f"{address}/1/withdrawal", data={"back": "1"}).status_code == 303
    assert "снялся" not in organizer.get(address).text
    assert organizer.post(f"{address}/7/withdrawal").status_code == 404


def test_anybody_looks_and_only_scorers_run(client: PageClient, bracket: Tournament, ours: Club) -> None:
    db.session.commit()
    page = client.get(f"/tournaments/{bracket.id}")
    assert page.status_code == 200
    assert "data-may-run" not in page.text
    assert "Кубок вечера" in client.get(f"/clubs/{ours.id}").text
    assert "Кубок вечера" in client.get(f"/clubs/{ours.id}/tournaments").text
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    for address in (f"/clubs/{ours.id}/tournaments/new", f"/tournaments/{bracket.id}/entrants"):
        assert client.get(address).status_code == 403
    for address in (f"/tournaments/{bracket.id}/ties/1/match", f"/tournaments/{bracket.id}/entrants/1/withdrawal"):
        assert client.post(address, data={"table": 1}).status_code == 403


def test_a_private_clubs_tournament_is_not_there_for_strangers(
    client: PageClient, bracket: Tournament, ours: Club
) -> None:
    ours.is_public = False
    addresses = [f"/tournaments/{bracket.id}", f"/clubs/{ours.id}/tournaments", f"/live/tournament/{bracket.id}"]
    db.session.commit()
    assert [client.get(address).status_code for address in addresses] == [303, 303, 401]
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post(addresses[0]).status_code == 405


def test_a_page_asks_the_same_however_many_matches_were_played(
    organizer: PageClient, bracket: Tournament, madina: User
) -> None:
    def asked() -> int:
        with recorded_queries(db.engine) as queries:
            organizer.get(f"/tournaments/{bracket.id}")
        return len(queries)

    before = asked()
    for number in (1, 2, 3):
        play(bracket.start_tie(number, 1, madina, NOW), "A" * 11, madina)
    db.session.commit()
    assert asked() <= before + 1


@pytest.fixture
def groups(ours: Club, madina: User) -> Tournament:
    """Six players in two finished groups without ties; the stronger always won."""
    players = [*ours.players, Player(name="Виктор"), Player(name="Тимур")]
    ours.players = players
    db.session.flush()
    plan = TournamentPlan("Группы", System.GROUPS, tuple((each,) for each in players), best_of=1, tables=(1, 2))
    opened = Tournament.open(ours, plan, madina, NOW)
    while startable := opened.contest().startable:
        number, (a, b) = min(startable.items())
        match = opened.start_tie(number, opened.contest().free_tables[0], madina, NOW)
        play(match, ("A" if a < b else "B") * 11, madina)
    db.session.commit()
    return opened


def test_groups_are_opened_by_rating_and_by_what_was_typed(organizer: PageClient, ours: Club) -> None:
    for name in ("Виктор", "Тимур"):
        ours.players.append(Player(name=name))
    db.session.commit()
    for typed in ({"by_rating": "y"}, {f"seed-{ours.players[0].id}": "1"}):
        answer = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, system="groups", advance=1, **typed))
        assert answer.status_code == 303
        page = organizer.get(answer.location).text
        assert ("Группа A" in page, "Группа B" in page, "Составить сетку" in page) == (True, True, False)
    answer = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, system="groups", groups=3))
    assert (answer.status_code, "В группе должно быть хотя бы трое" in answer.text) == (422, True)


def test_madina_moves_entrants_to_other_groups_until_somebody_plays(
    client: PageClient, organizer: PageClient, ours: Club, madina: User
) -> None:
    for name in ("Виктор", "Тимур"):
        ours.players.append(Player(name=name))
    db.session.commit()
    address = organizer.post(f"/clubs/{ours.id}/tournaments", data=wish(ours, system="groups")).location
    opened = db.session.scalars(Tournament.of(ours)).first()
    assert opened
    (first, *_), (other, *_) = opened.groups
    assert f'href="{address}/groups"' in organizer.get(address).text
    answer = organizer.post(f"{address}/groups", data={f"group-{first}": 2, f"group-{other}": "9"})
    assert (answer.status_code, "В группе должно быть хотя бы трое" in answer.text) == (422, True)
    assert organizer.post(f"{address}/groups", data={f"group-{first}": 2, f"group-{other}": 1}).location == address
    assert (first in opened.groups[1], other in opened.groups[0]) == (True, True)
    opened.start_tie(1, 1, madina, NOW)
    db.session.commit()
    assert f'href="{address}/groups"' not in organizer.get(address).text
    assert (organizer.get(f"{address}/groups").status_code, organizer.post(f"{address}/groups").status_code) == (
        409,
        409,
    )
    client.post("/sign-out")
    assert client.post(f"{address}/groups").status_code == 401


def test_where_it_is_played_is_chosen_from_the_clubs_list_and_changed_in_the_midst(
    organizer: PageClient, bracket: Tournament, ours: Club
) -> None:
    address = f"/tournaments/{bracket.id}/tables"
    assert organizer.post(address, data={"tables": 3}).location == f"/tournaments/{bracket.id}"
    assert bracket.tables == [1, 2, 3]
    marat = person("Marat", Role.OWNER, ours.organization)
    for name in ("Стол 1", "Стол 2", "У окна"):
        Court.add(ours, name, marat)
    db.session.commit()
    assert organizer.get(address).text.count(" checked") == 3
    assert organizer.post(address, data={"courts": [1, 3]}).status_code == 303
    page = organizer.get(f"/tournaments/{bracket.id}").text
    assert ("У окна" in page, "Стол 2" in page) == (True, False)
    for wrong, says in ({}, "Отметьте хотя бы один."), ({"courts": [9]}, "field-courts"):
        answer = organizer.post(address, data=wrong)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert organizer.get(f"/clubs/{ours.id}/tournaments/new").text.count('name="courts"') == 3


def test_madina_draws_the_bracket_and_everybody_sees_it(
    organizer: PageClient, groups: Tournament, madina: User
) -> None:
    address = f"/tournaments/{groups.id}"
    assert f'href="{address}/bracket"' in organizer.get(address).text
    assert "Группа A" in organizer.get(f"{address}/tv").text
    assert "Кто выходит из групп" in organizer.get(f"{address}/bracket").text
    assert organizer.post(f"{address}/bracket").location == address
    assert "Полуфинал" in organizer.get(address).text
    assert "Полуфинал" in organizer.get(f"{address}/tv").text
    match = groups.contest().match_of(groups.contest().ties[0])
    assert match
    play(match, "u", madina)
    db.session.commit()
    assert "Результат в группе исправили после жеребьёвки." in organizer.get(address).text


def test_who_is_level_is_parted_by_a_lot(organizer: PageClient, groups: Tournament, madina: User) -> None:
    first, second, third = groups.groups[0]
    tie = next(each for each in groups.contest().ties if {each.a, each.b} == {first, third})
    match = groups.contest().match_of(tie)
    assert match
    play(match, "u" * 11 + ("B" if tie.a == first else "A") * 11, madina)
    db.session.commit()
    address = f"/tournaments/{groups.id}/bracket"
    assert organizer.get(address).text.count("<select") == 3
    answer = organizer.post(address, data={f"lot-{first}": 1, f"lot-{second}": 1, f"lot-{third}": 2})
    assert (answer.status_code, "Укажите жребий" in answer.text, groups.bracket) == (422, True, [])
    lots = {f"lot-{each}": turn for turn, each in enumerate((third, first, second), start=1)}
    assert organizer.post(address, data=lots).status_code == 303
    assert groups.bracket[0] == third


def test_a_bracket_is_drawn_by_who_runs_the_club_and_only_when_it_can_be(
    client: PageClient, bracket: Tournament, groups: Tournament, madina: User
) -> None:
    address = f"/tournaments/{groups.id}/bracket"
    assert client.post(address).status_code == 401
    sign_in(client, person("Timur", Role.MEMBER, groups.club.organization))
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    client.post("/sign-out")
    sign_in(client, madina)
    drawn = f"/tournaments/{bracket.id}/bracket"
    for refused in (client.post(drawn), client.get(drawn)):
        assert refused.status_code == 409
        assert "Сетку сейчас не составить" in refused.text
