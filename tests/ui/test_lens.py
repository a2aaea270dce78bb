"""The camera inside the app: outward first, upright, in memory, and no fault when it refuses."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from flet_camera import CameraDescription, CameraLensDirection
from PIL import Image

from fieldapp.ui.lens import Lens, has_camera
from tests.support.headless import Headless

FRONT = CameraDescription("front", CameraLensDirection.FRONT, 270)
BACK = CameraDescription("back", CameraLensDirection.BACK, 90)


def frame(width: int = 40, height: int = 30) -> bytes:
    """A frame whose upper left corner is red."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((255, 0, 0), (0, 0, 10, 10))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=95)
    return target.getvalue()


class Device:
    """A phone's camera control, as far as a lens asks it."""

    def __init__(self, lens: Lens, cameras: list[CameraDescription]) -> None:
        self.lens, self.cameras = lens, cameras
        self.began: list[str] = []
        self.not_yet = 2
        self.is_streaming = False

    async def get_available_cameras(self) -> list[CameraDescription]:
        self.not_yet -= 1
        if self.not_yet > 0:
            raise RuntimeError
        return self.cameras

    async def initialize(self, description: CameraDescription, _: object, **more: object) -> None:
        assert more == {"enable_audio": False}
        self.began.append(description.name)

    async def take_picture(self) -> bytes:
        raise AssertionError("Android writes such a picture into its cache")

    async def start_image_stream(self) -> None:
        self.is_streaming = True
        event: Any = SimpleNamespace(bytes=frame())
        self.lens._take(event)

    async def stop_image_stream(self) -> None:
        self.is_streaming = False


@pytest.fixture
async def phone() -> AsyncIterator[Headless]:
    page = Headless(platform="android")
    yield page
    await page.close()


def lens_with(*cameras: CameraDescription) -> tuple[Lens, Device]:
    lens = Lens()
    device = Device(lens, list(cameras))
    lens.view = device
    return lens, device


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("cameras", "turn", "corner"),
    [
        ((FRONT, BACK), "portraitUp", "right"),
        ((FRONT, BACK), "landscapeLeft", "left"),
        ((FRONT,), "portraitUp", "lower left"),
    ],
)
async def test_a_frame_of_the_outward_camera_is_turned_upright(
    cameras: tuple[CameraDescription, ...], turn: str, corner: str
) -> None:
    lens, device = lens_with(*cameras)
    assert await lens.open()
    assert device.began == [cameras[-1].name]
    event: Any = SimpleNamespace(device_orientation=SimpleNamespace(value=turn))
    lens._follow(event)
    taken = Image.open(io.BytesIO(await lens.shoot() or b""))
    assert not device.is_streaming
    places = {
        "left": (4, 4),
        "right": (taken.width - 5, 4),
        "lower left": (4, taken.height - 5),
    }
    red = {name for name, at in places.items() if taken.getpixel(at)[1] < 100}  # type: ignore[index]
    assert red == {corner}
    assert taken.size == ((40, 30) if corner == "left" else (30, 40))


@pytest.mark.usefixtures("phone")
async def test_a_phone_without_a_camera_and_one_that_refuses_give_none() -> None:
    lens, _ = lens_with()
    assert not await lens.open()
    lens, device = lens_with(BACK)

    async def refuse(*_: object, **__: object) -> None:
        raise RuntimeError

    device.initialize = refuse  # type: ignore[method-assign]
    assert not await lens.open()
    device.start_image_stream = refuse  # type: ignore[method-assign]
    assert await lens.shoot() is None


@pytest.mark.usefixtures("phone")
async def test_a_frame_that_is_no_picture_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    lens, device = lens_with(BACK)
    assert await lens.open()
    monkeypatch.setattr("tests.ui.test_lens.frame", lambda: b"\xff\xd8 torn")
    assert await lens.shoot() is None
    assert not device.is_streaming


@pytest.mark.parametrize(("platform", "has"), [("android", True), ("linux", False)])
async def test_a_window_without_a_camera_control_offers_none(platform: str, has: bool) -> None:
    page = Headless(platform=platform)
    assert has_camera(page.page) is has
    await page.close()
