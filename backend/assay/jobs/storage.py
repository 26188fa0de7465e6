"""Opens the media store that the settings name."""

from assay.jobs.media_store import FolderStore, MediaStore
from assay.settings import Settings


def open_store(settings: Settings) -> MediaStore:
    """A bucket if `media_url` names one, else the data folder.

    Raises:
        OSError: The data folder cannot be used.
    """
    if settings.media_url is None:
        return FolderStore(settings.data_dir)
    # Its library is loaded where it is used alone.
    from assay.jobs.bucket_store import BucketStore

    return BucketStore(settings.media_url, settings.data_dir, settings.max_upload_bytes)
