"""The bytes that pieces stand for."""

from __future__ import annotations

from hubtui.core.byte_pieces import byte_characters, byte_level_bytes, bytes_text, fallback_byte, hex_text


def test_each_byte_has_one_character_as_the_library_has_it() -> None:
    from tokenizers.pre_tokenizers import ByteLevel

    assert set(byte_characters()) == set(ByteLevel.alphabet())
    assert sorted(byte_characters().values()) == list(range(256))


def test_the_bytes_of_a_piece_are_those_that_the_library_wrote_it_for() -> None:
    from tokenizers.pre_tokenizers import ByteLevel

    for text in ("café", " naïve\n", "你好", "\x00\x7f\xad\xa0", "👩‍👩‍👧"):
        written = "".join(piece for piece, _ in ByteLevel(add_prefix_space=False).pre_tokenize_str(text))
        data = byte_level_bytes(written)
        assert data == text.encode()
        assert bytes_text(data) == text


def test_a_piece_that_is_cut_inside_a_character_says_its_bytes_and_no_text() -> None:
    data = byte_level_bytes("Ã")
    assert data == b"\xc3"
    assert hex_text(data) == "c3"
    assert bytes_text(data) is None


def test_what_is_not_of_the_alphabet_has_no_bytes() -> None:
    assert byte_level_bytes("你") is None
    assert byte_level_bytes("a b") is None


def test_byte_fallback_is_known_by_its_form() -> None:
    assert fallback_byte("<0xC3>") == b"\xc3"
    assert fallback_byte("<0xc3>") is None
    assert fallback_byte("a<0xC3>") is None
