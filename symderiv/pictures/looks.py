"""How pictures look: colours that the colour-blind, and grey prints, tell apart; sizes of type."""

from __future__ import annotations

INK = "#1a1a1a"
PAPER = "#ffffff"
MUTED = "#5c6166"
BACKWARD = "#b34700"
FIRST = "#0b62a0"
KEPT = "#dfeaf5"
COMMON = "#ffe9a8"
FAINT = "#d9dcdf"
SECOND, THIRD, FOURTH = "#b34700", "#00775a", "#7a3e8e"

CURVES = ((FIRST, "solid"), (SECOND, "dashed"), (THIRD, "dashdot"), (FOURTH, "dotted"))
"""Colour and dashes of each curve in turn."""

CLASSES = {
    INK: "ink", PAPER: "paper", MUTED: "muted", BACKWARD: "backward", FIRST: "first",
    KEPT: "kept", COMMON: "common", FAINT: "faint", THIRD: "third", FOURTH: "fourth",
}  # fmt: skip
"""What a colour is called in the SVG, so that a page may choose another one (for a dark ground)."""

NAME, FORMULA, SMALL, TINY = 13.0, 11.0, 9.5, 8.5
LINE, THIN = 0.9, 0.6
