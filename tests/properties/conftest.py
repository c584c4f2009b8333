"""How many examples hypothesis draws: few and always the same ones, or as many as are asked for.

``GLIOLENS_EXAMPLES=2000`` draws as many for each property, other ones in every run.
"""

import os

from hypothesis import HealthCheck, settings

_ASKED = int(os.environ.get("GLIOLENS_EXAMPLES", "0"))
settings.register_profile(
    "gliolens",
    max_examples=_ASKED or 40,
    derandomize=not _ASKED,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("gliolens")
