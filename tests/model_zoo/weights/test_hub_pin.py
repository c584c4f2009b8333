import pytest

from common.errors import InputError
from model_zoo.weights import hub_pin
from model_zoo.weights.hub_pin import HubPin, configured_pin, parse_pin

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("revision", [COMMIT, "v1.0"])
def test_a_commit_or_a_tag_is_a_pin(revision):
    assert parse_pin(f"lab/net_1@{revision}", place="x") == HubPin("lab/net_1", revision)


@pytest.mark.parametrize("text", ["lab/net", "lab/net@", "net@v1", "lab/net@v1 v2", "a/b/c@v1"])
def test_what_pins_nothing_is_refused_with_the_form(text):
    with pytest.raises(InputError, match=r"X: .* names no pinned revision.*namespace/repository@"):
        parse_pin(text, place="X")


@pytest.mark.parametrize("revision", ["main", "master", "HEAD", "latest", "refs/pr/1"])
def test_what_moves_is_refused_with_the_reason(revision):
    with pytest.raises(InputError, match=r"X: .* moves with every upload"):
        parse_pin(f"lab/net@{revision}", place="X")


def test_a_commit_is_shown_short_and_a_tag_whole():
    assert str(HubPin("lab/net", COMMIT)) == "Hugging Face Hub lab/net at revision 0123456"
    assert str(HubPin("lab/net", "v1.0")) == "Hugging Face Hub lab/net at revision v1.0"


@pytest.fixture
def configured(monkeypatch):
    """A model that the environment, the secrets and the registry speak of, as far as given."""

    def run(*, environment=None, secret=None, registry=None):
        entry = type("Entry", (), {"hub": registry})
        monkeypatch.setattr(hub_pin, "contract", lambda name: entry)
        monkeypatch.delenv("GLIOLENS_HUB_RESNET_UNET", raising=False)
        if environment is not None:
            monkeypatch.setenv("GLIOLENS_HUB_RESNET_UNET", environment)
        found = configured_pin("resnet_unet", secret=secret)
        return found.repository if found else None

    return run


def test_the_environment_goes_before_the_secrets_and_these_before_the_registry(configured):
    assert configured(environment="a/e@v1", secret="a/s@v1", registry="a/r@v1") == "a/e"
    assert configured(secret="a/s@v1", registry="a/r@v1") == "a/s"
    assert configured(registry="a/r@v1") == "a/r"
    assert configured() is None


def test_an_empty_text_turns_the_hub_off(configured):
    assert configured(environment="", secret="a/s@v1") is None
    assert configured(secret=" ", registry="a/r@v1") is None


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("environment", "GLIOLENS_HUB_RESNET_UNET: "),
        ("secret", r"resnet_unet in section \[hub\] of the secrets: "),
        ("registry", r"hub of \[resnet_unet\] in model_zoo/registry.toml: "),
    ],
)
def test_a_mistake_names_its_place(configured, place, told):
    with pytest.raises(InputError, match=told):
        configured(**{place: "a/b@main"})
