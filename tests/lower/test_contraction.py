"""Products of several factors, some of one shape, against NumPy's einsum."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import symderiv as sd

SIZE = dict(zip("nthd", (2, 3, 4, 5), strict=True))


@pytest.mark.parametrize(
    "spec", ["nth,nth,dh->d", "nth,nth,dh->", "nth,nth,d,d->", "nth,nth,d,d,h->h", "nt,tn,th->h"]
)
def test_axes_left_alone_by_a_merge_are_summed(spec):
    random = np.random.default_rng(0)
    letters = spec.split("->")[0].split(",")
    arrays = [sd.tensor(f"x_{k}", *map(sd.dim, axes)) for k, axes in enumerate(letters)]
    data = [random.normal(size=[SIZE[a] for a in axes]) for axes in letters]
    given = {a.name: v for a, v in zip(arrays, data, strict=True)}
    assert_allclose(sd.lambdify(sd.einsum(spec, *arrays))(given), np.einsum(spec, *data))
