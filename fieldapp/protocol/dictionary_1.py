"""Preset dictionary 1: schema words and invented text; never to be changed (PROTOCOL 2.4)."""

from typing import Final

DICTIONARY_1: Final = b'{"r":"","y":"meeting","x":"KE-","t":,"o":"s","f":{},"b":{},"u":"","v":1}'
