"""Storage: the officer's vault, the folder it lives in, and the HQ store.

SQLAlchemy and sqlite3 are used here and nowhere else in the field app. Nothing in this package
knows how a key is made or stretched: encryption is handed in as a ``RowCipher``.

Read first ``vault.py`` (every method of a transaction), then ``rows.py`` (what they take and give),
``tables.py`` (what stands in clear) and ``schema.py`` (how a vault grows older).
"""
