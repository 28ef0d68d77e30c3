"""Index form to matrix form: what a matrix expression is, how one is found, what it is worth."""
