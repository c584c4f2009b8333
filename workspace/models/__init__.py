"""The models as the pages need them: loaded once, with their facts and results."""
