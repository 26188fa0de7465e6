"""Whether others than this machine reach a service; such a one does not start without a key."""

import ipaddress

from assay.errors import AssayError
from assay.jobs.database import Database
from assay.jobs.keys import Keys
from assay.settings import Settings


def refuse_exposed(settings: Settings, database: Database, host: str) -> None:
    """See that a service which is about to start is not open to others by mistake.

    Raises:
        AssayError: `no_key`; its sentence is for whoever starts it.
    """
    if settings.open or not (settings.allowed_hosts or not is_loopback(host)):
        return
    if Keys(database).all():
        return
    raise AssayError(
        "no_key",
        "Others would reach this service, and nobody needs a key: make one "
        "(assay keys create NAME), or set ASSAY_OPEN=1 if whoever reaches it may do everything.",
    )


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone. A name that is not `localhost` may be any."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
