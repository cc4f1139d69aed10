"""How loud a radio is at a distance, through walls and floors.

Path loss is ITU-R P.1238-9 (indoor, residential): 20 log f + N log d + floors - 28, f in MHz and d
in metres. Its distance coefficient already holds furniture and light partitions; each brick or
concrete wall costs on top what COST 231 (final report, 4.7.2) gives for a heavy one.
"""

from math import log10

_N = {"2.4GHz": 28.0, "5GHz": 30.0, "6GHz": 30.0}
"""Distance power loss coefficient (P.1238 table 2, residential)."""
_MHZ = {"2.4GHz": 2440.0, "5GHz": 5500.0, "6GHz": 6200.0}
_WALL_DB = {"2.4GHz": 6.9, "5GHz": 9.0, "6GHz": 9.5}
"""A heavy wall: 6.9 dB at 2 GHz, and some more above (ITU-R P.2040, brick)."""
_FLOOR_DB = {"2.4GHz": 5.0, "5GHz": 7.0, "6GHz": 7.0}
"""Per floor (P.1238 table 3, house)."""
EIRP_DBM = {"2.4GHz": 20.0, "5GHz": 23.0, "6GHz": 23.0}
"""What a home gateway may radiate indoors (EN 300 328, EN 301 893, ECC/DEC(20)01)."""
_NEAREST_METRES = 1.0


def path_loss_db(band: str, metres: float, walls: int = 0, floors: int = 0) -> float:
    """What is lost on the way, in dB."""
    distance = max(metres, _NEAREST_METRES)
    free = 20 * log10(_MHZ[band]) + _N[band] * log10(distance) - 28
    return free + walls * _WALL_DB[band] + floors * _FLOOR_DB[band]


def sent_dbm(band: str, percent: float) -> float:
    """What a gateway radiates at this TransmitPower, in percent of the most (TR-181)."""
    return EIRP_DBM[band] + 10 * log10(max(percent, 0.1) / 100)
