"""The temporal branch: faces over time, by what the visual branch saw in each."""

from assay.branches.info import BranchInfo

BRANCH = BranchInfo(
    name="temporal",
    title="Faces over time",
    description="Follows each face through time for flicker, freezes and drift",
    models=("temporal_bilstm",),
    needs=("visual",),
    features=("temporal_prob_fake",),
    heavy=True,
    implementation="assay.branches.temporal.branch:Temporal",
)
