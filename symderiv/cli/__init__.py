"""The command ``symderiv``."""

from symderiv.cli.ending import main

__all__ = ["main"]
