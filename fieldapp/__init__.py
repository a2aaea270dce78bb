"""Baraza field app: record offline, seal, send; see docs/ARCHITECTURE.md for the floors."""

__version__ = "0.1.0"
