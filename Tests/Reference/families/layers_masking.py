"""layers_masking.json: models with masks and with layers that wrap others."""

from .common import *

HEAD = "import keras\nfrom keras import layers\n"
IDS = "x = layers.Embedding(7, 3, mask_zero=True)(inputs)\n"


def ids(draw, *shape):
    """Rows of numbers from 1 on, padded with zeros: at the end, at the beginning, between."""
    rows = 1 + draw.labels(6, *shape)
    flat = rows.reshape(shape[0], -1)
    for i, row in enumerate(flat):
        cut = 1 + i % (len(row) - 1)
        if i % 3 == 0:
            row[cut:] = 0
        elif i % 3 == 1:
            row[:cut] = 0
        else:
            row[cut // 2] = 0
    return rows.astype(np.float32)


def sequences(draw, *shape, value=0.0):
    """Sequences of rows, some of which are padding."""
    rows = draw.normal(*shape)
    for i in range(shape[0]):
        rows[i, i % shape[1]] = value
        if i % 2:
            rows[i, shape[1] - 1:] = value
    return rows


def functional(body, *inputs, outputs="x"):
    """The code of a model of tensors."""
    names = ["inputs", "second"]
    lines = [f"{name} = keras.Input(shape={tuple(x.shape[1:])})\n" for name, x in zip(names, inputs)]
    given = names[0] if len(inputs) == 1 else f"[{', '.join(names[:len(inputs)])}]"
    return HEAD + "".join(lines) + body + f"model = keras.Model({given}, {outputs})\n"


def programs(draw):
    """Name, code, inputs, loss and whether it is a step of training."""
    words, pairs = ids(draw, 6, 5), ids(draw, 4, 3, 4)
    steps, padded = sequences(draw, 5, 4, 3), sequences(draw, 5, 4, 3, value=-1.5)
    plain = draw.normal(4, 5, 3)

    def case(name, body, *inputs, loss="mse", training=True, outputs="x", **more):
        return dict(name=name, code=functional(body, *inputs, outputs=outputs), inputs=inputs,
                    loss=loss, training=training, **more)

    dense = "x = layers.Dense(2)(x)\n"
    yield case("words to a memory", IDS + "x = layers.LSTM(4)(x)\n" + dense, words)
    yield case("words to a memory of all steps",
               IDS + "x = layers.LSTM(4, return_sequences=True)(x)\n" + dense, words)
    yield case("two memories", IDS + "x = layers.LSTM(4, return_sequences=True)(x)\n"
               "x = layers.LSTM(3, use_bias=False)(x)\n", words)
    yield case("memory of other functions", IDS + "x = layers.LSTM(4, activation='sigmoid', "
               "recurrent_activation='tanh')(x)\n", words)
    yield case("mask to the loss", IDS + dense, words)
    yield case("mask to the loss by TimeDistributed",
               IDS + "x = layers.TimeDistributed(layers.Dense(2))(x)\n", words)
    yield case("no mask without mask_zero", "x = layers.Embedding(7, 3)(inputs)\n" + dense, words)
    for loss in ["mae", "keras.losses.Huber()", "keras.losses.MeanSquaredError(reduction='sum')",
                 "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')",
                 "keras.losses.BinaryCrossentropy(from_logits=True)", "cosine_similarity"]:
        yield case(f"masked loss {loss}", IDS + dense, words, loss=loss)
    tags = IDS + "x = layers.LSTM(4, return_sequences=True)(x)\n" \
        "x = layers.TimeDistributed(layers.Dense(3, activation='softmax'))(x)\n"
    for loss in ["sparse_categorical_crossentropy", "categorical_crossentropy"]:
        yield case(f"tags {loss}", tags, words, loss=loss, metrics=["accuracy"])
    yield case("ignored classes beside a mask", tags, words,
               loss="keras.losses.SparseCategoricalCrossentropy(ignore_class=1)")
    yield case("metrics go by the mask", IDS + "x = layers.Dense(1)(x)\n", words,
               metrics=["mae", "mse", "cosine_similarity", "root_mean_squared_error"])
    yield case("scalar loss", IDS + "x = layers.Dense(2, activation='sigmoid')(x)\n", words,
               loss="keras.losses.Dice()")

    # Layers that hand masks on.
    for layer in ["Dropout(0.0)", "SpatialDropout1D(0.0)", "GaussianNoise(0.0)",
                  "Activation('tanh')", "ReLU()", "LeakyReLU()", "ELU()", "PReLU()",
                  "LayerNormalization()", "GroupNormalization(groups=3)", "UnitNormalization()",
                  "Rescaling(0.5)", "Identity()", "ActivityRegularization(l2=0.1)",
                  "BatchNormalization()", "BatchNormalization(momentum=0.5, epsilon=0.01)"]:
        yield case(f"handed on by {layer}", IDS + f"x = layers.{layer}(x)\n"
                   "x = layers.LSTM(3, return_sequences=True)(x)\n", words)
    yield case("a normalization predicts", IDS + "x = layers.BatchNormalization()(x)\n", words,
               training=False)
    yield case("a normalization of another axis",
               IDS + "x = layers.BatchNormalization(axis=1)(x)\n", words)
    # Layers that stop them.
    for layer in ["Reshape((5, 3))", "Flatten()", "Permute((2, 1))", "RMSNormalization()"]:
        yield case(f"stopped by {layer}", IDS + f"x = layers.{layer}(x)\n", words)
    yield case("stopped by an operation", IDS + "x = x * 2.0\n" + dense, words)
    # Layers that go by them.
    for layer in ["GlobalAveragePooling1D()", "GlobalAveragePooling1D(keepdims=True)"]:
        yield case(layer, IDS + f"x = layers.{layer}(x)\n" + dense, words)

    # Masks of several inputs.
    two = IDS + "y = layers.Embedding(7, 3, mask_zero=True)(second)\n"
    memory = "x = layers.LSTM(3, return_sequences=True)(x)\n"
    other = ids(draw, 6, 5)[::-1].copy()
    for kind in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]:
        yield case(f"{kind} of two masks", two + f"x = layers.{kind}()([x, y])\n" + memory,
                   words, other)
    yield case("Add of one mask", IDS + "y = layers.Embedding(7, 3)(second)\n"
               "x = layers.Add()([x, y])\n" + memory, words, other)
    for axis in [-1, 1]:
        join = f"x = layers.Concatenate(axis={axis})([x, y])\n"
        yield case(f"Concatenate {axis} of two masks", two + join + memory, words, other)
        yield case(f"Concatenate {axis} of one mask",
                   IDS + "y = layers.Embedding(7, 3)(second)\n" + join + memory, words, other)
    yield case("Dot of two masks", two + "x = layers.Dot(axes=2)([x, y])\n" + dense, words, other)
    yield case("residual", IDS + "y = layers.Dense(3, activation='tanh')(x)\n"
               "x = layers.Add()([x, y])\n" + memory, words)

    # Masking.
    for value, given in [(0.0, steps), (-1.5, padded)]:
        mask = f"x = layers.Masking(mask_value={value})(inputs)\n"
        yield case(f"Masking {value} to a memory", mask + "x = layers.LSTM(4)(x)\n", given)
        yield case(f"Masking {value} to the loss", mask + dense, given)
        yield case(f"Masking {value} in the middle", "x = layers.Dense(3, activation='relu')"
                   f"(inputs)\n{mask.replace('(inputs)', '(x)')}" + memory, given)
    yield case("Masking alone", "x = layers.Masking()(inputs)\n" + dense, steps)
    yield case("Masking of rows", "x = layers.Masking()(inputs)\n" + dense,
               sequences(draw, 5, 4, 3)[:, 0])

    # One layer for every step.
    for layer in ["Dense(2)", "Dense(2, activation='tanh', use_bias=False)", "Dropout(0.0)",
                  "LayerNormalization()", "BatchNormalization()"]:
        yield case(f"TimeDistributed {layer}",
                   f"x = layers.TimeDistributed(layers.{layer})(inputs)\n" + dense, plain)
    yield case("TimeDistributed normalization predicts",
               "x = layers.TimeDistributed(layers.BatchNormalization())(inputs)\n", plain,
               training=False)
    yield case("TimeDistributed normalization of masked steps",
               IDS + "x = layers.TimeDistributed(layers.BatchNormalization())(x)\n", words)
    images = draw.normal(3, 2, 4, 4, 1)
    yield case("TimeDistributed images",
               "x = layers.TimeDistributed(layers.Conv2D(2, 3, activation='tanh'))(inputs)\n"
               "x = layers.TimeDistributed(layers.Flatten())(x)\nx = layers.LSTM(3)(x)\n", images)
    yield case("TimeDistributed memory",
               "x = layers.TimeDistributed(layers.LSTM(3))(inputs)\nx = layers.LSTM(2)(x)\n",
               draw.normal(3, 2, 4, 3))
    yield case("TimeDistributed memory of words",
               "x = layers.Embedding(7, 3, mask_zero=True)(inputs)\n"
               "x = layers.TimeDistributed(layers.LSTM(3))(x)\n", pairs, loss=None)
    yield case("TimeDistributed twice",
               "x = layers.TimeDistributed(layers.TimeDistributed(layers.Dense(2)))(inputs)\n",
               draw.normal(2, 3, 4, 3))
    yield case("TimeDistributed frozen",
               "x = layers.TimeDistributed(layers.Dense(3, trainable=False))(inputs)\n" + dense,
               plain)

    # Both directions.
    for mode in ["concat", "sum", "mul", "ave"]:
        for sequences_ in [False, True]:
            wrap = f"x = layers.Bidirectional(layers.LSTM(3, return_sequences={sequences_}), " \
                f"merge_mode='{mode}')"
            yield case(f"Bidirectional {mode} {sequences_}", wrap + "(inputs)\n" + dense, plain)
            yield case(f"Bidirectional {mode} {sequences_} of words",
                       IDS + wrap + "(x)\n" + dense, words)
    yield case("Bidirectional None of words",
               IDS + "x, y = layers.Bidirectional(layers.LSTM(3, return_sequences=True), "
               "merge_mode=None)(x)\nx = layers.Subtract()([x, y])\n", words)
    yield case("Bidirectional None",
               "x, y = layers.Bidirectional(layers.LSTM(3), merge_mode=None)(inputs)\n"
               "x = layers.Subtract()([x, y])\n", plain)
    yield case("Bidirectional twice",
               IDS + "x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)\n"
               "x = layers.Bidirectional(layers.LSTM(2))(x)\n" + dense, words)
    yield case("Bidirectional of Masking",
               "x = layers.Masking()(inputs)\n"
               "x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)\n"
               "x = layers.TimeDistributed(layers.Dense(2))(x)\n", steps)
    yield case("Bidirectional with penalties",
               "x = layers.Bidirectional(layers.LSTM(3, kernel_regularizer='l2', "
               "use_bias=False))(inputs)\n", plain)
    yield case("Bidirectional named",
               "x = layers.Bidirectional(layers.LSTM(3, name='forward_reader'), name='both')"
               "(inputs)\n", plain)

    # Models within models, and models in a row.
    yield case("a model handed a mask",
               "inner = keras.Sequential([keras.Input((5, 3)), layers.Dense(3), "
               "layers.LSTM(2, return_sequences=True)])\n" + IDS + "x = inner(x)\n" + dense, words)
    yield case("a model that makes a mask",
               "inner = keras.Sequential([keras.Input((5,)), layers.Embedding(7, 3, "
               "mask_zero=True), layers.Dense(3)])\nx = inner(inputs)\n" + memory, words)
    yield dict(name="in a row", inputs=[words], loss="mse", training=True, code=HEAD +
               "model = keras.Sequential([keras.Input((5,)), layers.Embedding(7, 3, "
               "mask_zero=True), layers.Bidirectional(layers.LSTM(3, return_sequences=True)), "
               "layers.TimeDistributed(layers.Dense(2))])\n")

    # Masks that arrays carry into attention.
    def attending(name, body, *inputs, **more):
        return case("attention: " + name, body, *inputs, **more)

    plain_second = IDS + "y = layers.Embedding(7, 3)(second)\n"
    plain_first = ("x = layers.Embedding(7, 3)(inputs)\n"
                   "y = layers.Embedding(7, 3, mask_zero=True)(second)\n")
    for layer in ["Attention", "AdditiveAttention"]:
        yield attending(f"{layer} of words", IDS + f"x = layers.{layer}()([x, x])\n", words)
        yield attending(f"{layer} of words to a memory",
                        IDS + f"x = layers.{layer}()([x, x])\n" + memory, words)
        yield attending(f"{layer} at words", two + f"x = layers.{layer}()([x, y])\n", words, other)
        yield attending(f"{layer} of no mask at words",
                        plain_first + f"x = layers.{layer}()([x, y])\n" + dense, words, other)
        yield attending(f"{layer} at no mask", plain_second + f"x = layers.{layer}()([x, y])\n",
                        words, other)
        yield attending(f"{layer} with keys", two + f"x = layers.{layer}()([x, y, x])\n", words,
                        other)
        yield attending(f"{layer} back alone, rows seeing nothing", two + f"x = layers.{layer}()"
                        "([x, y], use_causal_mask=True)\n" + dense, words, other)
    heads = "layers.MultiHeadAttention(2, 2)"
    yield attending("heads of words", IDS + f"x = {heads}(x, x)\n", words)
    yield attending("heads of words to a memory", IDS + f"x = {heads}(x, x)\n" + memory, words)
    yield attending("heads back alone", IDS + f"x = {heads}(x, x, use_causal_mask=True)\n" + dense,
                    words)
    yield attending("heads at words", two + f"x = {heads}(x, y)\n" + dense, words, other)
    yield attending("heads of no mask at words", plain_first + f"x = {heads}(x, y)\n" + dense, words,
                    other)
    yield attending("heads at no mask", plain_second + f"x = {heads}(x, y)\n" + memory, words, other)
    yield attending("heads with keys", two + f"x = {heads}(x, y, x)\n" + dense, words, other)
    yield attending("heads with keys of no mask", plain_second + f"x = {heads}(x, x, y)\n" + dense,
                    words, other)
    yield attending("heads and their scores", IDS +
                    f"x, scores = {heads}(x, x, return_attention_scores=True)\n" + dense, words)
    yield attending("heads within the residual sum of a transformer", IDS +
                    f"y = {heads}(x, x, use_causal_mask=True)\n"
                    "x = layers.LayerNormalization()(layers.Add()([x, y]))\n" + dense, words,
                    training=False)  # Rows see nothing: PyTorch's gradient is not its output's.
    yield attending("heads that predict", IDS + f"x = {heads}(x, x)\n" + dense, words,
                    training=False)


def one_case(case, draw):
    keras.backend.clear_session()
    scope = {}
    exec(case["code"], scope)
    model = scope["model"]
    # Keras puts the name of a Sequential before the paths of its layers.
    row_of_layers = type(model).__name__ == "Sequential"
    path = lambda v: v.path.split("/", 1)[1] if row_of_layers else v.path
    weights = {}
    for v in model.weights:
        if v.path.endswith("moving_variance"):
            value = draw.uniform(*v.shape, low=0.5, high=2)
        else:
            value = draw.normal(*v.shape, scale=0.6)
        v.assign(value)
        weights[path(v)] = value
    tensors = [torch.tensor(x) for x in case["inputs"]]
    given = tensors if len(tensors) > 1 else tensors[0]
    output = model(given, training=case["training"])
    mask = getattr(output, "_keras_mask", None)
    row = {"name": case["name"], "code": case["code"], "training": case["training"],
           "inputs": case["inputs"], "weights": weights, "output": output,
           "outputShape": list(output.shape)}
    if mask is not None:
        row["mask"] = mask.to(torch.float32)
    if not case["loss"]:
        return row
    model.compile(loss=evaluate(case["loss"]) if "(" in case["loss"] else case["loss"],
                  optimizer="sgd", metrics=list(case.get("metrics", [])))
    name = case["loss"]
    if "parse" in name:
        target = draw.labels(3, *output.shape[:-1]).astype(np.float32)
    elif "ategorical" in name:
        target = draw.one_hot(3, *output.shape[:-1])
    else:
        target = draw.normal(*output.shape)
        if "inary" in name or "Dice" in name:
            target = (target > 0).astype(np.float32)
    for v in model.weights:
        v.assign(weights[path(v)])
    output = model(given, training=case["training"])
    # What the layers add stands in `losses` besides.
    loss = model.compute_loss(y=torch.tensor(target), y_pred=output, training=True)
    variables = model.trainable_weights
    gradients = torch.autograd.grad(loss, [v.value for v in variables], allow_unused=True)
    gradients = [torch.zeros_like(v.value) if g is None else g
                 for g, v in zip(gradients, variables)]
    row |= {"loss": name, "target": target, "value": loss,
            "gradients": {path(v): g for v, g in zip(variables, gradients)}}
    after = {path(v): array(v) for v in model.non_trainable_weights
             if not np.array_equal(array(v), weights[path(v)])}
    if after and case["training"]:
        row["after"] = after
    if case.get("metrics"):
        for v in model.weights:
            v.assign(weights[path(v)])
        result = model.evaluate(case["inputs"] if len(tensors) > 1 else case["inputs"][0], target,
                                batch_size=4, verbose=0, return_dict=True)
        row["metrics"] = list(case["metrics"])
        row["results"] = {key: np.float32(value) for key, value in result.items()}
    return row


SUMMARIES = {
    "wrapped layers in a row": "model = keras.Sequential([keras.Input((5,)), "
    "layers.Embedding(7, 3, mask_zero=True), layers.Bidirectional(layers.LSTM(4, "
    "return_sequences=True)), layers.Bidirectional(layers.LSTM(4), merge_mode='sum'), "
    "layers.RepeatVector(2), layers.TimeDistributed(layers.Dense(2)), layers.Dense(1)])",
    "wrapped layers of tensors": "inputs = keras.Input((5, 3))\n"
    "x, y = layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode=None)(inputs)\n"
    "x = layers.Add()([x, y])\n"
    "model = keras.Model(inputs, layers.TimeDistributed(layers.Dense(2))(x))",
    "layers counted within others": "inputs = keras.Input((5, 3, 2))\n"
    "x = layers.TimeDistributed(layers.TimeDistributed(layers.Dense(2)))(inputs)\n"
    "x = layers.TimeDistributed(layers.Flatten())(x)\nx = layers.Dense(3)(x)\n"
    "model = keras.Model(inputs, layers.Bidirectional(layers.LSTM(4))(x))",
}


def summaries():
    os.environ["COLUMNS"] = "120"
    for name, code in SUMMARIES.items():
        keras.backend.clear_session()
        scope, printed = {"keras": keras, "layers": keras.layers, "np": np}, []
        exec(code, scope)
        scope["model"].summary(print_fn=printed.append)
        yield {"name": name, "code": code, "summary": "model.summary()",
               "printed": "".join(printed)}


def generate():
    draw = Draw(23)
    write("layers_masking", {"summaries": list(summaries()),
                             "cases": [one_case(case, draw) for case in programs(draw)]})
