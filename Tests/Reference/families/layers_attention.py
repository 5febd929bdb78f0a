"""layers_attention.json: outputs, gradients and weights of the layers that attend."""

from .common import *
from .layers import set_weights, short

L = "keras.layers."
REGULAR = Code("keras.regularizers.L2(0.03)")
NEGATIVE = Code("keras.constraints.NonNeg()")


def mask(draw, *shape):
    """True and False at random, with something to see in every row."""
    values = draw.labels(2, *shape).astype(bool)
    values[..., 0] = True
    return values


def cases_of(draw):
    """Code of a layer, its inputs by the names that its call has for them, and flags of the call."""
    query, value, key = draw.normal(3, 4, 6), draw.normal(3, 5, 6), draw.normal(3, 5, 6)
    wide, other = draw.normal(3, 5, 3), draw.normal(3, 5, 8)
    own = dict(query=query, value=query)
    causal, scores = dict(use_causal_mask=True), dict(return_attention_scores=True)

    def masks(*names):
        shapes = {"query_mask": (3, 4), "value_mask": (3, 5)}
        return {name: mask(draw, *shapes[name]) for name in names}

    # Attention of one head.
    lists = [own, dict(query=query, value=value), dict(query=query, value=wide, key=key)]
    calls = [{}, causal, scores, causal | scores]
    for kind, options in (
        ("Attention", dict(use_scale=[False, True], score_mode=["dot", "concat"],
                           inputs=[0, 1, 2], call=[0, 1, 2, 3])),
        ("AdditiveAttention", dict(use_scale=[True, False], inputs=[0, 1, 2], call=[0, 1, 2, 3])),
    ):
        for choice in pairwise(**options):
            given, flags = lists[choice.pop("inputs", 0)], calls[choice.pop("call", 0)]
            yield call(L + kind, **choice), given, flags
        for flags in calls:
            given = dict(query=query, value=value)
            yield call(L + kind), given | masks("query_mask", "value_mask"), flags
            yield call(L + kind), given | masks("value_mask"), flags
        yield call(L + kind, dropout=0.4), dict(query=query, value=wide, key=key), scores
        nowhere = dict(query=query, value=value, value_mask=np.zeros((3, 5), bool))
        yield call(L + kind), nowhere, {}
    planes = dict(query=draw.normal(2, 3, 4, 5), value=draw.normal(2, 3, 6, 5))
    yield L + "Attention()", planes, causal
    yield L + "AdditiveAttention()", planes, scores

    # Attention of several.
    def heads(**choice):
        number, size = choice.pop("num_heads", 2), choice.pop("key_dim", 3)
        return call(L + "MultiHeadAttention", num_heads=number, key_dim=size, **choice)

    threes = [own, dict(query=query, value=other), dict(query=query, value=wide, key=other)]
    for choice in pairwise(
        num_heads=[2, 1, 4], key_dim=[3, 1, 4], value_dim=[None, 2, 5], dropout=[0.0, 0.3],
        use_bias=[True, False], output_shape=[None, 7, (2, 3)], sliding_window=[None, 2],
        kernel_initializer=["glorot_uniform", "he_normal"], bias_initializer=["zeros", "ones"],
        kernel_regularizer=[None, REGULAR], bias_regularizer=[None, "l2"],
        kernel_constraint=[None, NEGATIVE], use_gate=[False, True],
        inputs=[0, 1, 2], call=[0, 1, 2, 3],
    ):
        given, flags = threes[choice.pop("inputs", 0)], calls[choice.pop("call", 0)]
        yield heads(**choice), given, flags
    yield heads(activity_regularizer=REGULAR), own, causal
    pair = dict(query=query, value=value)
    for shape in [(4, 5), (1, 4, 5), (3, 4, 5), (3, 1, 5), (3, 4, 1), (3, 1, 4, 5), (3, 2, 4, 5),
                  (1, 2, 4, 5), (3, 2, 1, 5)]:
        for flags in calls:
            yield heads(), pair | dict(attention_mask=mask(draw, *shape)), flags
    for flags in calls:
        yield heads(), pair | masks("value_mask"), flags
        yield heads(), pair | masks("value_mask") | dict(key_mask=mask(draw, 3, 5)), flags
        yield (heads(), pair | masks("value_mask") | dict(attention_mask=mask(draw, 3, 4, 5)),
               flags)
    nowhere = mask(draw, 3, 4, 5)
    nowhere[1, 2] = False
    yield heads(), pair | dict(attention_mask=nowhere), {}
    yield heads(), pair | dict(attention_mask=nowhere), scores
    yield heads(dropout=0.2), pair | dict(attention_mask=nowhere), {}


def called(layer, arrays, flags, **more):
    """What the layer makes of arrays by the names of its call."""
    if isinstance(layer, keras.layers.MultiHeadAttention):
        return layer(**arrays, **flags, **more)
    inputs = [arrays[name] for name in ("query", "value", "key") if name in arrays]
    if any("mask" in name for name in arrays):
        more = more | dict(mask=[arrays.get("query_mask"), arrays.get("value_mask")])
    return layer(inputs, **flags, **more)


def is_fused(layer, flags):
    """Whether PyTorch's own attention does the work."""
    return (isinstance(layer, keras.layers.MultiHeadAttention) and not layer.dropout
            and "return_attention_scores" not in flags)


def one_case(code, given, flags, draw):
    keras.backend.clear_session()
    layer = evaluate(code)
    symbols = {name: keras.Input(x.shape[1:], dtype=str(x.dtype)) for name, x in given.items()}
    if given.get("attention_mask") is not None and (
            given["attention_mask"].ndim == 2 or len(given["attention_mask"]) == 1):
        symbols["attention_mask"] = given["attention_mask"]
    called(layer, symbols, flags)
    starts = {short(v): array(v).reshape(-1) for v in layer.weights}
    starts = {key: value[0] for key, value in starts.items() if (value == value[0]).all()}
    set_weights(layer, draw)
    weights = {short(v): array(v) for v in layer.weights}
    leaves = {name: leaf(x) if x.dtype == np.float32 else torch.tensor(x)
              for name, x in given.items()}
    outputs = called(layer, leaves, flags, training=False)
    if not flags.get("return_attention_scores"):
        outputs = [outputs]
    cotangents = [draw.uniform(*one.shape, low=-1) for one in outputs]
    case = {
        "name": type(layer).__name__, "code": code,
        "inputs": {name: x * 1 if x.dtype == bool else x for name, x in given.items()}, "flags": sorted(flags),
        "layerName": layer.name, "weights": weights, "starts": starts,
        "order": [short(v) for v in layer.weights],
        "parameters": layer.count_params(),
        "outputs": outputs, "cotangents": cotangents,
    }
    if layer.losses:
        case["losses"] = [array(one) for one in layer.losses]
    variables = layer.trainable_weights
    learned = {name: x for name, x in leaves.items() if x.requires_grad}
    wanted = list(learned.values()) + [v.value for v in variables]
    total = sum((one * torch.tensor(c)).sum() for one, c in zip(outputs, cotangents))
    gradients = torch.autograd.grad(total, wanted, allow_unused=True)
    gradients = [torch.zeros_like(w) if g is None else g for g, w in zip(gradients, wanted)]
    if is_fused(layer, flags) and not given.get("attention_mask", np.ones(1)).any(-1).all():
        # PyTorch's gradient of a row that may look nowhere is not that of its own output.
        return case | {"inputGradients": {}, "weightGradients": {}}
    case["inputGradients"] = dict(zip(learned, gradients))
    case["weightGradients"] = dict(zip(map(short, variables), gradients[len(learned):]))
    return case


def generate():
    draw = Draw(11)
    write("layers_attention", {
        "cases": [one_case(code, given, flags, draw) for code, given, flags in cases_of(draw)]})
