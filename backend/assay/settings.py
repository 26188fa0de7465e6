"""Every knob of the service. Runs with no variable set; each may be set as ASSAY_<NAME>."""

import base64
import re
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assay.cpus import usable_cpus


class LogFormat(StrEnum):
    """Of the lines that processes log."""

    PLAIN = "plain"
    JSON = "json"


WEBHOOK_PREFIX: Final = "whsec_"
REPOSITORY = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Defaults serve one person on one machine: SQLite, a local folder, one worker."""

    model_config = SettingsConfigDict(
        env_prefix="ASSAY_",
        extra="ignore",
        frozen=True,
        # An address that is refused may hold a password.
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(
        default=Path.home() / ".local" / "share" / "assay",
        description="Database, uploads and artefacts live here.",
    )
    models_dir: Path = Field(
        default=REPOSITORY / "models", description="Folder that holds manifest.json."
    )
    dashboard_dir: Path = Field(
        default=REPOSITORY / "frontend" / "dist", description="The built page."
    )
    database_url: SecretStr | None = Field(
        default=None, description="A Postgres URL; SQLite under data_dir when unset."
    )
    media_url: str | None = Field(
        default=None,
        description="s3://bucket/prefix for uploads and artefacts; under data_dir when unset.",
    )
    allowed_hosts: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="Public names, by commas, that people reach it under; * for any.",
    )
    max_upload_bytes: int = Field(
        default=512 * 1024 * 1024, gt=0, description="Largest accepted upload."
    )
    max_connections: int = Field(
        default=1000, gt=0, description="Open connections above which new ones get 503."
    )
    max_picture_pixels: int = Field(
        default=64_000_000, gt=0, description="Largest width x height that is decoded."
    )
    max_queue: int = Field(
        default=100, gt=0, description="Waiting analyses above which new ones get 503."
    )
    max_attempts: int = Field(
        default=2, gt=0, description="Runs of one file before it is given up as crashing."
    )
    stall_seconds: float = Field(
        default=120.0, gt=0, description="Silence after which an analysis counts as stuck."
    )
    open: bool = Field(
        default=False,
        description="Ask nobody for a key, whoever reaches the service.",
    )
    retention_hours: float | None = Field(
        default=None,
        gt=0,
        description="Hours after its end that a file and its report are removed; unset, never.",
    )
    log_format: LogFormat = Field(
        default=LogFormat.PLAIN, description="plain, or json: one object a line, for programs."
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="Signs webhooks: whsec_ and base64 of 24 to 64 bytes; unset, there are none.",
    )
    webhook_private: bool = Field(
        default=False,
        description="Webhooks may go to private addresses, and by plain http.",
    )
    threads: int = Field(
        default_factory=usable_cpus, gt=0, description="CPU threads for the models."
    )

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, url: SecretStr | None) -> SecretStr | None:
        """Empty is unset, as compose files write it."""
        if url is None or not url.get_secret_value():
            return None
        kind, separator, _ = url.get_secret_value().partition("://")
        if not separator:
            raise ValueError("this is no URL; write postgresql://user:password@host/name")
        if not kind.startswith("postgres"):
            raise ValueError(f"{kind} is not supported; give a Postgres URL, or none for SQLite")
        return url

    @field_validator("media_url")
    @classmethod
    def _is_bucket(cls, url: str | None) -> str | None:
        """Empty is unset, as compose files write it."""
        if not url:
            return None
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[\w./-]*)?", url):
            raise ValueError("write s3://bucket or s3://bucket/prefix")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _is_webhook_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        """Empty is unset, as compose files write it."""
        if secret is None or not secret.get_secret_value():
            return None
        prefix, key = WEBHOOK_PREFIX, secret.get_secret_value()
        try:
            size = len(base64.b64decode(key.removeprefix(prefix), validate=True))
        except ValueError:
            size = 0
        if not key.startswith(prefix) or not 24 <= size <= 64:
            raise ValueError(f"write {prefix} and the base64 of 24 to 64 random bytes")
        return secret

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _by_commas(cls, value: object) -> object:
        """As variables of the environment are written."""
        if not isinstance(value, str):
            return value
        return {name.strip().lower() for name in value.split(",") if name.strip()}


@lru_cache
def get_settings() -> Settings:
    """The process-wide settings, read once."""
    return Settings()
