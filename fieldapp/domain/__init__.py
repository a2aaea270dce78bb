"""What is recorded, by whom, and how changes become a record: pure rules and declarations.

Laws:
  * Standard library only; no I/O, no clock, no chance, no third-party import.
  * A record type is one declaration in ``record_types``; forms, checks, schema, lists and
    tables all follow from it.
"""
