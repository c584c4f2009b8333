"""The whole head around the brain: skull, scalp, face and neck, as a scanner sees them."""

from synthetic.skull.head import Head, make_head

__all__ = ["Head", "make_head"]
