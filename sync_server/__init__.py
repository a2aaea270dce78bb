"""Baraza sync server: keeps and hands on sealed batches that it cannot read."""
