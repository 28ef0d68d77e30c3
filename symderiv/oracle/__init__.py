"""The oracle: what a derivation says in numbers, and whether it is true."""
