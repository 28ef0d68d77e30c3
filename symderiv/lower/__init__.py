"""Lowering: index expressions as array programs, and the back ends that run them."""

from symderiv.lower.function import CompiledFunction as CompiledFunction
from symderiv.lower.function import CompiledFunctions as CompiledFunctions
from symderiv.lower.function import lower as lower
from symderiv.lower.function import lower_all as lower_all
