"""The one queue of this server."""

from typing import Final

from common.memory import keep_heap_small
from workspace.jobs.queue.job_events import tell_of_job
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.queue.places import Places
from workspace.models.loaded_models import rest_models
from workspace.models.networks import are_elsewhere, places_elsewhere

keep_heap_small()
queue: Final = JobQueue(
    on_idle=rest_models, on_change=tell_of_job, places=Places(are_elsewhere, places_elsewhere)
)
