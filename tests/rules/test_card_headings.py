"""Recognizing the fields of an imported table by their headings."""

import pytest

from rules.card_headings import fields_of, heading_row


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("ФИО;Дата рожд.;Тел. моб.;Примечание;Номер ИИН", "full_name birth_date phone note iin"),
        ("Моб. телефон;Телефон мамы;Имя мамы", "phone contact_phone contact_name"),
        ("Фамилия пациента;ИМЯ;Отчество;Пол;ИИН", "family_name given_name middle_name sex iin"),
        ("Тегі;Аты;Әкесінің аты;ЖСН;Туған күні;Жынысы", "family_name given_name middle_name iin birth_date sex"),
        ("Last name;First name;Date of birth;E-mail;Mobile", "family_name given_name birth_date email phone"),
        ("Контактное лицо;Телефон контактного лица;Контактный телефон", "contact_name contact_phone phone"),
        ("Аты-жөні;Байланыс тұлғасы;Байланыс тұлғасының телефоны", "full_name contact_name contact_phone"),
    ],
)
def test_headings_are_known_in_three_languages(headings: str, fields: str) -> None:
    assert fields_of(headings.split(";")) == fields.split()


def test_a_second_column_of_one_field_and_a_strange_one_are_left_out() -> None:
    assert fields_of(["Телефон", "Телефон 2", "Скидка", ""]) == ["phone", "", "", ""]


def test_the_headings_may_stand_below_a_title() -> None:
    assert heading_row([["Пациенты клиники"], ["Фамилия", "Имя"], ["Ли", "Дана"]]) == 1
    assert heading_row([["Ли", "Дана"], ["Ким", "Олег"]]) == 0
