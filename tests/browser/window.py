"""A window of Debian's Chromium or Firefox, and the questions of ``look.js`` to what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright

PROGRAMS = {"chromium": "chromium", "firefox": "firefox-esr"}
LOOK = Path(__file__).with_name("look.js")
HEIGHT = 844


@dataclass
class Window:
    """One page at a time, in a light or in a dark scheme."""

    page: Page
    dark: bool
    at: Path | None = None

    def open(self, file: Path, width: int) -> None:
        """Load a file into a window of a width, and wait until its fonts are there."""
        self.widen(width)
        self.page.goto(file.as_uri())
        self.page.evaluate("document.fonts.ready.then(() => null)")
        self.at = file

    def widen(self, width: int) -> None:
        """Another width for what is shown."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.wait_for_function("width => innerWidth === width", arg=width)

    def look(self, question: str, *about: Any) -> Any:
        """What a function of ``look.js`` finds on the page."""
        return self.page.evaluate(f"about => look.{question}(...about)", list(about))

    def fold(self, *, opened: bool) -> None:
        """Open, or close, whatever can be."""
        self.look("fold", opened)

    @contextmanager
    def on_a_screen(self, ratio: float) -> Iterator[Window]:
        """A window of the same browser on a screen of so many pixels for each of the page's."""
        browser = self.page.context.browser
        assert browser is not None
        scheme = "dark" if self.dark else "light"
        with browser.new_context(
            device_scale_factor=ratio,
            color_scheme=scheme if browser.browser_type.name == "chromium" else "null",
        ) as context:
            context.add_init_script(path=LOOK)
            yield Window(context.new_page(), self.dark)

    def printed(self) -> bytes:
        """The page as PDF, on A4 with margins of a centimetre."""
        # Playwright hands Firefox the number of inches where WebDriver BiDi wants centimetres.
        cm = "in" if self.page.context.browser.browser_type.name == "firefox" else "cm"
        margin = dict.fromkeys(("top", "right", "bottom", "left"), f"1{cm}")
        return self.page.pdf(width=f"21{cm}", height=f"29.7{cm}", margin=margin)


@contextmanager
def window(playwright: Playwright, name: str, *, dark: bool) -> Iterator[Window]:
    """A window of a browser with a profile of its own."""
    program = shutil.which(PROGRAMS[name])
    if name == "chromium":
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(color_scheme="dark" if dark else "light")
    else:  # Debian's Firefox, unlike Playwright's own, takes the scheme from its preferences only
        scheme = {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
        browser = playwright.firefox.launch(
            channel="moz-firefox", executable_path=program, firefox_user_prefs=scheme
        )
        context = browser.new_context(color_scheme="null")
    with browser:
        context.add_init_script(path=LOOK)
        yield Window(context.new_page(), dark)
