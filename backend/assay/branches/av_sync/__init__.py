"""The sync branch: do these lips speak these words?"""

from assay.branches.info import BranchInfo

BRANCH = BranchInfo(
    name="av_sync",
    title="Lips and voice",
    description="Compares moving lips with the sound at every moment and at every shift",
    models=("av_sync_head",),
    needs=("gate",),
    features=("sync_prob",),
    implementation="assay.branches.av_sync.branch:AvSync",
)
