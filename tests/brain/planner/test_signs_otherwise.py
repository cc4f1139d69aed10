"""A complaint is told by many words; one that names no symptom is told from no complaint at all."""

import pytest

from brain.domain.incident import Symptom
from brain.planner.words import read_message

SAID_OTHERWISE: dict[Symptom, list[str]] = {
    Symptom.SLOW_WIFI: [
        "the signal is weak in the back bedroom",
        "internet slows down every evening",
        "Videos hängen dauernd",
        "im Keller geht nichts, oben schon",
        "filmpjes blijven hangen",
        "los videos se paran todo el rato",
        "le debit est catastrophique",
    ],
    Symptom.NO_INTERNET: [
        "modem will not come up after the power cut",
        "bei uns geht gar nichts mehr",
        "we've got nothing, all lights red",
        "het internet ligt eruit",
        "se ha ido internet",
        "internet ne marche plus",
    ],
    Symptom.SITES_DO_NOT_OPEN: [
        "facebook and google wont load",
        "full bars but nothing loads",
        "es laedt nichts, Empfang ist voll",
        "er laadt niks in de browser",
        "no me carga nada",
        "rien ne charge",
    ],
    Symptom.UNSTABLE_LINE: [
        "we get kicked off every ten minutes",
        "staendig Verbindungsabbrueche",
        "we lose the internet every evening",
        "Die Verbindung reißt immer wieder ab",
        "se cae la conexion constantemente",
        "la connexion saute toutes les dix minutes",
    ],
    Symptom.DELAY: [
        "ping jumps to 400 in the evening",
        "sobald ein Backup läuft, ruckelt alles",
        "zodra iemand uploadt is bellen met beeld niet te doen",
        "el ping sube a 300",
        "le ping explose",
    ],
    Symptom.CANNOT_JOIN: [
        "her kindle refuses to connect",
        "Drucker kommt nicht mehr ins WLAN",
        "it says no ip when a guest types the code",
        "das Tablet findet das WLAN nicht",
        "mijn telefoon kan geen verbinding maken met de wifi",
        "no me aparece la red wifi",
        "l'ordinateur n'arrive pas à se connecter au wifi",
    ],
    Symptom.DEVICES_APART: [
        "I can't get my pictures onto the telly from my phone",
        "Handy findet den Chromecast nicht",
        "kan niet printen vanaf mijn laptop",
        "de printer is offline",
        "no puedo enviar videos a la tele",
        "impossible d'imprimer depuis la tablette",
    ],
    Symptom.BLOCKED: [
        "my son can't join his friends' game",
        "die Playstation meldet NAT-Typ 3",
        "company VPN times out",
        "le vpn ne se connecte pas",
    ],
    Symptom.NOT_REACHED_FROM_OUTSIDE: [
        "I can't see my camera from work",
        "von unterwegs komme ich nicht auf die Kamera",
        "desde fuera no puedo ver las camaras",
    ],
    Symptom.NO_TELEVISION: [
        "channels freeze after a few seconds",
        "Der Fernseher bleibt dauernd stehen",
        "alle zenders staan stil",
        "no se ve la tele",
        "plus d'image a la tele",
    ],
    Symptom.NO_TELEPHONE: [
        "nobody can call us on the landline",
        "plus de tonalité sur le fixe",
        "ich kann nicht mehr telefonieren",
        "no puedo hacer llamadas con el fijo",
    ],
    Symptom.WRONG_CLOCK: [
        "the time on the box is an hour off",
        "the children's curfew begins at noon",
        "de klok van het modem loopt achter",
    ],
    Symptom.FORGOT_WIFI_PASSPHRASE: [
        "Ich weiß das WLAN-Passwort nicht mehr",
        "no me acuerdo de la contraseña del wifi",
        "je ne me souviens plus du mot de passe wifi",
    ],
}
"""The same as people say it who leave accents and apostrophes out, or talk around it."""


@pytest.mark.parametrize(
    ("symptom", "text"),
    [(symptom, text) for symptom, said in SAID_OTHERWISE.items() for text in said],
)
def test_a_complaint_is_told_by_other_words_too(symptom: Symptom, text: str) -> None:
    assert read_message(text).symptom is symptom


@pytest.mark.parametrize(
    "text",
    [
        "my router is acting up",
        "wifi is broken",
        "Mit dem Router stimmt etwas nicht",
        "er is iets mis met het modem",
        "hay un problema con el router",
        "j'ai un souci avec la box",
    ],
)
def test_a_complaint_that_names_no_symptom_is_one_nevertheless(text: str) -> None:
    read = read_message(text)

    assert (read.symptom, read.complains) == (Symptom.UNCLEAR, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it is broken",
        "es geht nicht",
        "no funciona",
        "Customer called about the router. Please have a look.",
        "What can you tell me about this router?",
        "Mijn man zei dat ik moest bellen",
        "Kunde bittet um Rückruf",
    ],
)
def test_who_names_nothing_or_no_trouble_does_not_complain(text: str) -> None:
    read = read_message(text)

    assert (read.symptom, read.complains) == (Symptom.UNCLEAR, False)


def test_a_known_symptom_is_kept_before_a_complaint_that_names_none() -> None:
    read = read_message("the wifi is broken", known=Symptom.NO_INTERNET)

    assert (read.symptom, read.complains) == (Symptom.NO_INTERNET, False)


@pytest.mark.parametrize(
    "text", ["we lost the connection, and the password is right", "lost signal, password ok"]
)
def test_a_lost_connection_is_no_forgotten_passphrase(text: str) -> None:
    assert read_message(text).symptom is not Symptom.FORGOT_WIFI_PASSPHRASE
