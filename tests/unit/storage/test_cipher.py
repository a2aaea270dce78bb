from fieldapp.storage.cipher import row_aad


def test_the_parts_of_a_key_cannot_be_shifted_into_each_other() -> None:
    assert row_aad("t.c", b"ab", b"c") != row_aad("t.c", b"a", b"bc")


def test_another_column_of_the_same_row_has_another_name() -> None:
    assert row_aad("t.c", b"a") != row_aad("t.d", b"a")
