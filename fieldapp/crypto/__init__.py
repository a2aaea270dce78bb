"""Keys, seals and signatures: bytes in, bytes out; knows no record.

All primitives come from `cryptography`, Argon2id from argon2-cffi. Foreign exceptions end here.
"""
