import numpy as np

from assay_lab.data.face_picture import FacePicture, landmarks, size


def test_landmarks_sit_on_the_parts_they_are_named_after(face: FacePicture) -> None:
    marks = landmarks(face.keypoints)
    right, left, _, mouth = face.keypoints[:4]
    assert np.allclose(marks.mouth.mean(axis=0), mouth, atol=6)
    assert np.allclose(marks.eyes[:6].mean(axis=0), right, atol=6)
    assert np.allclose(marks.eyes[6:].mean(axis=0), left, atol=6)
    assert marks.forehead[:, 1].max() < right[1] < marks.jaw[6, 1]


def test_landmarks_follow_a_turn_of_the_picture(face: FacePicture) -> None:
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = landmarks((face.keypoints @ turn.T).astype(np.float32)).all
    assert np.allclose(turned, landmarks(face.keypoints).all @ turn.T, atol=0.1)


def test_a_turned_head_keeps_its_size(face: FacePicture) -> None:
    narrow = face.keypoints * (0.4, 1)
    assert size(narrow.astype(np.float32)) > 0.8 * size(face.keypoints)
