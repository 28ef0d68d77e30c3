"""What each statement does; `symderiv.publish.registry` lists the modules."""
