from workspace.load.now import Load, load_now


def test_it_says_how_long_it_may_take():
    assert Load(1, 0, 0, None).sentence == "This server now: 1 visitor · 0 running, 0 waiting"
    busy = Load(12, 1, 5, 812_000_000).sentence
    assert busy == "This server now: 12 visitors · 1 running, 5 waiting · 812 MB"


def test_it_is_that_of_this_process():
    load = load_now()
    assert load.memory_bytes is None or load.memory_bytes > 1e7
    assert load.visitors >= 0
    assert load.running in (0, 1)
