"""The gate: patches of native pixels, and the early exit for faces that are confidently real."""

from assay.branches.info import BranchInfo

BRANCH = BranchInfo(
    name="gate",
    title="Gate",
    description="Looks for traces of synthesis in tiny patches of untouched pixels",
    models=("tiny_ladeda",),
    needs=("faces",),
    features=(
        "tiny_prob_mean",
        "tiny_prob_max",
        "tiny_prob_p90",
        "tiny_num_files",
        "tiny_num_patches",
    ),
    implementation="assay.branches.gate.branch:Gate",
)
