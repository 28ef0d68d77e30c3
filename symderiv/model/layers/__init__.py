"""Layers: frozen objects that make equations from an array, one file for each."""

from symderiv.model.layers.activation import Activation
from symderiv.model.layers.dense import Dense
from symderiv.model.layers.layer import Layer
from symderiv.model.layers.softmax import Softmax

__all__ = [
    "Activation",
    "Dense",
    "Layer",
    "Softmax",
]
