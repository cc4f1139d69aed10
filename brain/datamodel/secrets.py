"""Which paths hold credentials, by name, where the data model does not say so.

The model marks most of them hidden or secured, but not all (``Ethernet.WoL.Password``), and says
nothing of a vendor's own. Taking one too many for a secret costs a readable value; taking one too
few would show it.
"""

_ENDINGS = (
    "password",
    "passwordhash",
    "passphrase",
    "pinphrase",
    "secret",
    "presharedkey",
    "psk",
    "pskc",
    "wepkey",
    "networkkey",
    "privatekey",
    "encryptionkey",
    "privatecredential",
    "token",
    "puk",
)


def named_like_a_secret(path: str) -> bool:
    """Whether the last name of this path, template or argument is that of a credential."""
    name = path.rpartition(".")[2]
    return name.lower().endswith(_ENDINGS) or name.endswith(("PIN", "Pin", "Passwd", "Pwd"))
