"""The contract on the wire: bytes and verdicts, shared by app and server.

Pure: no input or output, no clock, no chance, no third-party import. Signatures are checked
by a `verify` function that the caller hands in. docs/PROTOCOL.md describes every byte.
"""
