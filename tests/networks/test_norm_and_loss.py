"""Every norm straight into every loss: adjoints put into adjoints, and the lines still join."""

import pytest

import symderiv as sd
from symderiv import layers, losses

c, N = sd.dim("c"), sd.dim("N")
NORMS = {
    "layer norm": lambda affine: layers.LayerNorm(affine=affine),
    "rms norm": lambda affine: layers.RMSNorm(affine=affine),
    "batch norm": lambda affine: layers.BatchNorm(affine=affine),
}
LOSSES = {
    "squared error": (sd.tensor, losses.mean_squared_error),
    "absolute error": (sd.tensor, losses.mean_absolute_error),
    "cross-entropy with logits": (sd.one_hot, losses.cross_entropy_with_logits),
    "smoothed": (
        sd.distribution,
        lambda y, z: losses.cross_entropy_with_logits(y, z, label_smoothing=0.1),
    ),
    "two classes": (sd.tensor, losses.binary_cross_entropy_with_logits),
}


@pytest.mark.parametrize("affine", [True, False], ids=["affine", "plain"])
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_line_joins(norm, affine, loss):
    declare, measure = LOSSES[loss]
    shape = (N, c) if norm == "batch norm" else (c,)
    x, target = sd.tensor("x", *shape), declare("y", *shape)
    layer = NORMS[norm](affine)
    bp = sd.backprop(sd.let("L", measure(target, layer(x))), [x, *layer.parameters(x)])
    report = bp.check(points=2)
    assert report, str(report)
    for detail in ("brief", "normal", "full"):
        assert bp.to_text(detail=detail)


def test_class_numbers():
    x, t = sd.vector("x", c), sd.labels("t", classes=c)
    out = layers.LayerNorm(affine=False)(x)
    bp = sd.backprop(sd.let("L", losses.cross_entropy_with_logits(t, out)), [x])
    assert bp.check()
    assert "chain rule" in bp.to_text()
