"""layers_convolution.json: outputs, gradients, weights and shapes of convolutions."""

from .common import *
from .layers import L, NEGATIVE, REGULAR, one_case

INITIAL = ["glorot_uniform", "he_normal", "ones"]


def convolutions(draw):
    """Code of a layer and its input; every pair of arguments meets at least once."""
    image, sequence = draw.normal(1, 7, 6, 4), draw.normal(2, 10, 4)
    shared = dict(activation=[None, "relu", "tanh"], use_bias=[True, False])
    sizes = {"1D": [3, 1, 2, 4], "2D": [3, (2, 3), 1, (3, 1)]}
    for rank, data in (("1D", sequence), ("2D", image)):
        several = [1, 2, 3] if rank == "1D" else [1, 2, (3, 1), (1, 2)]
        paddings = ["valid", "same"] + (["causal"] if rank == "1D" else [])
        for moved in (dict(strides=several), dict(dilation_rate=several)):
            for choice in pairwise(
                kernel_size=sizes[rank], padding=paddings, groups=[1, 2, 4], **moved, **shared
            ):
                yield call(
                    L + "Conv" + rank, filters=4, **{"kernel_size": 3, **choice}), data
            for choice in pairwise(
                kernel_size=sizes[rank], padding=["valid", "same"], **moved, **shared
            ):
                yield call(
                    L + f"Conv{rank}Transpose", filters=3, **{"kernel_size": 3, **choice}), data
        for choice in pairwise(
            kernel_size=sizes[rank], padding=["valid", "same"], strides=several[:2],
            depth_multiplier=[1, 2, 3], **shared
        ):
            choice = {"kernel_size": 3, **choice}
            yield call(L + "DepthwiseConv" + rank, **choice), data
            yield call(L + "SeparableConv" + rank, filters=5, **choice), data


def further(draw):
    image, sequence = draw.normal(2, 5, 4, 3), draw.normal(2, 7, 3)
    wide, thin = draw.normal(1, 4, 3, 19), draw.normal(3, 5, 4, 1)
    yield from ((L + one, image) for one in (
        "DepthwiseConv2D(2, dilation_rate=2)", "DepthwiseConv2D((3, 2), (1, 2), 'same', 2)",
        "DepthwiseConv2D(2, padding='same', dilation_rate=(2, 1), depth_multiplier=2)",
        "SeparableConv2D(4, 2, dilation_rate=(3, 2))", "SeparableConv2D(4, (2, 3), (2, 1), 'same')",
        "Conv2D(3, 2, (1, 1), 'same', None, (1, 2), 3, 'relu')",
        "Conv2D(filters=3, kernel_size=[2, 2], data_format='channels_last')",
        "Conv2DTranspose(2, 3, 2, 'same', 1)", "Conv2DTranspose(2, 3, 2, 'same', 0)",
        "Conv2DTranspose(2, 3, 2, 'valid', 1)", "Conv2DTranspose(2, (2, 4), 3, 'same', (2, 1))",
        "Conv2DTranspose(2, (2, 4), (3, 1), 'valid', (2, 0))", "Conv2DTranspose(2, 2, 4, 'same')",
        "Conv2DTranspose(2, 2, 3)", "Conv2DTranspose(2, 5, padding='same')",
        "Conv2DTranspose(2, 3, padding='same', dilation_rate=(2, 3))"))
    yield from ((L + one, sequence) for one in (
        "Conv1D(4, (3,), strides=(2,), padding='causal')", "Conv1DTranspose(2, 4, 3, 'same', 2)",
        "Conv1D(4, 2, padding='causal', dilation_rate=4)", "Conv1DTranspose(2, 2, 3, 'same', 1)",
        "DepthwiseConv1D(3, dilation_rate=2)", "SeparableConv1D(4, 3, dilation_rate=2)"))
    yield from ((L + one, wide) for one in (
        "Conv2D(17, 2)", "Conv2D(19, 2, groups=19)", "DepthwiseConv2D(3, padding='same')",
        "DepthwiseConv2D(2, strides=2)", "SeparableConv2D(18, 2)", "Conv2DTranspose(3, 2, 2)"))
    yield from ((L + one, thin) for one in (
        "Conv2D(2, 2)", "DepthwiseConv2D(2)", "DepthwiseConv2D(2, depth_multiplier=3)",
        "SeparableConv2D(2, 2)", "Conv2DTranspose(1, 2, 2)"))


def held(draw):
    """How weights start, what they cost and what they are held to."""
    data = {"1D": draw.normal(2, 5, 2), "2D": draw.normal(2, 4, 3, 2)}
    for rank, given in data.items():
        for kind, names, arguments in (
            ("Conv" + rank, ["kernel"], dict(filters=3, kernel_size=2)),
            (f"Conv{rank}Transpose", ["kernel"], dict(filters=3, kernel_size=2)),
            ("DepthwiseConv" + rank, ["depthwise"], dict(kernel_size=2)),
            ("SeparableConv" + rank, ["depthwise", "pointwise"], dict(filters=3, kernel_size=2)),
        ):
            for choice in pairwise(
                **{name + "_initializer": INITIAL for name in names},
                bias_initializer=["zeros", "ones"],
                **{name + "_regularizer": [None, REGULAR, "l1"] for name in names},
                bias_regularizer=[None, "l2"], activity_regularizer=[None, REGULAR],
                **{name + "_constraint": [None, NEGATIVE] for name in names},
                bias_constraint=[None, "unit_norm"],
            )[:6]:
                yield call(L + kind, **arguments, **choice), given


def generate():
    draw = Draw(11)
    cases, seen = [], set()
    for code, given in [*convolutions(draw), *further(draw), *held(draw)]:
        if (code, given.shape) not in seen:
            seen.add((code, given.shape))
            cases.append(one_case(code, given, False, draw))
    write("layers_convolution", {"cases": cases})
