"""What is told of trained weights: model cards, and the pictures they show."""
