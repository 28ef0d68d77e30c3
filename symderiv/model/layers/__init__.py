"""Layers: frozen objects that make equations from an array, one file for each."""

from symderiv.model.layers.activation import Activation
from symderiv.model.layers.attention import Attention
from symderiv.model.layers.batch_norm import BatchNorm
from symderiv.model.layers.conv1d import Conv1d
from symderiv.model.layers.conv2d import Conv2d
from symderiv.model.layers.dense import Dense
from symderiv.model.layers.dropout import Dropout
from symderiv.model.layers.embedding import Embedding
from symderiv.model.layers.layer import Layer
from symderiv.model.layers.layer_norm import LayerNorm
from symderiv.model.layers.residual import Residual
from symderiv.model.layers.rms_norm import RMSNorm
from symderiv.model.layers.softmax import Softmax

__all__ = [
    "Activation",
    "Attention",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "Dense",
    "Dropout",
    "Embedding",
    "Layer",
    "LayerNorm",
    "RMSNorm",
    "Residual",
    "Softmax",
]
