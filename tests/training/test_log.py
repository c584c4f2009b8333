from training.log import RunLog, read_log


def test_records_come_back(tmp_path):
    log = RunLog(tmp_path / "run" / "log.jsonl")
    log.write(step=1, loss=0.5)
    log.write(step=2, loss=0.4)
    assert [record["loss"] for record in read_log(log.file)] == [0.5, 0.4]


def test_resuming_forgets_what_will_be_made_again(tmp_path):
    file = tmp_path / "log.jsonl"
    log = RunLog(file)
    for step in range(1, 6):
        log.write(step=step, loss=1 / step)
    RunLog(file, step=3).write(step=4, loss=0.0)
    assert [record["step"] for record in read_log(file)] == [1, 2, 3, 4]


def test_a_line_cut_off_by_a_kill_is_left_out(tmp_path):
    file = tmp_path / "log.jsonl"
    file.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
    assert read_log(file) == [{"step": 1, "loss": 0.5}]
    RunLog(file, step=1).write(step=2, loss=0.1)
    assert [record["step"] for record in read_log(file)] == [1, 2]
