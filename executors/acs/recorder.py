"""Writes down what devices on TR-069 say otherwise, as far as the data model finds it worth it."""

from typing import Final

from brain.datamodel.traits import trait_of
from brain.history.recording import Recorder

RECORDER: Final = Recorder(trait=trait_of)
