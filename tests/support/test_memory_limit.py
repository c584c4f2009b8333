"""What takes more memory than its group has is killed, and what is taken is seen."""

import subprocess
import sys

import pytest

from tests.support.memory_limit import NoMemoryLimitError, memory_limit

TAKE = "import sys, time; held = bytes(int(sys.argv[1])); print('taken', flush=True); input()"
MEGABYTE = 10**6


@pytest.fixture
def limit():
    try:
        with memory_limit(100 * MEGABYTE) as made:
            yield made
    except NoMemoryLimitError as error:
        pytest.skip(str(error))


def taking(megabytes):
    command = [sys.executable, "-c", TAKE.replace("bytes(", "b'1' * ("), str(megabytes * MEGABYTE)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_whoever_takes_more_is_killed_and_others_go_on(limit):
    with limit.around_what_begins():
        modest, greedy = taking(40), taking(200)
    assert greedy.wait(timeout=30) < 0
    assert modest.stdout.readline() == b"taken\n"
    assert limit.killed == 1
    assert 40 * MEGABYTE < limit.taken_bytes < 100 * MEGABYTE
    modest.communicate(b"\n", timeout=30)
    assert modest.returncode == 0


def test_what_begins_outside_of_the_block_is_none_of_it(limit):
    with limit.around_what_begins():
        pass
    other = taking(200)
    assert other.stdout.readline() == b"taken\n"
    assert limit.killed == 0
    other.communicate(b"\n", timeout=30)
