"""How much the server has to do, on the About page and as a page of metrics."""
