"""A view of lines made on demand: laying out rows, painting, finding, folding, selecting with the mouse."""
