"""The few words that an article says of itself."""

from __future__ import annotations

from symderiv.core.messages import N_

INSTALL = 'pip install "symderiv[pdf]"'
"""What brings Typst and the fonts of Hangul."""
CONTENTS = N_("Contents")
HOME = N_("All pages")
NAVIGATION = N_("Navigation")
SKIP = N_("Skip to the text")
RULES = N_("Rules")
CHECKED = N_("checked")
WRONG = N_("wrong")
NOT_TESTED = N_("not tested")
SIZES = N_("sizes tried")
PLACES = N_("places compared")
WORST = N_("worst relative error")
PROVIDED = N_("holds where")
STEPS = N_("{count} steps")
LINK_TO_LINE = N_("Link to line {line} of {name}")
FOOTNOTES = N_("Footnotes")
DERIVATION = N_("Derivation {number}")
COPY = N_("Copy LaTeX")
COPIED = N_("Copied")
