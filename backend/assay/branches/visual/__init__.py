"""The visual branch: each face as a whole, and the picture that it is in."""

from assay.branches.info import BranchInfo

BRANCH = BranchInfo(
    name="visual",
    title="Faces",
    description="Looks at faces and the picture around them for blending and synthesis",
    models=("visual_resnet18", "visual_effnet", "visual_picture"),
    needs=("gate",),
    features=("visual_prob_mean", "visual_prob_max", "visual_prob_p90", "visual_num_faces"),
    heavy=True,
    implementation="assay.branches.visual.branch:Visual",
)
