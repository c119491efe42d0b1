"""Rules of the settings: what is wrong is one line that names it and says how to mend it, and secrets stay secret."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import HOME, Settings, SettingsError, load

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
GOOD = {"TELEGRAM_BOT_TOKEN": TOKEN, "OPERATOR_NAME": "Dr. Ada", "OPERATOR_CONTACT": "ada@example.org"}
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting and no .env of the machine reaches a test."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load()


def test_without_any_setting_the_trial_page_runs_on_this_machine_only() -> None:
    settings = load()
    assert settings.trial
    assert settings.listen == ("127.0.0.1", 8080)
    assert settings.database == f"sqlite:///{HOME / 'data' / 'trial.db'}"
    assert settings.content_dir == HOME / "content"


def test_with_a_token_it_runs_on_telegram_with_its_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **GOOD)
    assert not settings.trial
    assert settings.database.endswith("/data/uptake.db")
    assert given(monkeypatch, DATABASE_URL="postgresql://u:p@h/d").database == "postgresql://u:p@h/d"


def test_the_trial_never_touches_the_real_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, DATABASE_URL="postgresql://u:p@h/d").database.endswith("trial.db")


def test_an_empty_value_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, TELEGRAM_BOT_TOKEN="", LISTEN="", WEBHOOK_URL="").trial


def test_the_dot_env_file_is_read_and_the_environment_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("LISTEN=0.0.0.0:99\nLOG_LEVEL=debug\nSOMETHING_ELSE=1\n", encoding="utf-8")
    assert load().listen == ("0.0.0.0", 99)
    assert given(monkeypatch, LISTEN="127.0.0.1:98").listen == ("127.0.0.1", 98)
    assert load().log_level == "DEBUG"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("localhost:65535", ("localhost", 65535)),
        (":8080", ("127.0.0.1", 8080)),
        ("[::1]:8080", ("::1", 8080)),
        ("coach.example.org:443", ("coach.example.org", 443)),
    ],
)
def test_listen_is_a_host_and_a_port(monkeypatch: pytest.MonkeyPatch, value: str, expected: tuple[str, int]) -> None:
    assert given(monkeypatch, LISTEN=value).listen == expected


def test_an_address_loses_the_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, TELEGRAM_API_URL="http://127.0.0.1:8081/")
    assert settings.telegram_api_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize(
    ("values", "names", "mend"),
    [
        ({**GOOD, "TELEGRAM_BOT_TOKEN": "secret-without-colon"}, "TELEGRAM_BOT_TOKEN", "BotFather gives one like"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, "OPERATOR_NAME and OPERATOR_CONTACT", "set both"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "OPERATOR_NAME": "Ada"}, "OPERATOR_CONTACT", "set both"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "OPERATOR_CONTACT": "a@b"}, "OPERATOR_NAME", "set both"),
        ({**GOOD, "WEBHOOK_URL": "https://x.org/hook"}, "WEBHOOK_SECRET", "set any long random text"),
        ({"LISTEN": "8080"}, "LISTEN", "write host:port"),
        ({"LISTEN": "127.0.0.1"}, "LISTEN", "write host:port"),
        ({"LISTEN": "127.0.0.1:http"}, "LISTEN", "write host:port"),
        ({"LISTEN": "127.0.0.1:65536"}, "LISTEN", "write host:port"),
        ({"LISTEN": "127.0.0.1:-1"}, "LISTEN", "write host:port"),
        ({"LISTEN": "127.0.0.1:²"}, "LISTEN", "write host:port"),
        ({"TELEGRAM_API_URL": "api.telegram.org"}, "TELEGRAM_API_URL", "http:// or https://"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ({"OPERATOR_CHAT_ID": "@ada"}, "OPERATOR_CHAT_ID", "integer"),
    ],
)
def test_a_wrong_setting_is_one_line_with_its_name_and_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], names: str, mend: str
) -> None:
    with pytest.raises(SettingsError) as error:
        given(monkeypatch, **values)
    text = str(error.value)
    assert "\n" not in text
    assert names in text.split(": ")[0]
    assert mend in text


def test_every_wrong_setting_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as error:
        given(monkeypatch, LISTEN="x", LOG_LEVEL="loud", OPERATOR_CHAT_ID="x")
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == ["LISTEN", "OPERATOR_CHAT_ID", "LOG_LEVEL"]


def test_secrets_stand_in_no_repr_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {**GOOD, "DATABASE_URL": "postgresql://u:pa55word@h/d", "WEBHOOK_SECRET": "hush-hush"}
    settings = given(monkeypatch, **secrets)
    monkeypatch.setenv("OPERATOR_NAME", "")
    with pytest.raises(SettingsError) as error:
        load()
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    shown += "".join(traceback.format_exception(error.value))
    for secret in (TOKEN, "pa55word", "hush-hush"):
        assert secret not in shown


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        load().log_level = "DEBUG"  # type: ignore[misc]
