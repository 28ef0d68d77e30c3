"""Formulas in LaTeX that a person wrote: what they may hold, and how one reads in plain text."""

from symderiv.render.authored.check import is_formula
from symderiv.render.authored.commands import COMMANDS, DELIMITERS, ENVIRONMENTS, KINDS, TEXTS
from symderiv.render.authored.plain import plain_tex

__all__ = ["COMMANDS", "DELIMITERS", "ENVIRONMENTS", "KINDS", "TEXTS", "is_formula", "plain_tex"]
