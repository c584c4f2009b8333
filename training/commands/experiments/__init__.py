"""Commands that train several times to answer one question."""
