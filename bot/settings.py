"""The environment and .env become one frozen Settings; what is wrong is said in one line each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HOME = Path(__file__).resolve().parent.parent
PORT = 8080


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which and how to mend it."""


class Settings(BaseSettings):
    """Every setting by the name it has in .env."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True
    )

    telegram_bot_token: SecretStr | None = None
    operator_name: str = ""
    operator_contact: str = ""
    telegram_api_url: str = "https://api.telegram.org"
    database_url: SecretStr | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: Annotated[tuple[str, int], NoDecode] = ("127.0.0.1", PORT)
    metrics_listen: Annotated[tuple[str, int] | None, NoDecode] = None
    content_dir: Path = HOME / "content"
    content_language: str = "en"
    operator_chat_id: int | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    data_dir: Path = Field(HOME / "data", exclude=True)

    @field_validator("listen", "metrics_listen", mode="before")
    @classmethod
    def _listen(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host, colon, port = value.rpartition(":")
        if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
            raise ValueError("write host:port, as 127.0.0.1:8080; port 0 picks a free one")
        return host.strip("[]") or "127.0.0.1", int(port)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("telegram_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("write the address with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if self.telegram_bot_token and ":" not in self.telegram_bot_token.get_secret_value():
            raise ValueError("TELEGRAM_BOT_TOKEN: that is no token; BotFather gives one like 123456:ABC-DEF")
        if self.telegram_bot_token and not (self.operator_name and self.operator_contact):
            raise ValueError(
                "OPERATOR_NAME and OPERATOR_CONTACT: with a token people must be told who can read their records; "
                "set both"
            )
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET: a webhook needs one; set any long random text")
        return self

    @property
    def trial(self) -> bool:
        """Without a token the coach is served on the trial page."""
        return self.telegram_bot_token is None

    @property
    def database(self) -> str:
        """The database's address; a SQLite file under data/ unless told otherwise."""
        if self.trial:
            return f"sqlite:///{self.data_dir / 'trial.db'}"
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'uptake.db'}"


def load() -> Settings:
    """Reads the settings. Raises SettingsError with one line for each that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for one in error.errors():
            name = ".".join(str(part) for part in one["loc"]).upper()
            text = str(one["msg"]).removeprefix("Value error, ")
            lines.append(f"{name}: {text}" if name else text)
        raise SettingsError("\n".join(lines)) from None
