"""A page without a client: real Flet session, real components, no browser.

Uses internals of flet 1.0.5, hence the exact pin. Acts as the client does: properties first,
then the event.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.components.public_utils import unwrap_component
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from fieldapp.ui.components.boundary import LOGGER

C = TypeVar("C", bound=ft.BaseControl)
PATIENCE_SECONDS = 5.0


class Faults(logging.Handler):
    """The faults that the app reported in words for its log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.are_expected = False
        LOGGER.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())

    def end(self) -> None:
        """Stop listening."""
        LOGGER.removeHandler(self)


class Headless(Connection):
    """One page and its client's half of the conversation."""

    def __init__(
        self,
        width: int = 360,
        height: int = 740,
        platform: str = "android",
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.page_url = "http://test"
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(self.loop, self.executor)
        self.answers = dict(answers or {})
        self.calls: list[tuple[str, Any]] = []
        self.errors: list[str] = []
        # What the app caught itself is a fault all the same, unless a test made it.
        self.faults = Faults()
        self.sent_bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.session = Session(self)
        self.page = self.session.page
        self.session.apply_page_patch(
            {"width": width, "height": height, "route": "/", "platform": platform, "web": False}
        )
        _context_page.set(self.page)
        self._pack(self.session.get_page_patch())
        self.session.start_updates_scheduler()

    def _pack(self, obj: object) -> bytes:
        """Serialise, which is also what makes Flet remember what the client has seen."""
        packed = msgpack.packb(obj, default=configure_encode_object_for_msgpack(ft.BaseControl))
        return bytes(packed)

    def send_message(self, message: Any) -> None:
        """Take what would go to the client."""
        self.sent_bytes += len(self._pack([message.action, message.body]))
        if message.action == MessageAction.INVOKE_METHOD:
            self.calls.append((message.body.name, message.body.args))
            task = self.loop.create_task(self._answer(message.body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif message.action == MessageAction.SESSION_CRASHED:
            self.errors.append(message.body.message)

    async def _answer(self, body: Any) -> None:
        if body.name == "push_route":
            self.page.route = body.args["route"]
            await self.session.dispatch_event(
                self.page._i, "route_change", {"route": body.args["route"]}
            )
        given = self.answers.get(body.name)
        result = given(body.args) if callable(given) else given
        self.session.handle_invoke_method_results(body.control_id, body.call_id, result, None)

    async def start(self, main: Callable[[ft.Page], object]) -> Headless:
        """Run the app's entry as a new session does."""
        main(self.page)
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def settle(self, rounds: int = 12) -> None:
        """Let the scheduler and worker threads have their turns."""
        for _ in range(rounds):
            await asyncio.sleep(0.005)
        assert not self.errors, self.errors[0]
        assert self.faults.are_expected or not self.faults.lines, self.faults.lines[0]

    async def until(self, holds: Callable[[], object], what: str = "condition") -> None:
        """Wait for a condition, or say what was on the screen instead."""
        deadline = self.loop.time() + PATIENCE_SECONDS
        while not holds():
            assert self.loop.time() < deadline, f"{what}; on screen: {self.texts()}"
            await self.settle(2)

    async def sees(self, words: str) -> None:
        """Wait until some text on the screen contains these words."""
        await self.until(lambda: self.shows(words), f"no {words!r}")

    def shows(self, words: str) -> bool:
        """Tell whether these words are part of any text or label on the screen."""
        return any(words in text for text in self.words())

    def views(self) -> list[Any]:
        """The stack of views, the visible one last."""
        return _flat(self.page.views)

    def walk(self) -> Iterator[ft.BaseControl]:
        """All controls of the visible view and the dialogs, in reading order."""
        roots: list[Any] = [self.views()[-1:], self.page._dialogs.controls]
        stack, seen = list(reversed(roots)), set[int]()
        while stack:
            control = unwrap_component(stack.pop())
            if isinstance(control, (list, tuple)):
                stack.extend(reversed(control))
            elif isinstance(control, ft.BaseControl) and id(control) not in seen:
                seen.add(id(control))
                yield control
                values = [getattr(control, f.name, None) for f in dataclasses.fields(control)]
                stack.extend(v for v in reversed(values) if _holds_controls(v))

    def all(self, kind: type[C], **props: Any) -> list[C]:
        """All controls of a kind with these properties."""
        return [
            control
            for control in self.walk()
            if isinstance(control, kind)
            and all(getattr(control, name, None) == value for name, value in props.items())
        ]

    def get(self, kind: type[C], **props: Any) -> C:
        """The one control of a kind with these properties."""
        found = self.all(kind, **props)
        assert len(found) == 1, f"{len(found)} {kind.__name__} {props}; on screen: {self.texts()}"
        return found[0]

    def texts(self) -> list[str]:
        """Every text on the screen."""
        return [text.value for text in self.all(ft.Text) if text.value]

    def words(self) -> list[str]:
        """Every text, label, error and spoken name on the screen."""
        found: list[str] = []
        for control in self.walk():
            for name in ("value", "label", "error", "error_text", "helper", "title", "content"):
                value = getattr(control, name, None)
                if isinstance(value, str):
                    found.append(value)
        return found

    async def fire(
        self, control: ft.BaseControl, event: str, data: Any = None, **props: Any
    ) -> None:
        """Change a control's properties and raise its event."""
        if props:
            self.session.apply_patch(control._i, props)
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def press(self, name: str) -> None:
        """Press the one thing that is called this."""
        await self.until(lambda: self._pressable(name), f"nothing to press called {name!r}")
        await self.fire(self._pressable(name)[0], "click")

    def _pressable(self, name: str) -> list[ft.BaseControl]:
        found: list[ft.BaseControl] = []
        for control in self.walk():
            if getattr(control, "disabled", False) or not getattr(control, "on_click", None):
                continue
            if _name_of(control) == name:
                found.append(control)
        return found

    async def type(self, label: str, words: str) -> None:
        """Type into the one text field with this label."""
        await self.until(lambda: self.all(ft.TextField, label=label), f"no field {label!r}")
        await self.fire(self.get(ft.TextField, label=label), "change", words, value=words)

    async def close(self) -> None:
        """End the session."""
        self.faults.end()
        self.session.close()
        self.executor.shutdown()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.sleep(0)


def _flat(value: Any) -> list[Any]:
    """Resolve components to what they drew and join nested lists."""
    drawn = unwrap_component(value)
    if isinstance(drawn, (list, tuple)):
        return [view for part in drawn for view in _flat(part)]
    return [] if drawn is None else [drawn]


def _holds_controls(value: Any) -> bool:
    return isinstance(value, (ft.BaseControl, list))


def _name_of(control: ft.BaseControl) -> str | None:
    """What a person would call a control: its words, its tooltip or its spoken label."""
    data = getattr(control, "data", None)
    if isinstance(data, str):
        return data
    for name in ("content", "text", "tooltip", "title", "label"):
        value = getattr(control, name, None)
        if isinstance(value, str):
            return value
        if isinstance(value, ft.Text):
            return value.value
    return None
