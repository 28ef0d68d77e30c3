"""Building expressions: declared names, arrays in index notation, and their functions."""
