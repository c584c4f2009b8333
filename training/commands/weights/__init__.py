"""Commands on trained weights: their card, their forms, where they are published."""
