"""The audio branch: is this voice synthetic?"""

from assay.branches.info import BranchInfo

BRANCH = BranchInfo(
    name="audio",
    title="Voice",
    description="Listens to speech, not to music, for the traces of vocoders and synthesis",
    models=("audio_cqcc_cnn", "audio_encoder"),
    needs=("faces",),
    features=("audio_prob_fake",),
    implementation="assay.branches.audio.branch:Audio",
)
