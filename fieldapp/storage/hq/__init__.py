"""The HQ store: opened records as flat tables, on a machine whose disk is encrypted.

It is plaintext, made only where a person asked for it, and can be thrown away and rebuilt from the
vault at any time. Restricted records enter as counts only.
"""
