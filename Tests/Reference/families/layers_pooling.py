"""layers_pooling.json: windows, borders, enlargement and augmentation of images and sequences.

What augmentation draws is pinned by factors whose two ends are equal, so that Keras and others
draw the same; "transforms" holds pictures drawn anew by matrices of any kind.
"""

import gc

from .common import *
from .layers import L, one_case


def cases_of(draw):
    image, other = draw.normal(2, 5, 4, 2), draw.normal(2, 6, 7, 1)
    sequence, single = draw.normal(2, 7, 3), draw.normal(1, 1, 1, 3)

    for kind in ("MaxPooling2D", "AveragePooling2D"):
        for choice in pairwise(
            pool_size=[None, 3, (3, 2), (2, 1), 4, (1, 4)],
            strides=[None, 1, 2, (1, 2), 3, (4, 3)], padding=["valid", "same"],
        ):
            choice.setdefault("pool_size", 2)
            for given in (image, other):
                yield call(L + kind, **choice), given
        yield call(L + kind, pool_size=5, padding="same"), single
        yield call(L + kind, pool_size=5, strides=1, padding="same"), image
        yield L + kind + "((2, 2), (1, 1), 'same', 'channels_last')", image
    for kind in ("MaxPooling1D", "AveragePooling1D"):
        for choice in pairwise(
            pool_size=[None, 1, 3, 5, 7], strides=[None, 1, 2, 3, 4], padding=["valid", "same"],
        ):
            choice.setdefault("pool_size", 2)
            yield call(L + kind, **choice), sequence
        yield call(L + kind, pool_size=9, padding="same"), sequence
        yield call(L + kind, pool_size=(2,), strides=(3,)), sequence
    yield L + "MaxPooling2D()", image
    yield L + "MaxPooling1D()", sequence
    for kind in ("Max", "Average"):
        for keep in ("", "keepdims=True"):
            yield L + f"Global{kind}Pooling1D({keep})", sequence
            yield L + f"Global{kind}Pooling2D({keep})", image
            yield L + f"Global{kind}Pooling2D({keep})", single

    yield from ((L + one, sequence) for one in (
        "ZeroPadding1D()", "ZeroPadding1D(2)", "ZeroPadding1D(padding=(0, 3))",
        "ZeroPadding1D((0, 0))", "Cropping1D()", "Cropping1D(3)", "Cropping1D((0, 2))",
        "Cropping1D(cropping=(4, 0))", "Cropping1D((0, 0))", "UpSampling1D()", "UpSampling1D(1)",
        "UpSampling1D(size=3)"))
    yield from ((L + one, image) for one in (
        "ZeroPadding2D()", "ZeroPadding2D(2)", "ZeroPadding2D(padding=(0, 3))",
        "ZeroPadding2D(((1, 0), (2, 3)))", "ZeroPadding2D((1, (0, 2)))", "ZeroPadding2D(0)",
        "Cropping2D()", "Cropping2D(1)", "Cropping2D((2, 1))", "Cropping2D((0, 1))",
        "Cropping2D(((1, 2), (0, 3)))", "Cropping2D(cropping=((4, 0), (0, 0)))"))
    for choice in pairwise(size=[(2, 2), 3, (1, 4), (2, 1), 1],
                           interpolation=["nearest", "bilinear", "bicubic"]):
        yield call(L + "UpSampling2D", **choice), image
        yield call(L + "UpSampling2D", **choice), single

    yield L + "SpatialDropout1D(0.3)", sequence
    yield L + "SpatialDropout2D(0.3)", image


def augmentations(draw):
    """Layers that draw, pinned; in training."""
    image, flat = draw.normal(2, 5, 4, 2), draw.uniform(2, 6, 7, 1, high=255)
    ways = pairwise(fill_mode=["reflect", "wrap", "constant", "nearest"],
                    interpolation=["bilinear", "nearest"], fill_value=[0.0, 0.75])
    for choice in ways:
        for down, right in ((0.137, -0.281), (-0.613, 0.467), (0.0, 0.731)):
            yield call(L + "RandomTranslation", height_factor=(down, down),
                       width_factor=(right, right), **choice), image
        for turn in (0.071, -0.323):
            yield call(L + "RandomRotation", factor=(turn, turn), **choice), image
        for rows, columns in ((0.317, None), (-0.432, 0.291), (0.913, -0.613)):
            width = {} if columns is None else {"width_factor": (columns, columns)}
            yield call(L + "RandomZoom", height_factor=(rows, rows), **width, **choice), image
    yield L + "RandomTranslation(0, 0)", image
    yield L + "RandomRotation(0)", flat
    yield L + "RandomZoom(0.0)", flat
    yield L + "RandomContrast((-0.3, 0.3), value_range=(-1.5, 1.25))", image
    yield L + "RandomContrast([-1, 1])", flat
    yield L + "RandomContrast((-0.4, 0.4), value_range=(0, 200))", flat
    yield L + "RandomContrast(0)", flat


def transforms(draw):
    """Pictures drawn anew, each by a matrix of its own."""
    rows = []
    for interpolation in ("nearest", "bilinear"):
        for fill in ("constant", "nearest", "wrap", "reflect"):
            images = draw.normal(3, 5, 6, 2)
            matrices = np.array([[1, 0, 0, 0, 1, 0]] * 3, np.float32)
            matrices += draw.random.normal(size=(3, 6)).astype(np.float32)
            given = leaf(images)
            output = keras.ops.image.affine_transform(
                given, torch.tensor(np.pad(matrices, ((0, 0), (0, 2)))), interpolation, fill, 0.5)
            cotangent = draw.uniform(*output.shape, low=-1)
            gradient, = torch.autograd.grad((output * torch.tensor(cotangent)).sum(), [given])
            rows.append({
                "interpolation": interpolation, "fillMode": fill, "fillValue": 0.5,
                "inputs": [images, matrices], "output": output, "cotangent": cotangent,
                "inputGradient": gradient})
    return rows


def generate():
    # Every case begins with clear_session, which collects garbage: not among all of Keras.
    gc.freeze()
    draw = Draw(17)
    cases, seen = [], set()
    for training, all_cases in ((False, cases_of(draw)), (True, augmentations(draw))):
        for code, given in list(all_cases):
            if (code, given.shape) in seen:
                continue
            seen.add((code, given.shape))
            cases.append(one_case(code, given, training, draw))
    write("layers_pooling", {"transforms": transforms(draw), "cases": cases})
