"""The job queue of the server, who waits in it, the cache of results, and each kind of job."""
