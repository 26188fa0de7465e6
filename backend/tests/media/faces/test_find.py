"""The face stage with the released detector, on generated pictures and videos."""

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from assay.errors import AssayError
from assay.evidence import FaceCounters, PassedOver, Place
from assay.media.faces.detector import FaceDetector, overlaps
from assay.media.faces.find import MIN_SHARPNESS, MIN_SIZE, find_persons, sharpness
from assay.media.sampling import MAX_CROPS, MAX_NATIVE_CROPS, MAX_PERSONS
from assay.models.sessions import ModelStore
from assay.settings import Settings
from tests.media.faces.stage import PORTRAIT_FACE, StillFrame, face_at, person, put, stage
from tests.serving import has_all_models

pytestmark = pytest.mark.skipif(not has_all_models(), reason="models are missing")

TINTS = [(1.0, 1.0, 1.0), (0.55, 0.8, 1.1), (1.15, 0.75, 0.55), (0.5, 0.5, 0.5), (0.9, 1.2, 0.8)]
"""Colour casts that make different people of one portrait, as far as colours tell people apart."""


@pytest.fixture(scope="module")
def session():
    return ModelStore(Settings().models_dir, threads=2).session("blazeface")


@pytest.fixture(scope="module")
def detector(session):
    return FaceDetector(session)


def film(pictures, *, segment=0, start=0.0):
    """Frames at 25 a second, every sixth a detection frame, as the reader gives them."""
    return [
        StillFrame(picture, time=start + n / 25, segment=segment, is_detection_frame=n % 6 == 0)
        for n, picture in enumerate(pictures)
    ]


def persons_in(frames, session):
    return find_persons(iter(frames), session, lambda _: None)


def centre(face):
    return (face.box[:2] + face.box[2:]) / 2


# ------------------------------------------------------------------------------------- detection


def test_the_portrait_is_found_where_it_is(detector):
    [face] = detector.search(data.astronaut())
    assert overlaps(np.array(PORTRAIT_FACE, np.float32), face.box[None])[0] > 0.5
    right_eye, left_eye, nose, mouth = face.keypoints[:4]
    assert right_eye == pytest.approx([207, 112], abs=14)
    assert left_eye == pytest.approx([243, 110], abs=14)
    assert nose[1] < mouth[1]
    assert mouth == pytest.approx([228, 160], abs=16)


@pytest.mark.parametrize("share", [0.08, 0.1, 0.15, 0.25, 0.5, 0.8])
@pytest.mark.parametrize("place", [(0.2, 0.3), (0.55, 0.5), (0.8, 0.7)])
def test_a_face_of_8_percent_of_the_height_up_is_found_in_720p(detector, share, place):
    picture = stage(1280, 720)
    x, y = put(picture, person(), int(1280 * place[0]), int(720 * place[1]), share * 720)
    found = detector.search(picture)
    assert found
    assert np.hypot(*(centre(found[0]) - [x, y])) < 0.3 * share * 720
    assert 0.6 * share * 720 < found[0].size < 1.4 * share * 720


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_a_tilted_head_is_found(detector, degrees):
    matrix = cv2.getRotationMatrix2D((224, 121), degrees, 1.0)
    [face, *_] = detector.search(cv2.warpAffine(data.astronaut(), matrix, (512, 512)))
    assert centre(face) == pytest.approx([224, 121], abs=25)


def test_two_people_are_two_faces(detector):
    picture = stage(1280, 720)
    put(picture, person(), 350, 360, 180)
    put(picture, person(TINTS[1]), 900, 330, 140)
    first, second = sorted(detector.search(picture), key=lambda face: face.box[0])
    assert centre(first) == pytest.approx([350, 360], abs=40)
    assert centre(second) == pytest.approx([900, 330], abs=40)


@pytest.mark.parametrize("name", ["coffee", "rocket", "clock", "text", "brick", "grass", "cat"])
def test_pictures_without_a_person_have_no_face(detector, name):
    picture = getattr(data, name)()
    picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture
    assert detector.search(picture) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (2, 3), (30, 4000), (2160, 3840)])
def test_any_shape_is_searched(detector, shape):
    assert detector.search(np.zeros((*shape, 3), np.uint8)) == []


def test_a_crop_that_the_face_fills_is_found(detector):
    x0, y0, x1, y1 = PORTRAIT_FACE
    tight = cv2.resize(data.astronaut()[y0 - 5 : y1 + 5, x0 - 10 : x1 + 10], (224, 224))
    [face] = detector.search(tight)
    assert face.size > 0.65 * 224


@pytest.mark.parametrize("quality", [20, 50])
def test_a_compressed_face_is_found(detector, quality):
    _, code = cv2.imencode(".jpg", data.astronaut(), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert len(detector.search(cv2.imdecode(code, cv2.IMREAD_COLOR))) == 1


# ---------------------------------------------------------------------------------------- stills


def test_a_still_gives_one_person_with_one_crop(session):
    persons, counters, _ = persons_in([StillFrame(data.astronaut())], session)
    [found] = persons
    [crop] = found.crops
    assert crop.aligned.shape == (224, 224, 3)
    assert crop.native is not None
    assert found.mouths == []
    assert counters == FaceCounters()


def test_a_faceless_still_is_counted(session):
    persons, counters, _ = persons_in([StillFrame(stage(640, 480))], session)
    assert persons == []
    assert counters == FaceCounters(frames_without_face=1)


def test_no_frames_at_all(session):
    assert persons_in([], session) == ([], FaceCounters(), [])


def test_a_tiny_face_is_counted_and_not_cut_out(session):
    picture = stage(320, 240)
    put(picture, person(), 160, 120, 0.75 * MIN_SIZE)
    persons, counters, _ = persons_in([StillFrame(picture)], session)
    assert persons == []
    assert counters == FaceCounters(faces_too_small=1)


def test_a_smeared_face_is_counted_and_not_cut_out(session):
    blurred = cv2.GaussianBlur(data.astronaut(), (0, 0), 6)
    persons, counters, _ = persons_in([StillFrame(blurred)], session)
    assert persons == []
    assert counters == FaceCounters(faces_too_blurred=1)


def test_a_crowd_is_bounded_and_counted(session):
    picture = stage(1600, 900)
    for number, (x, y) in enumerate(itertools.product(range(180, 1500, 300), (230, 650))):
        put(picture, person(TINTS[number % 5]), x, y, 130)
    persons, counters, _ = persons_in([StillFrame(picture)], session)
    assert len(persons) == MAX_PERSONS
    natives = [crop.native for person in persons for crop in person.crops]
    assert all(native is not None for native in natives)
    assert counters == FaceCounters(faces_over_limit=7)


def test_thirty_people_are_thirty_in_a_still_and_in_a_video(session):
    picture = stage(1920, 1080)
    for number, (x, y) in enumerate(itertools.product(range(6), range(5))):
        put(picture, person(TINTS[number % 5]), 170 + 315 * x, 120 + 205 * y, 90)
    for frames in ([StillFrame(picture)], film([picture] * 25)):
        persons, counters, bystanders = persons_in(frames, session)
        assert len(persons) == MAX_PERSONS
        # The detector may miss one or another; nobody counts twice.
        assert 27 <= MAX_PERSONS + len(bystanders) <= 30
        assert counters == FaceCounters(faces_over_limit=len(bystanders))
        assert {len(each.sightings) for each in bystanders} == {len(persons[0].crops)}
        found = [centre(each.sightings[0][1]) for each in bystanders]
        found += [centre(each.crops[0].face) for each in persons]
        assert len({(round(x / 315 - 0.54), round(y / 205 - 0.58)) for x, y in found}) == len(found)


def test_one_of_a_crowd_is_examined_who_is_pointed_at(session):
    picture = stage(1920, 1080)
    for number, (x, y) in enumerate(itertools.product(range(6), range(5))):
        put(picture, person(TINTS[number % 5]), 170 + 315 * x, 120 + 205 * y, 90)
    x, y = 170 + 315 * 5, 120 + 205 * 4
    pointed = Place(time=0.24, x=x, y=y)
    [wanted], counters, others = find_persons(
        iter(film([picture] * 25)), session, lambda _: None, pointed
    )
    assert all(centre(crop.face) == pytest.approx([x, y], abs=40) for crop in wanted.crops)
    assert len(wanted.crops) == 5
    assert {other.reason for other in others} == {PassedOver.NOT_ASKED}
    assert counters == FaceCounters()


def test_who_stands_behind_in_small_is_a_bystander(session):
    picture = stage(320, 240)
    put(picture, person(), 90, 120, 80)
    put(picture, person(), 250, 120, 0.75 * MIN_SIZE)
    persons, counters, [bystander] = persons_in(film([picture] * 25), session)
    assert len(persons) == 1
    assert counters == FaceCounters(faces_too_small=1)
    assert bystander.reason is PassedOver.TOO_SMALL
    assert centre(bystander.sightings[0][1])[0] == pytest.approx(250, abs=20)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_turned_still_is_cut_out_upright_and_reported_as_displayed(session, turn):
    [upright], *_ = persons_in([StillFrame(data.astronaut())], session)
    displayed = np.ascontiguousarray(np.rot90(data.astronaut(), turn))
    [found], *_ = persons_in([StillFrame(displayed)], session)
    [crop] = found.crops
    assert np.array_equal(crop.aligned, upright.crops[0].aligned)
    # The box must lie on the face of the picture as it is displayed.
    marked = np.zeros((512, 512), np.uint8)
    x0, y0, x1, y1 = PORTRAIT_FACE
    marked[y0:y1, x0:x1] = 1
    marked = np.rot90(marked, turn)
    x, y = centre(crop.face).astype(int)
    assert marked[y, x] == 1


# ---------------------------------------------------------------------------------------- videos


def test_a_pan_is_one_person_with_a_steady_rate_of_crops(session):
    pictures = []
    for number in range(75):
        picture = stage(640, 360)
        put(picture, person(), 180 + 3 * number, 170, 110)
        pictures.append(picture)
    persons, counters, _ = persons_in(film(pictures), session)
    [found] = persons
    assert [crop.time for crop in found.crops] == pytest.approx([0.24 * i for i in range(13)])
    assert centre(found.crops[0].face)[0] == pytest.approx(180, abs=20)
    assert centre(found.crops[-1].face)[0] == pytest.approx(180 + 3 * 72, abs=20)
    [mouth] = found.mouths
    assert mouth.pictures.shape == (75, 96, 96)
    assert counters == FaceCounters()


def test_who_comes_back_after_a_cut_is_the_same_person(session):
    def shot(tint, frames, shade):
        picture = np.clip(stage(640, 360).astype(int) + shade, 0, 255).astype(np.uint8)
        put(picture, person(tint), 320, 180, 120)
        return [picture] * frames

    pictures = shot(TINTS[0], 30, 0) + shot(TINTS[1], 24, -80) + shot(TINTS[0], 30, 0)
    persons, *_ = persons_in(film(pictures), session)
    assert [len(found.crops) for found in persons] == [10, 4]
    assert [len(found.mouths) for found in persons] == [2, 1]


def test_who_is_in_every_run_is_one_person(session):
    picture = stage(640, 360)
    put(picture, person(), 300, 180, 130)
    frames = [
        frame
        for part in range(4)
        for frame in film([picture] * 50, segment=part, start=10.0 * part)
    ]
    [found], *_ = persons_in(frames, session)
    assert len(found.crops) == MAX_CROPS
    assert sum(crop.native is not None for crop in found.crops) == MAX_NATIVE_CROPS
    assert {crop.segment for crop in found.crops} == {0, 1, 2, 3}
    assert [mouth.start for mouth in found.mouths] == [0, 10, 20, 30]


def test_people_side_by_side_are_two_persons_the_larger_first(session):
    picture = stage(960, 540)
    put(picture, person(TINTS[1]), 250, 270, 100)
    put(picture, person(TINTS[0]), 650, 270, 170)
    persons, *_ = persons_in(film([picture] * 25), session)
    assert len(persons) == 2
    assert centre(persons[0].crops[0].face)[0] == pytest.approx(650, abs=40)
    assert all(len(found.crops) == 5 for found in persons)


def test_a_sideways_video_is_turned(session):
    pictures = []
    for number in range(49):
        picture = stage(640, 360)
        put(picture, person(), 250 + 2 * number, 170, 120)
        pictures.append(np.ascontiguousarray(np.rot90(picture)))
    [found], *_ = persons_in(film(pictures), session)
    assert len(found.crops) == 9
    # Turned to the left by a quarter, x became the distance from the lower edge.
    assert centre(found.crops[0].face) == pytest.approx([170, 640 - 250], abs=25)
    [mouth] = found.mouths
    assert len(mouth.pictures) == 49


def test_who_walks_in_later_is_found_within_a_second(session):
    empty, entered = stage(640, 360), stage(640, 360)
    put(entered, person(), 400, 180, 110)
    persons, counters, _ = persons_in(film([empty] * 24 + [entered] * 50), session)
    assert persons[0].crops[0].time == pytest.approx(0.96)
    assert counters.frames_without_face == 4


def test_progress_goes_up_and_a_cancellation_gets_out(session):
    picture = stage(320, 240)
    told = []
    find_persons(iter(film([picture] * 60)), session, told.append)
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] < 100

    def stop(percent):
        raise AssayError("cancelled", "The analysis was cancelled.")

    with pytest.raises(AssayError):
        find_persons(iter(film([picture] * 60)), session, stop)


# ------------------------------------------------------------------------------------- sharpness


@given(st.floats(2, 12))
def test_sharpness_falls_with_blur(sigma):
    face = face_at(224, 121, 110)
    blurred = cv2.GaussianBlur(data.astronaut(), (0, 0), sigma)
    assert sharpness(blurred, face) < sharpness(data.astronaut(), face)


def test_sharpness_does_not_depend_on_light():
    face = face_at(224, 121, 110)
    dark = (data.astronaut() * 0.4).astype(np.uint8)
    assert sharpness(dark, face) == pytest.approx(sharpness(data.astronaut(), face), rel=0.2)
    assert sharpness(dark, face) > 3 * MIN_SHARPNESS


# ------------------------------------------------------------------------------- large pictures


@pytest.mark.parametrize(
    ("height", "width", "x", "y"),
    [(3000, 4000, 2700, 1900), (20_000, 1080, 500, 12_345), (1080, 1920, 1400, 700)],
)
@pytest.mark.parametrize("size", [72, 100])
def test_a_small_face_is_found_whatever_the_picture(height, width, x, y, size, detector):
    picture = stage(width, height)
    put(picture, person(), x, y, size)
    found = detector.search(picture)
    assert any(np.abs(centre(face) - (x, y)).max() < size / 2 for face in found)


def test_a_group_of_sixty_is_counted(session):
    picture = stage(2400, 1600)
    for row, column in itertools.product(range(6), range(10)):
        tint = TINTS[(row + column) % len(TINTS)]
        put(picture, person(tint), 130 + 235 * column, 140 + 260 * row, 90)
    persons, counters, _ = persons_in([StillFrame(picture)], session)
    assert len(persons) == MAX_PERSONS
    assert counters.faces_over_limit + MAX_PERSONS >= 55
