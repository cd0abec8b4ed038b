"""The players of a club: found while typing, added at the table, maintained by its scorers."""

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match, Player, System, Tournament, TournamentPlan
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NAMES, NOW, club, match, play, player


@pytest.fixture
def scorer(client: PageClient, madina: User, ours: Club) -> PageClient:
    """Madina's phone."""
    sign_in(client, madina)
    return client


@pytest.fixture
def owner(client: PageClient, ours: Club) -> PageClient:
    """Marat, who owns the club."""
    sign_in(client, person("Marat", Role.OWNER, ours.organization))
    return client


def typed(first: str, second: str, **marked: object) -> dict[str, object]:
    return {"kind": "singles", "a1_name": first, "b1_name": second, "best_of": 1, "first_server": "A", **marked}


def who_plays(of: Club) -> list[list[str]]:
    return [[one.name for one in match.players] for match in db.session.scalars(Match.live_in(of))]


def offered(page: str) -> list[str]:
    """The texts of the chips, in order; the chosen one with a star."""
    chips = page.split('<label class="chip')[1:]
    words = [chip.split("<span>")[1].split("</span>")[0] for chip in chips]
    return ["*" * (" checked" in chip) + said.split(" <small>")[0] for chip, said in zip(chips, words, strict=True)]


@pytest.mark.parametrize(
    ("letters", "chips"),
    [
        ("ов", ["Болат Ахметов", "Әлия Қожахметова", "Иван Иванов", "Петр Петров", "Новый игрок: ов"]),
        ("кожах", ["*Әлия Қожахметова", "Новый игрок: кожах"]),
        ("алия қожахметова", ["*Әлия Қожахметова"]),
        ("Марат", ["*Новый игрок: Марат"]),
        ("!?", []),
    ],
)
def test_while_a_name_is_typed_its_players_are_offered(
    scorer: PageClient, ours: Club, letters: str, chips: list[str]
) -> None:
    page = scorer.get(f"/clubs/{ours.id}/players/found", query_string={"place": "a1", "a1_name": letters}).text
    assert sorted(offered(page)) == sorted(chips)


def test_who_plays_at_this_moment_is_marked_and_may_be_chosen_all_the_same(
    scorer: PageClient, ours: Club, madina: User
) -> None:
    match(ours, madina)
    page = scorer.get(f"/clubs/{ours.id}/matches/new").text
    assert page.count("сейчас играет") == 4 * 2
    assert scorer.post(f"/clubs/{ours.id}/matches", data=typed(NAMES[0], NAMES[1])).status_code == 303


def test_before_anything_is_typed_who_played_last_is_at_hand(scorer: PageClient, ours: Club, madina: User) -> None:
    player(ours, NAMES[3]).is_hidden = True
    match(ours, madina)
    page = scorer.get(f"/clubs/{ours.id}/matches/new").text
    assert offered(page)[:3] == ["Иван Иванов", "Петр Петров", "Әлия Қожахметова"]
    assert len(offered(page)) == 12


def test_names_are_enough_to_start_and_a_new_one_is_enrolled(scorer: PageClient, ours: Club) -> None:
    data = typed("иван иванов", "Марат  Оспанов", b1="new")
    assert scorer.post(f"/clubs/{ours.id}/matches", data=data).status_code == 303
    assert who_plays(ours) == [["Иван Иванов", "Марат Оспанов"]]


def test_a_name_that_is_not_clear_asks_who_is_meant(scorer: PageClient, ours: Club) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=typed("ов", "Марат"))
    assert answer.status_code == 422
    assert answer.text.count("Выберите игрока.") == 2
    assert "*Новый игрок: Марат" in offered(answer.text)
    assert Player.called(ours.id, "Марат") is None


def test_what_was_marked_before_typing_on_does_not_hold(scorer: PageClient, ours: Club) -> None:
    petr = player(ours, NAMES[1]).id
    data = typed("Иван Иванов", "Әлия Қожахметова", a1=petr, b1=petr)
    assert scorer.post(f"/clubs/{ours.id}/matches", data=data).status_code == 303
    assert who_plays(ours) == [["Иван Иванов", "Әлия Қожахметова"]]


@pytest.mark.parametrize("name", ["Марат", "иван иванов"])
def test_the_same_player_on_both_sides_is_refused_also_by_name(scorer: PageClient, ours: Club, name: str) -> None:
    data = typed(name, name, a1="new", b1="new")
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=data)
    assert answer.status_code == 422
    assert "Этот игрок уже выбран" in answer.text
    assert db.session.scalars(select(Player.name).filter_by(name="Марат")).all() == []


@pytest.mark.parametrize("name", ["И" * 101, "Иван\x00"])
def test_a_name_that_cannot_be_kept_is_said_under_its_field(scorer: PageClient, ours: Club, name: str) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=typed(name, NAMES[1], a1="new"))
    assert answer.status_code == 422
    assert 'id="a1_name-says"' in answer.text


@pytest.mark.parametrize(("role", "status"), [(Role.SCORER, 200), (Role.MEMBER, 403)])
def test_who_may_look_for_players_of_a_new_match(client: PageClient, ours: Club, role: Role, status: int) -> None:
    sign_in(client, person("Timur", role, ours.organization))
    assert client.get(f"/clubs/{ours.id}/players/found?place=b2").status_code == status
    assert client.get(f"/clubs/{ours.id}/players/found?place=c1").status_code == 404


def test_the_list_is_for_everybody_and_the_hidden_only_for_its_keepers(
    app: Flask, client: PageClient, ours: Club, madina: User
) -> None:
    player(ours, NAMES[1]).is_hidden = True
    sign_in(client, madina)
    stranger = app.test_client()
    address = f"/clubs/{ours.id}/players"
    assert [NAMES[1] in each.get(address).text for each in (client, stranger)] == [True, False]
    assert "Новый игрок" not in stranger.get(address).text
    found = stranger.get(f"{address}?q=кожах", headers={"HX-Request": "true"}).text
    assert ("Әлия Қожахметова" in found, "Иван" in found, "<html" in found) == (True, False, False)
    assert "Никого не нашли" in stranger.get(f"{address}?q=Марат").text


def test_a_long_list_goes_on_after_its_hundredth(client: PageClient, ours: Club) -> None:
    ours.players += [Player(name=f"Игрок {number:03}") for number in range(110)]
    db.session.commit()
    first = client.get(f"/clubs/{ours.id}/players").text
    address = first.split('rel="next" href="')[1].split('"')[0]
    rest = client.get(address).text
    assert first.count('href="/players/') == 100
    assert rest.count('href="/players/') == 14
    assert 'rel="next"' not in rest


def test_madina_writes_a_player_down_and_corrects_the_name(scorer: PageClient, ours: Club) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/players/new", data={"name": "Марта Оспанов"})
    assert answer.status_code == 303
    page = scorer.get(f"{answer.location}/details").text
    assert "Учётная запись" not in page
    assert (
        scorer.post(f"{answer.location}/details", data={"name": "Марат Оспанов", "is_offered": "y"}).status_code == 303
    )
    assert "<h1>Марат Оспанов</h1>" in scorer.get(answer.location).text


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ["Имя игрока", "Добавить"]), ("kk", ["Ойыншының аты-жөні", "Қосу"]), ("en", ["Player’s name", "Add"])],
)
def test_the_form_of_a_new_player_books_no_appointment(
    scorer: PageClient, ours: Club, language: str, words: list[str]
) -> None:
    scorer.post("/language", data={"language": language})
    page = scorer.get(f"/clubs/{ours.id}/players/new").text
    assert [word for word in words if f">{word}<" in page] == words


@pytest.mark.parametrize(
    ("name", "says"), [("Петр Петров", "Такой игрок в клубе уже есть"), ("…", "Введите имя игрока.")]
)
def test_a_name_that_is_taken_or_none_is_refused(scorer: PageClient, ours: Club, name: str, says: str) -> None:
    ivan = player(ours, NAMES[0]).id
    for address in (f"/clubs/{ours.id}/players/new", f"/players/{ivan}/details"):
        answer = scorer.post(address, data={"name": name})
        assert answer.status_code == 422
        assert says in answer.text


def test_marat_gives_a_player_the_account_of_a_member(owner: PageClient, ours: Club, madina: User) -> None:
    ivan, petr = (player(ours, name) for name in NAMES[:2])
    written = {"is_offered": "y", "user_id": madina.id}
    assert owner.post(f"/players/{ivan.id}/details", data={"name": ivan.name, **written}).status_code == 303
    assert ivan.user_id == madina.id
    answer = owner.post(f"/players/{petr.id}/details", data={"name": petr.name, **written})
    assert answer.status_code == 422
    assert "Это учётная запись другого игрока." in answer.text


def test_marat_joins_two_records_and_the_old_address_leads_on(owner: PageClient, ours: Club, madina: User) -> None:
    ivan, petr, aliya = (player(ours, name) for name in NAMES[:3])
    play(match(ours, madina), "A" * 11, madina)
    assert "Анна" not in owner.get(f"/players/{ivan.id}/merging").text
    refused = owner.post(f"/players/{ivan.id}/merging", data={"other": petr.id})
    assert (refused.status_code, "два разных человека" in refused.text) == (422, True)
    Tournament.open(ours, TournamentPlan("Вечер", System.KNOCKOUT, ((aliya,), (petr,)), best_of=1), madina, NOW)
    db.session.commit()
    refused = owner.post(f"/players/{aliya.id}/merging", data={"other": petr.id})
    assert (refused.status_code, "заявлены в одном турнире" in refused.text) == (422, True)
    assert owner.post(f"/players/{aliya.id}/merging", data={"other": ivan.id}).status_code == 303
    assert owner.get(f"/players/{ivan.id}").location == f"/players/{aliya.id}"
    assert owner.get(f"/players/{ivan.id}/details").status_code == 404
    assert "победа:" in owner.get(f"/players/{aliya.id}").text
    details = owner.get(f"/players/{aliya.id}/details").text
    assert "Объединение с «Иван Иванов»" in details
    parting = next(each for each in details.split('"') if "/partings/" in each)
    name = Player.enrol(ours.id, NAMES[0])
    db.session.commit()
    assert owner.post(parting).status_code == 303
    assert "Это имя теперь у другого игрока." in owner.get(f"/players/{aliya.id}/details").text
    name.name = "Иван Петров"
    db.session.commit()
    assert owner.post(parting).status_code == 303
    assert owner.get(f"/players/{ivan.id}").status_code == 200
    assert "Разделение с «Әлия Қожахметова»" in owner.get(f"/players/{ivan.id}/details").text
    assert owner.post(parting).status_code == 409
    assert owner.post(f"/players/{ivan.id}/partings/999").status_code == 404


@pytest.mark.parametrize(("role", "statuses"), [(Role.SCORER, [200, 403]), (Role.MEMBER, [403, 403])])
def test_who_may_write_of_players(client: PageClient, ours: Club, role: Role, statuses: list[int]) -> None:
    sign_in(client, person("Timur", role, ours.organization))
    ivan = player(ours, NAMES[0]).id
    assert [client.get(f"/players/{ivan}/{what}").status_code for what in ("details", "merging")] == statuses
    assert [client.post(f"/players/{ivan}/{what}").status_code for what in ("details", "merging")] == [
        {200: 303}.get(status, status) for status in statuses
    ]
    assert client.post(f"/players/{ivan}/partings/1").status_code == 403


def test_a_player_of_a_private_club_is_not_there_for_strangers(client: PageClient, madina: User) -> None:
    ivan = player(club(madina.memberships[0].organization, is_public=False), NAMES[0]).id
    assert client.get(f"/players/{ivan}").location.startswith("/sign-in")
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    for address in (f"/players/{ivan}", f"/players/{ivan}/details", f"/players/{ivan}/merging", "/players/999"):
        assert client.get(address).status_code == 404
