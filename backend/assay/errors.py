"""One error for everything a person can be told: a stable code, a status, and what to do."""

from typing import Final


class AssayError(Exception):
    """A failure with a public face. Anything else that escapes is an internal error.

    Args:
        code: Stable, machine-readable, a key of `STATUS`.
        message: One sentence for a person, saying what to do. Never holds user content, paths
            of the server, or a stack trace.
        retry_after: Seconds after which the same may succeed, where that is known.
    """

    def __init__(self, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """HTTP status that answers this error."""
        return STATUS[self.code]

    def __reduce__(self) -> tuple[type["AssayError"], tuple[str, str, int | None]]:
        """Keep all arguments when crossing a process boundary."""
        return type(self), (self.code, self.message, self.retry_after)


STATUS: Final[dict[str, int]] = {
    # the request
    "missing_file": 422,
    "invalid_request": 422,
    "not_found": 404,
    "gone": 410,
    "method_not_allowed": 405,
    "conflict": 409,
    "unknown_host": 403,
    "cross_site": 403,
    "no_key": 401,
    "not_allowed": 403,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "too_large": 413,
    "too_slow": 408,
    "busy": 503,
    "not_ready": 503,
    "storage_failed": 503,
    # the media
    "empty_file": 422,
    "not_media": 415,
    "unreadable": 422,
    "encrypted": 422,
    "no_streams": 422,
    "no_frames": 422,
    "too_big_picture": 422,
    "empty_range": 422,
    # the analysis
    "cancelled": 409,
    "models_missing": 503,
    "model_rejected": 503,
    "analysis_crashed": 500,
    "analysis_killed": 503,
    "analysis_stalled": 500,
    "internal": 500,
}


def no_such_analysis() -> AssayError:
    """Never there: one that was deleted is `gone`."""
    return AssayError("not_found", "There is no such analysis; check its id.")


def database_away() -> AssayError:
    """What people are told while the database cannot be reached, or is busy for too long."""
    return AssayError("not_ready", "The database does not answer; try again in a moment.")


def internal_error() -> AssayError:
    """What people are told when the fault is ours; the log has the rest."""
    return AssayError("internal", "Something failed on our side; please report it.")


def analysis_crashed() -> AssayError:
    """What people are told when their file ended the process that analysed it."""
    return AssayError(
        "analysis_crashed",
        "This file crashes the analysis; re-encode it with another tool and try again.",
    )


def analysis_killed() -> AssayError:
    """What people are told when the analysis was ended from outside, again and again."""
    return AssayError(
        "analysis_killed",
        "The analysis was ended from outside again and again, by no fault of this file; "
        "try again later.",
    )
