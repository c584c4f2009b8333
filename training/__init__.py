"""Training and evaluating the models offline; the app never imports it.

Rooms import one way: ``data``, ``scoring``, ``cards``, ``run``, ``experiments``, each from those
before it; ``release`` from ``data`` alone; ``commands`` from all of them.
"""
