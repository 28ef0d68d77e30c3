"""An article as one web page: its body, the rules that it uses, and the shell around them."""
