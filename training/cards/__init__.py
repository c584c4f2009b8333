"""How trained weights are described: model cards, and the pictures they show."""
