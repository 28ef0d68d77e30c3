"""Pictures: the graph of a model, the paths of a chain rule, plots of curves.

>>> from symderiv.pictures import plot
>>> import symderiv as sd
>>> p = sd.scalar("p", positive=True)
>>> plot(-p * sd.log(p), x=p, range=(0, 1)).svg[:4]
'<svg'
"""

from symderiv.pictures.graph import graph
from symderiv.pictures.paths import paths, ways
from symderiv.pictures.plots import plot

__all__ = ["graph", "paths", "plot", "ways"]
