"""layers.json: outputs, gradients, weights and shapes of the layers of feed-forward nets."""

import torch.nn.functional as F

from .common import *

L = "keras.layers."
REGULAR = Code("keras.regularizers.L2(0.03)")
NEGATIVE = Code("keras.constraints.NonNeg()")


def cases_of(draw):
    """Code of a layer and its inputs: a tensor, or a list of them."""
    row, long, plane = draw.normal(5, 4), draw.normal(6, 7, scale=2), draw.normal(3, 4, 6)
    image, wide = draw.normal(4, 3, 2, 6), draw.normal(5, 4) + np.float32(1.5)
    other, third = draw.normal(5, 4), draw.normal(5, 4)
    indices = draw.labels(7, 4, 3)

    # Dense and its relatives.
    dense = dict(units=3)
    for choice in pairwise(
        activation=[None, "relu", "softmax", "tanh"], use_bias=[True, False],
        kernel_initializer=["glorot_uniform", "he_normal"], bias_initializer=["zeros", "ones"],
        kernel_regularizer=[None, REGULAR, "l1"], bias_regularizer=[None, "l2"],
        activity_regularizer=[None, REGULAR], kernel_constraint=[None, NEGATIVE],
        bias_constraint=[None, "unit_norm"],
    ):
        yield call(L + "Dense", **dense, **choice), row
    yield L + "Dense(2, activation='gelu')", plane
    yield L + "Dense(2)", image
    yield L + "EinsumDense('abc,cd->abd', output_shape=(None, 5), bias_axes='d')", plane
    yield L + "EinsumDense('ab,bc->ac', output_shape=3, activation='relu')", row
    for choice in pairwise(embeddings_initializer=["uniform", "ones"],
                           embeddings_regularizer=[None, "l2"]):
        yield call(L + "Embedding", input_dim=7, output_dim=3, **choice), indices

    # Functions.
    for name in sorted(keras.src.activations.ALL_OBJECTS_DICT):
        # The threshold lacks its arguments, and Keras mistakes the shape of glu's output.
        if name not in ("threshold", "glu"):
            yield L + f"Activation('{name}')", long
    yield L + "Activation(keras.activations.leaky_relu)", long
    for choice in pairwise(max_value=[None, 1.5, 6.0], negative_slope=[0.0, 0.2],
                           threshold=[0.0, 0.4]):
        yield call(L + "ReLU", **choice), long
    yield from ((L + one, long) for one in (
        "LeakyReLU()", "LeakyReLU(negative_slope=0.05)", "LeakyReLU(0.1)", "ELU()",
        "ELU(alpha=0.4)", "PReLU()", "Softmax()", "PReLU(alpha_initializer='ones')",
        "PReLU(alpha_regularizer='l1', alpha_constraint='non_neg')"))
    yield from ((L + one, plane) for one in (
        "PReLU()", "PReLU(shared_axes=[1])", "PReLU(shared_axes=2)", "Softmax(axis=1)",
        "Softmax(axis=[1, 2])"))
    yield L + "PReLU(shared_axes=[1, 2])", image

    # Normalizations.
    for choice in pairwise(
        momentum=[0.99, 0.8], epsilon=[0.001, 0.1], center=[True, False], scale=[True, False],
        beta_initializer=["zeros", "ones"], gamma_initializer=["ones", "zeros"],
        moving_mean_initializer=["zeros", "ones"], moving_variance_initializer=["ones", "zeros"],
        beta_regularizer=[None, "l2"], gamma_regularizer=[None, "l1"],
        beta_constraint=[None, "non_neg"], gamma_constraint=[None, "unit_norm"],
    ):
        yield call(L + "BatchNormalization", **choice), wide
    yield from ((L + "BatchNormalization" + one, image) for one in (
        "()", "(axis=1)", "(axis=2, momentum=0.5)", "(trainable=False)"))
    for choice in pairwise(axis=[-1, 2, [1, 2]], epsilon=[0.001, 0.1], center=[True, False],
                           scale=[True, False], beta_initializer=["zeros", "ones"],
                           gamma_initializer=["ones", "zeros"], gamma_regularizer=[None, "l2"]):
        yield call(L + "LayerNormalization", **choice), plane
    yield from ((L + one, image) for one in (
        "LayerNormalization(axis=[-2, -1])", "LayerNormalization(axis=[1, 3])",
        "GroupNormalization(groups=3)", "GroupNormalization(groups=-1)", "UnitNormalization()",
        "GroupNormalization(groups=2, center=False, epsilon=0.1)",
        "GroupNormalization(groups=1, scale=False)", "UnitNormalization(axis=1)",
        "UnitNormalization(axis=[1, 2])", "RMSNormalization()", "RMSNormalization(axis=[2, 3])",
        "RMSNormalization(epsilon=0.01)"))
    yield L + "UnitNormalization()", row
    yield L + "LayerNormalization()", row

    # Shapes.
    yield from ((L + one, image) for one in (
        "Flatten()", "Reshape((6, 6))", "Reshape((-1, 4))", "Reshape(target_shape=(36,))",
        "Permute((3, 1, 2))", "Permute((2, 1, 3))", "Identity()"))
    yield from ((L + one, row) for one in (
        "Flatten()", "RepeatVector(3)", "RepeatVector(n=1)", "Reshape((2, 2))",
        "Reshape((4, 1))", "Activation('linear')"))
    yield L + "Flatten()", draw.normal(4)

    # What only training changes: here inference.
    yield from ((L + one, row) for one in (
        "Dropout(0.5)", "Dropout(rate=0.0)", "Dropout(0.3, noise_shape=(None, 1), seed=3)",
        "GaussianNoise(0.1)", "GaussianDropout(0.2)", "AlphaDropout(0.2)",
        "ActivityRegularization()", "ActivityRegularization(l1=0.1)",
        "ActivityRegularization(l1=0.02, l2=0.3)"))
    yield L + "SpatialDropout1D(0.3)", plane

    # Data.
    yield from ((L + one, wide) for one in (
        "Rescaling(0.5)", "Rescaling(scale=1/255, offset=-1.0)", "Normalization()",
        "Rescaling([1.0, 2.0, 0.5, 3.0], offset=[0.1, 0.2, 0.3, 0.4])",
        "Normalization(mean=2.0, variance=4.0)", "Normalization(axis=None)",
        "Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[1.0, 4.0, 0.25, 9.0])",
        "Normalization(mean=2.0, variance=4.0, invert=True)", "Normalization(axis=-1)"))
    yield from ((L + one, plane) for one in (
        "Normalization(axis=1)", "Normalization(axis=(1, 2))", "Normalization(invert=True)"))
    yield from ((L + f"CategoryEncoding(num_tokens=7{mode})", data) for data in (
        indices, indices[:, :1]) for mode in (
        "", ", output_mode='multi_hot'", ", output_mode='one_hot'", ", output_mode='count'"))
    yield L + "CategoryEncoding(7, output_mode='one_hot')", indices[:, 0]
    yield from ((L + one, wide) for one in (
        "Discretization(bin_boundaries=[0.0, 1.0, 2.0])",
        "Discretization([0.5, 1.5], output_mode='one_hot')"))

    # Several inputs.
    yield from ((L + one + "()", [row, other]) for one in (
        "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"))
    yield from ((L + one + "()", [row, other, third]) for one in (
        "Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"))
    yield L + "Add()", [plane, plane[:, :1]]
    yield L + "Multiply()", [plane, plane[:, 0]]
    cube = draw.normal(3, 4, 6)
    yield from ((L + one, [plane, cube]) for one in (
        "Concatenate(axis=1)", "Concatenate(axis=-1)", "Concatenate(axis=2)", "Dot(axes=1)",
        "Dot(axes=2)", "Dot(axes=(2, 2), normalize=True)", "Dot(axes=-1)"))
    yield from ((L + one, [row, other]) for one in (
        "Dot(axes=1)", "Dot(axes=-1, normalize=True)", "Dot(axes=(1, 1))", "Concatenate(axis=1)"))
    yield L + "Dot(axes=(1, 2))", [row, cube.transpose(0, 2, 1)[:, :, :4].repeat(2, 0)[:5]]


def set_weights(layer, draw):
    """Gives the layer weights that look like none of its initial ones."""
    for variable in layer.weights:
        if variable.name == "count":
            continue
        shape = tuple(variable.shape)
        positive = "variance" in variable.name or variable.name in ("gamma", "scale")
        variable.assign(draw.uniform(*shape, low=0.5, high=2) if positive else draw.normal(*shape))
    if isinstance(layer, keras.layers.Normalization):
        layer.finalize_state()


def short(variable):
    return variable.path.split("/", 1)[1]


def one_case(code, given, training, draw):
    keras.backend.clear_session()
    layer = evaluate(code)
    inputs = given if isinstance(given, list) else [given]
    symbols = [keras.Input(x.shape[1:], dtype=str(x.dtype)) for x in inputs]
    symbol = layer(symbols if len(symbols) > 1 else symbols[0])
    # What a weight starts as, where that is one number.
    starts = {short(v): array(v).reshape(-1) for v in layer.weights}
    starts = {key: value[0] for key, value in starts.items() if (value == value[0]).all()}
    set_weights(layer, draw)
    weights = {short(v): array(v) for v in layer.weights}
    leaves = [leaf(x) if x.dtype == np.float32 else torch.tensor(x) for x in inputs]
    output = layer(leaves if len(leaves) > 1 else leaves[0], training=training)
    cotangent = draw.uniform(*output.shape, low=-1)
    case = {
        "name": type(layer).__name__, "code": code, "training": training, "inputs": inputs,
        "layerName": layer.name, "weights": weights, "starts": starts,
        "outputShape": list(symbol.shape),
        "parameters": layer.count_params(),
        "trainableParameters": sum(int(np.prod(v.shape)) for v in layer.trainable_weights),
        "output": output,
    }
    losses = layer.losses
    if losses:
        case["losses"] = [array(one) for one in losses]
    after = {short(v): array(v) for v in layer.non_trainable_weights}
    changed = {key: value for key, value in after.items()
               if not np.array_equal(value, weights[key])}
    if changed:
        case["weightsAfter"] = changed
    if output.requires_grad:
        case["cotangent"] = cotangent
        variables = layer.trainable_weights
        wanted = [x for x in leaves if x.requires_grad] + [v.value for v in variables]
        gradients = torch.autograd.grad(
            (output * torch.tensor(cotangent)).sum(), wanted, allow_unused=True)
        gradients = [torch.zeros_like(w) if g is None else g for g, w in zip(gradients, wanted)]
        count = len(wanted) - len(variables)
        if count:
            case["inputGradients"] = gradients[:count]
        if variables:
            case["weightGradients"] = dict(zip(map(short, variables), gradients[count:]))
    return case


def adaptations(draw):
    """Normalization that looks at data first."""
    data = draw.normal(9, 4, scale=3)
    rows = []
    for code in ("Normalization()", "Normalization(axis=None)", "Normalization(invert=True)"):
        layer = evaluate(L + code)
        layer.adapt(data)
        x = draw.normal(3, 4)
        rows.append({"code": L + code, "data": data, "inputs": [x], "output": layer(x),
                     "weights": {v.name: array(v) for v in layer.weights}})
    return rows


def generate():
    draw = Draw(7)
    cases, seen = [], set()
    for code, given in list(cases_of(draw)):
        key = (code, str([x.shape for x in (given if isinstance(given, list) else [given])]))
        if key in seen:
            continue
        seen.add(key)
        cases.append(one_case(code, given, False, draw))
        if "BatchNormalization" in code or "activity" in code:
            cases.append(one_case(code, given, True, draw))
    facts(draw)
    write("layers", {"adaptations": adaptations(draw), "cases": cases})


def facts(draw):
    x = draw.normal(6, 5, scale=2)
    keras.backend.clear_session()
    batch = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    ours = batch(x, training=True)
    theirs = torch.nn.BatchNorm1d(5, momentum=0.1, eps=1e-5)
    expected = theirs(torch.tensor(x))
    compare("layer BatchNormalization(momentum=0.9, epsilon=1e-5), training output", ours, expected)
    compare("  its moving mean", batch.moving_mean, theirs.running_mean)
    compare("  its moving variance (Keras's of n, PyTorch's of n - 1)", batch.moving_variance,
            theirs.running_var)
    for name, ours, expected in [
        ("LayerNormalization(epsilon=1e-5)", keras.layers.LayerNormalization(epsilon=1e-5)(x),
         F.layer_norm(torch.tensor(x), (5,))),
        ("GroupNormalization(groups=1, epsilon=1e-5)",
         keras.layers.GroupNormalization(groups=1, epsilon=1e-5)(x),
         F.group_norm(torch.tensor(x), 1)),
        ("RMSNormalization()", keras.layers.RMSNormalization()(x),
         F.rms_norm(torch.tensor(x), (5,), eps=1e-6)),
        ("LeakyReLU()", keras.layers.LeakyReLU()(x), F.leaky_relu(torch.tensor(x), 0.3)),
        ("UnitNormalization()", keras.layers.UnitNormalization()(x),
         F.normalize(torch.tensor(x), dim=-1)),
        ("Softmax()", keras.layers.Softmax()(x), F.softmax(torch.tensor(x), -1)),
        ("ELU()", keras.layers.ELU()(x), F.elu(torch.tensor(x))),
    ]:
        compare(f"layer {name}", ours, expected)
