"""layers_recurrent.json: outputs, states and gradients of the recurrent layers."""

from .common import *
from .layers import set_weights, short

L = "keras.layers."
BATCH, TIME, FEATURES, UNITS = 3, 5, 4, 2


KERNELS = ["tanh", "sigmoid", "relu", "linear"]
GATES = ["sigmoid", "tanh", "relu", "linear"]
FORMULAS = ["tanh", "elu", "gelu", "softsign", "softplus", "silu", "softmax", "hard_sigmoid", "selu", None]


def cases_of(activations=KERNELS, of_gates=GATES):
    """Choices of arguments, and of what the layer is called with."""
    for name, more in (
        ("SimpleRNN", {}), ("LSTM", {"unit_forget_bias": [True, False]}),
        ("GRU", {"reset_after": [True]}), ("GRU", {"reset_after": [None, False]}),
    ):
        gates = {} if name == "SimpleRNN" else {
            "recurrent_activation": of_gates}
        for choice in pairwise(
            activation=activations, **gates, use_bias=[True, False],
            **more, return_sequences=[False, True], return_state=[False, True],
            go_backwards=[False, True], unroll=[False, True], mask=[None, "some", "first"],
            initial_state=[False, True], zero_output_for_mask=[False, True],
        ):
            mask, initial = choice.pop("mask", None), choice.pop("initial_state", False)
            if mask is None:
                choice.pop("zero_output_for_mask", None)
            else:
                choice.pop("unroll", None)
            yield call(L + name, units=UNITS, **choice), mask, initial


def mask_of(kind):
    """1 where a step counts."""
    if kind is None:
        return None
    if kind == "first":
        # Nothing at the start of one, nothing at the end of another, nothing at all of the last.
        return np.array([[0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 0, 0, 0]], bool)
    return np.array([[1, 0, 1, 1, 0], [1, 1, 1, 1, 1], [0, 1, 1, 0, 1]], bool)


def is_small(case):
    """Whether no number explodes, as relu and linear gates may let them."""
    arrays = [*case["outputs"], *case["inputGradients"], *case["weightGradients"].values()]
    return all(np.abs(array(one)).max() < 1000 for one in arrays)


def listed(outputs):
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def one_case(code, kind, initial, training, draw):
    keras.backend.clear_session()
    layer = evaluate(code)
    x = draw.normal(BATCH, TIME, FEATURES)
    states = [draw.normal(BATCH, UNITS) for _ in layer.state_size] if initial else []
    symbol = layer(keras.Input((TIME, FEATURES)))
    starts = {short(v): array(v).reshape(-1) for v in layer.weights}
    starts = {key: value[0] for key, value in starts.items() if (value == value[0]).all()}
    set_weights(layer, draw)
    leaves = [leaf(one) for one in [x, *states]]
    mask = mask_of(kind)
    dropped = []

    def dropout(ones, rate, noise_shape=None, seed=None):
        kept = (draw.random.random(tuple(ones.shape)) >= rate).astype(np.float32)
        dropped.append(kept)
        return torch.tensor(kept) / (1 - rate)

    drawn = keras.src.backend.random.dropout
    keras.src.backend.random.dropout = dropout
    outputs = listed(layer(
        leaves[0], initial_state=leaves[1:] or None, training=training,
        mask=None if mask is None else torch.tensor(mask)))
    keras.src.backend.random.dropout = drawn
    cotangents = [draw.uniform(*one.shape, low=-1) for one in outputs]
    variables = layer.trainable_weights
    wanted = leaves + [v.value for v in variables]
    loss = sum((one * torch.tensor(by)).sum() for one, by in zip(outputs, cotangents))
    gradients = torch.autograd.grad(loss, wanted, allow_unused=True)
    gradients = [torch.zeros_like(w) if g is None else g for g, w in zip(gradients, wanted)]
    case = {
        "name": type(layer).__name__, "code": code, "layerName": layer.name,
        "training": training, "inputs": [x, *states], "starts": starts,
        "weights": {short(v): array(v) for v in layer.weights},
        "outputShapes": [list(one.shape) for one in listed(symbol)],
        "parameters": layer.count_params(), "outputs": outputs, "cotangents": cotangents,
        "inputGradients": gradients[:len(leaves)],
        "weightGradients": dict(zip(map(short, variables), gradients[len(leaves):])),
    }
    if mask is not None:
        case["mask"] = mask.astype(np.float32)
    if dropped:
        case["kept"] = dropped
    return case


def dropping():
    for name in ("SimpleRNN", "GRU", "LSTM"):
        for rates in (dict(dropout=0.4), dict(recurrent_dropout=0.3),
                      dict(dropout=0.2, recurrent_dropout=0.5)):
            yield call(L + name, units=UNITS, return_sequences=True, **rates)
    yield L + "GRU(2, reset_after=False, dropout=0.2, recurrent_dropout=0.4)"
    yield L + "GRU(2, reset_after=False, dropout=0.4, go_backwards=True)"
    yield L + "LSTM(2, dropout=0.2, recurrent_dropout=0.4, go_backwards=True, return_state=True)"


def stateful(draw):
    """Three batches, each going on where the one before ended, and one after a reset."""
    for code in ("SimpleRNN(2, stateful=True)", "GRU(2, stateful=True, return_sequences=True)",
                 "GRU(2, stateful=True, reset_after=False, return_state=True)",
                 "LSTM(2, stateful=True)", "LSTM(2, stateful=True, go_backwards=True)",
                 "LSTM(2, stateful=True, return_sequences=True, return_state=True)"):
        keras.backend.clear_session()
        layer = evaluate(L + code)
        layer(keras.Input(batch_shape=(BATCH, TIME, FEATURES)))
        set_weights(layer, draw)
        layer.reset_state()
        batches = [draw.normal(BATCH, TIME, FEATURES) for _ in range(4)]
        outputs = []
        for i, batch in enumerate(batches):
            if i == 3:
                layer.reset_state()
            outputs.append([array(one) for one in listed(layer(torch.tensor(batch)))])
        yield {"code": L + code, "batches": batches, "outputs": outputs,
               "weights": {short(v): array(v) for v in layer.weights},
               "parameters": layer.count_params()}


def generate():
    draw = Draw(17)
    cases, seen = [], set()
    for one in cases_of():
        if one not in seen:
            seen.add(one)
            cases.append(one_case(*one, False, draw))
    cases = [case for case in cases if is_small(case)]
    further = Draw(18)
    formulas = [
        one_case(*one, False, further)
        for one in cases_of(FORMULAS, ["sigmoid", "hard_sigmoid", "softsign", "silu", None])]
    cases += [case for case in formulas if is_small(case)]
    dropped = [one_case(code, None, False, True, draw) for code in dropping()]
    write("layers_recurrent",
          {"cases": cases, "dropped": dropped, "stateful": list(stateful(draw))})
