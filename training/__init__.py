"""Training and evaluating the models offline; the app never imports it."""
