"""Every complaint is told by its words, in English, German, Dutch, Spanish and French."""

import pytest

from brain.domain.incident import Symptom
from brain.planner.evidence import WISHES
from brain.planner.signs import signs
from brain.planner.words import read_message

SAID: dict[Symptom, list[str]] = {
    Symptom.SLOW_WIFI: [
        "The wifi is slow in the bedroom",
        "Das WLAN ist langsam",
        "de wifi is traag",
        "el wifi va muy lento",
        "le wifi est lent",
    ],
    Symptom.NO_INTERNET: [
        "There is no internet at all",
        "Seit heute kein Internet",
        "We hebben geen internet",
        "Estamos sin internet",
        "Je n'ai plus d'internet",
    ],
    Symptom.SITES_DO_NOT_OPEN: [
        "Some pages did not open this morning",
        "Die Seiten laden nicht",
        "De pagina's openen niet",
        "No se abren las páginas",
        "Les pages ne s'ouvrent pas",
    ],
    Symptom.UNSTABLE_LINE: [
        "The connection comes and goes",
        "Die Verbindung bricht ständig ab",
        "Het internet valt steeds weg",
        "El internet se corta",
        "Il y a des coupures toute la journée",
    ],
    Symptom.DELAY: [
        "High ping in games in the evening",
        "Everything is slow whenever the backup is uploading",
        "Der Ping ist zu hoch",
        "Er is veel vertraging tijdens het gamen",
        "Hay mucha latencia al jugar",
        "Il y a trop de latence dans les jeux",
    ],
    Symptom.CANNOT_JOIN: [
        "Her old laptop cannot connect to the wifi",
        "The wifi network has disappeared",
        "Mein Laptop kommt nicht ins WLAN",
        "De laptop kan niet op de wifi",
        "El portátil no se conecta al wifi",
        "Le wifi a disparu",
    ],
    Symptom.DEVICES_APART: [
        "The phone does not find the printer",
        "The laptop can't see the Chromecast",
        "Der Drucker wird nicht gefunden",
        "De printer wordt niet gevonden",
        "La impresora no aparece en el portátil",
        "L'imprimante n'est pas trouvée",
    ],
    Symptom.BLOCKED: [
        "The game on the console cannot connect",
        "Her work VPN does not connect",
        "Das Spiel wird blockiert",
        "Het spel wordt geblokkeerd",
        "El juego está bloqueado",
        "Le jeu est bloqué",
    ],
    Symptom.NOT_REACHED_FROM_OUTSIDE: [
        "The camera cannot be reached from outside",
        "Die Kamera ist von außen nicht erreichbar",
        "De camera is van buiten niet bereikbaar",
        "La cámara no se ve desde fuera",
        "La caméra est inaccessible de l'extérieur",
    ],
    Symptom.NO_TELEVISION: [
        "The set-top box shows no picture",
        "Der Fernseher hat kein Bild",
        "De televisie geeft geen beeld",
        "La televisión se queda sin imagen",
        "Le décodeur affiche un écran noir",
    ],
    Symptom.NO_TELEPHONE: [
        "The landline is dead",
        "There is no dial tone",
        "Das Telefon geht nicht",
        "De vaste telefoon doet het niet",
        "El teléfono fijo no funciona",
        "Le téléphone ne marche plus",
    ],
    Symptom.WRONG_CLOCK: [
        "The clock on the router is wrong",
        "Die Uhrzeit ist falsch",
        "De tijd is verkeerd",
        "La hora está mal",
        "L'heure est fausse",
    ],
    Symptom.NOT_REPORTING: [
        "This CPE went stale in our inventory, the last inform is from yesterday",
        "The box does not report to the ACS any more",
        "Device stopped informing",
        "Das Gerät meldet sich kaum noch bei uns",
        "Het modem meldt zich nauwelijks meer bij ons",
        "El equipo apenas se comunica con el servidor",
        "La box ne contacte plus le serveur",
    ],
    Symptom.NO_IPV6: ["IPv6 does not work", "Ich habe kein IPv6"],
    Symptom.FORGOT_WIFI_PASSPHRASE: [
        "She forgot the wifi password",
        "WLAN Passwort vergessen",
        "Het wachtwoord vergeten",
        "He olvidado la contraseña",
        "J'ai oublié le mot de passe",
    ],
}


@pytest.mark.parametrize(
    ("symptom", "text"), [(symptom, text) for symptom, said in SAID.items() for text in said]
)
def test_a_complaint_is_told_by_its_words(symptom: Symptom, text: str) -> None:
    assert read_message(text).symptom is symptom


def test_a_telephone_or_a_person_who_does_not_call_is_no_box_that_does_not() -> None:
    for text in (
        "Das Telefon meldet sich nicht",
        "The customer never calls back",
        "My device calls are lagging",
        "The router stopped working yesterday, no internet",
    ):
        assert read_message(text).symptom is not Symptom.NOT_REPORTING


def test_every_complaint_has_signs_and_examples() -> None:
    known = set(Symptom) - {Symptom.UNCLEAR, Symptom.EXPLICIT_REQUEST}

    assert {symptom for symptom, _ in signs()} == known == set(SAID)
    assert WISHES - {Symptom.EXPLICIT_REQUEST} <= known


def test_an_address_and_a_port_are_read_when_exactly_one_is_named() -> None:
    one = read_message("the camera at 192.168.1.14 is not reached from outside on port 8554")
    two = read_message("not reached from outside: ports port 80 and port 443, 10.0.0.1 or 10.0.0.2")

    assert (one.address, one.port) == ("192.168.1.14", 8554)
    assert (two.address, two.port) == ("", 0)


def test_a_port_is_of_tcp_unless_the_message_says_udp_alone() -> None:
    said = ("port 5060", "udp port 5060", "port 5060 tcp and udp")

    assert [read_message(each).transport for each in said] == ["TCP", "UDP", "TCP"]


def test_a_port_that_cannot_be_is_none() -> None:
    assert read_message("from outside on port 99999").port == 0
