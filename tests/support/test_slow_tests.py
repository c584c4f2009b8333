from tests.support.slow_tests import function_of, is_there, measured, slow_tests

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_b" name="test_c[1::2-x]" time="0.1"/>
<testcase classname="tests.a.test_b" name="test_c[3]" time="0.5"/>
<testcase classname="tests.a.test_b.TestIt" name="test_d" time="2"/>
<testcase classname="tests.a.test_b" name="test_e" time="0"><skipped/></testcase>
</testsuite></testsuites>"""


def test_the_cases_of_a_test_are_taken_together_and_skipped_ones_not_at_all(tmp_path):
    file = tmp_path / "report.xml"
    file.write_text(REPORT)
    assert measured(file) == {
        "tests/a/test_b.py::test_c": 0.3,
        "tests/a/test_b.py::TestIt::test_d": 2.0,
    }


def test_parameters_are_no_part_of_the_name():
    assert function_of("tests/a/test_b.py::TestIt::test_c[1::2-[x]]") == (
        "tests/a/test_b.py::TestIt::test_c"
    )


def test_what_is_listed_is_there():
    """A test that was renamed would come back to ``make check``; its old name goes."""
    assert [name for name in slow_tests() if not is_there(name)] == []
    assert not is_there("tests/support/test_slow_tests.py::test_of_another_name")
    assert not is_there("tests/support/test_other.py::test_they_are_marked")


def test_they_are_marked(request):
    marked = {function_of(item.nodeid) for item in request.session.items if "slow" in item.keywords}
    collected = {function_of(item.nodeid) for item in request.session.items}
    assert slow_tests() & collected <= marked
