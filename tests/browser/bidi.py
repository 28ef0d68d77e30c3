"""Debian's Chromium and Firefox, driven by WebDriver BiDi, which both speak.

The client is small and our own because Debian's browsers are driven over the WebDriver BiDi
standard that they ship, without a driver to download.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from websockets.sync.client import ClientConnection, connect

PROGRAMS = {
    "chromium": ("chromium", "chromedriver"),
    "firefox": ("firefox-esr",),
}
PATIENCE = 60.0
LOOK = Path(__file__).with_name("look.js").read_text("utf-8")


def missing(name: str) -> str:
    """The programs that are not there, in words; empty if nothing is missing."""
    return ", ".join(program for program in PROGRAMS[name] if shutil.which(program) is None)


class Browser:
    """One window."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self.context = ""
        self.dark = False
        self.at: tuple[Path, int] | None = None

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """A command, and what comes back."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("id") == self._count:
                break
        if answer.get("type") == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return dict(answer["result"])

    def open(self, page: Path, width: int, height: int = 844) -> None:
        """Show a file in a window of a size, and wait until its fonts are there."""
        self.at = (page, width)
        if not self.context:
            self.context = self.send("browsingContext.create", type="tab")["context"]
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self.context, viewport=viewport)
        self.send(
            "browsingContext.navigate", context=self.context, url=page.as_uri(), wait="complete"
        )
        self.run("await document.fonts.ready")

    def run(self, body: str) -> Any:
        """What the body of a function returns in the page."""
        text = f"(async () => {{ {body} }})().then((x) => JSON.stringify(x ?? null))"
        answer = self.send(
            "script.evaluate",
            expression=text,
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def look(self, question: str, *about: str) -> Any:
        """What a function of ``look.js`` finds on the page."""
        asked = ", ".join(map(json.dumps, about))
        return self.run(f"{LOOK} return await look.{question}({asked});")

    def fold(self, opened: bool) -> None:
        """Open, or close, whatever can be."""
        self.run(f"{LOOK} fold({json.dumps(opened)});")

    def press(self, *keys: str) -> None:
        """Keys, one after another."""
        moves = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": moves}]
        self.send("input.performActions", context=self.context, actions=actions)

    def printed(self) -> bytes:
        """The page as PDF."""
        answer = self.send("browsingContext.print", context=self.context)
        return base64.b64decode(answer["data"])


@contextmanager
def browser(name: str, *, dark: bool) -> Iterator[Browser]:
    """A browser without a window, in a light or a dark scheme, with a profile of its own."""
    start = _chromium if name == "chromium" else _firefox
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="symderiv-", ignore_cleanup_errors=True)
        )
        yield start(stack, Path(folder), dark)


def _firefox(stack: ExitStack, folder: Path, dark: bool) -> Browser:
    scheme = 0 if dark else 1
    prefs = {
        "layout.css.prefers-color-scheme.content-override": scheme,
        "datareporting.policy.dataSubmissionEnabled": False,
        "browser.aboutwelcome.enabled": False,
        "remote.prefs.recommended": True,
    }
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in prefs.items()]
    (folder / "user.js").write_text("\n".join(lines), "utf-8")
    command = ["firefox-esr", "--headless", "--no-remote", "--profile", str(folder)]
    log = _started(stack, [*command, "--remote-debugging-port", "0"], folder)
    address = _said(log, r"WebDriver BiDi listening on (ws://\S+)")
    shown = Browser(stack.enter_context(connect(f"{address}/session", max_size=None)))
    shown.send("session.new", capabilities={})
    stack.callback(shown.send, "browser.close")
    return shown


def _chromium(stack: ExitStack, folder: Path, dark: bool) -> Browser:
    log = _started(stack, ["chromedriver", "--port=0"], folder)
    port = _said(log, r"started successfully on port (\d+)")
    scheme = 0 if dark else 1
    arguments = [
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}", f"--blink-settings=preferredColorScheme={scheme}",
    ]  # fmt: skip
    options = {"binary": shutil.which("chromium"), "args": arguments}
    wanted = {"alwaysMatch": {"webSocketUrl": True, "goog:chromeOptions": options}}
    request = Request(
        f"http://127.0.0.1:{port}/session",
        json.dumps({"capabilities": wanted}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=PATIENCE) as answer:
        session = json.load(answer)["value"]
    shown = Browser(
        stack.enter_context(connect(session["capabilities"]["webSocketUrl"], max_size=None))
    )
    stack.callback(shown.send, "browser.close")
    return shown


def _started(stack: ExitStack, command: list[str], folder: Path) -> Path:
    """Start a program that ends with the stack; what it says goes into a file."""
    log = folder / "log.txt"
    out = stack.enter_context(log.open("wb"))
    environment = {**os.environ, "MOZ_HEADLESS": "1"}
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    stack.callback(_ended, process)
    return log


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(PATIENCE)


def _said(log: Path, pattern: str) -> str:
    """What a program says when it is ready."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = re.search(pattern, log.read_text("utf-8", "replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"no answer like {pattern!r} in:\n{log.read_text('utf-8', 'replace')}")
