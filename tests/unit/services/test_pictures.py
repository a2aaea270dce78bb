"""Shrinking: small enough for a slow link, upright, and silent about where it was taken."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from fieldapp.domain.media import MAX_THUMB_BYTES
from fieldapp.errors import InvalidFieldError
from fieldapp.services import pictures
from fieldapp.services.pictures import MAX_EDGE, MAX_PHOTO_BYTES, shrink
from tests.support.pictures import GPS_TAG, MARKER, noise, photo


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


@pytest.mark.parametrize("size", [(3_000, 2_000), (900, 2_400), (40, 30), (1, 1)], ids=str)
def test_a_picture_and_its_thumbnail_are_small_whatever_came(size: tuple[int, int]) -> None:
    made = shrink(photo(*size))
    small = opened(made.content)
    assert small.format == "JPEG"
    assert max(small.size) <= MAX_EDGE
    assert len(made.content) <= MAX_PHOTO_BYTES
    assert len(made.thumb) <= MAX_THUMB_BYTES
    assert opened(made.thumb).format == "JPEG"
    assert abs(small.width / small.height - size[0] / size[1]) < 0.05


def test_place_maker_and_comment_are_gone() -> None:
    raw = photo()
    assert opened(raw).getexif().get_ifd(GPS_TAG)
    assert MARKER in raw
    made = shrink(raw)
    for one in (made.content, made.thumb):
        assert not opened(one).getexif()
        assert MARKER not in one
        assert b"Exif" not in one
        assert set(opened(one).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(("turned", "size"), [(1, (320, 240)), (6, (240, 320)), (8, (240, 320))])
def test_a_picture_stands_as_it_was_held(turned: int, size: tuple[int, int]) -> None:
    assert opened(shrink(photo(turned=turned)).content).size == size


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK", "1", "I;16"])
def test_every_kind_of_points_is_understood(mode: str) -> None:
    target = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (20, 10)).save(target, kind)
    assert opened(shrink(target.getvalue()).content).size == (20, 10)


def test_what_is_see_through_is_white_paper() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(target, "PNG")
    pixel = opened(shrink(target.getvalue()).content).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


@pytest.mark.parametrize(
    "raw",
    [b"", b"no picture", b"%PDF-1.7", photo()[:400], b"\xff\xd8\xff\xe0" + b"x" * 50],
    ids=["nothing", "text", "pdf", "cut", "broken"],
)
def test_what_is_no_picture_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        shrink(raw)
    assert caught.value.code == "not_a_picture"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def part(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 6_001)], ids=str)
def test_a_bomb_is_refused_before_it_opens(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        shrink(bomb(*size))
    assert caught.value.code == "picture_too_large"


def test_a_file_too_large_to_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_INPUT_BYTES", 100)
    with pytest.raises(InvalidFieldError) as caught:
        shrink(photo())
    assert caught.value.code == "picture_too_large"


def test_a_web_picture_is_taken_too() -> None:
    target = io.BytesIO()
    noise(60, 40).save(target, "WEBP")
    assert opened(shrink(target.getvalue()).content).size == (60, 40)


def test_the_app_starts_without_the_picture_library() -> None:
    code = "import sys, fieldapp.services.facade; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
