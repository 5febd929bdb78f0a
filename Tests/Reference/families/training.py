"""training.json: what `fit` makes of small models, its history and the weights at the end.

A case has the lines that build and compile `model` and the lines that train it; between them the
weights are set to those of the case. The lines read the arrays on top.
"""

from .common import *

DENSE = """model = keras.Sequential([
    keras.Input((4,)),
    layers.Dense(6, activation="tanh"{first}),
    {middle}layers.Dense({units}, activation={function!r}{last}),
])
model.compile({compile})"""
TWO = """inputs = keras.Input((4,))
hidden = layers.Dense(5, activation="tanh", name="hidden")(inputs)
a = layers.Dense(1, name="a")(hidden)
b = layers.Dense(3, activation="softmax", name="b")(hidden)
model = keras.Model(inputs, [a, b])
model.compile({compile})"""
FIT = "history = model.fit(x, {y}, epochs={epochs}, batch_size=8, shuffle=False, verbose=0{more})"


def dense(compile, units=1, function=None, first="", middle="", last=""):
    middle = middle and middle + ",\n    "
    return DENSE.format(units=units, function=function, compile=compile, first=first,
                        middle=middle, last=last)


def fit(y, more="", epochs=3, after=""):
    return FIT.format(y=y, more=more and ", " + more, epochs=epochs) + (after and "\n" + after)


EVALUATE = "evaluation = model.evaluate(x, {}, batch_size=8, verbose=0)"
MSE = "'sgd', 'mse'"
MULTI = "'adam', loss=['mse', 'categorical_crossentropy']"


def programs():
    """Names with the lines that build and the lines that train."""
    yield "plain", dense("'adam', 'mse', metrics=['mae']"), fit("y", after=EVALUATE.format("y"))
    yield "sample weights", \
        dense("'sgd', 'mse', metrics=['mae'], weighted_metrics=['mae', 'mse']"), \
        fit("y", "sample_weight=w",
            after="evaluation = model.evaluate(x, y, sample_weight=w, batch_size=8, verbose=0)")
    yield "class weights", dense("'adam', 'sparse_categorical_crossentropy', metrics=['accuracy']",
                                 3, "softmax"), \
        fit("labels", "class_weight={0: 1.0, 1: 3.0, 2: 0.5}", after=EVALUATE.format("labels"))
    yield "class weights of one-hot labels", \
        dense("'adam', 'categorical_crossentropy', metrics=['acc']", 3, "softmax"), \
        fit("onehot", "class_weight={0: 2.0, 2: 0.5}")
    yield "class weights of bits", \
        dense("'rmsprop', 'binary_crossentropy', metrics=['accuracy', 'AUC', 'Precision']", 1,
              "sigmoid"), fit("bits", "class_weight={0: 1.0, 1: 2.5}")
    yield "crossentropy by name", \
        dense("'adam', 'crossentropy', metrics=['accuracy']", 3, "softmax"), fit("labels")
    yield "validation split", dense("'adam', 'mse', metrics=['mae']"), \
        fit("y", "validation_split=0.3")
    yield "validation data", dense(MSE), \
        fit("y", "validation_data=(x[:9], y[:9]), validation_batch_size=4, validation_freq=2", 4)
    yield "weighted validation", dense(MSE), fit("y", "validation_data=(x[:9], y[:9], w[:9])")
    yield "penalties", dense(
        "'sgd', 'mse', metrics=['mse']",
        first=", kernel_regularizer='l2', activity_regularizer=keras.regularizers.L1(0.05)",
        last=", bias_regularizer=keras.regularizers.L2(0.3), kernel_constraint='max_norm'"), \
        fit("y", after=EVALUATE.format("y"))
    yield "activity regularization", \
        dense(MSE, middle="layers.ActivityRegularization(l1=0.01, l2=0.1)"), \
        fit("y", after=EVALUATE.format("y"))
    yield "batch normalization", \
        dense("'adam', 'mse'", middle="layers.BatchNormalization(momentum=0.8)"), \
        fit("y", after=EVALUATE.format("y"))
    yield "frozen batch normalization", dense(
        "'adam', 'mse'", middle="layers.BatchNormalization(trainable=False)"), fit("y")
    yield "frozen layer", dense(
        MSE, first=", trainable=False, kernel_regularizer='l2', activity_regularizer='l1'"), \
        fit("y")
    yield "layer normalization and parametric slopes", dense(
        "'nadam', 'mse'", middle="layers.LayerNormalization(),\n    layers.PReLU()"), fit("y")
    for optimizer in (
        "SGD(0.05, momentum=0.9, use_ema=True, ema_momentum=0.8)",
        "Adam(0.01, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3)",
        "AdamW(0.01, weight_decay=0.1, clipnorm=0.5)", "SGD(0.05, global_clipnorm=0.3)",
        "Adam(0.01, gradient_accumulation_steps=2)", "RMSprop(0.01, clipvalue=0.05)",
        "Adam(keras.optimizers.schedules.ExponentialDecay(0.05, 3, 0.5))", "Lion(0.003)",
        "Adamax(0.01)", "Adagrad(0.1)", "Adadelta(1.0)", "Nadam(0.01)", "Ftrl(0.1)",
    ):
        yield f"optimizer {optimizer}", dense(f"keras.optimizers.{optimizer}, 'mse'"), fit("y")
    yield "two outputs", TWO.format(compile=MULTI + ", metrics=[['mae'], ['accuracy']]"), \
        fit("[y, onehot]", after=EVALUATE.format("[y, onehot]"))
    yield "two outputs with weights", TWO.format(
        compile="'adam', loss={'a': 'mse', 'b': 'categorical_crossentropy'},"
        " loss_weights={'a': 0.3, 'b': 2.0}, metrics={'b': 'acc'}"), \
        fit("{'a': y, 'b': onehot}", after=EVALUATE.format("[y, onehot]"))
    yield "two outputs with sample weights", TWO.format(
        compile=MULTI + ", loss_weights=[1.0, 0.5], weighted_metrics=[['mae'], ['acc']]"), \
        fit("[y, onehot]", "sample_weight=[w, w2]")
    yield "one sample weight for two outputs", TWO.format(compile=MULTI), \
        fit("[y, onehot]", "sample_weight=w")
    yield "an output without loss", TWO.format(compile="'sgd', loss=['mse', None]"), \
        fit("[y, onehot]")
    yield "one loss for two outputs", TWO.format(compile="'sgd', loss='mse'"), fit("[y, onehot]")
    yield "two inputs", """left = keras.Input((4,), name="left")
right = keras.Input((3,), name="right")
joined = layers.Concatenate()([layers.Dense(3, activation="tanh")(left), right])
model = keras.Model([left, right], layers.Dense(1)(joined))
model.compile("adam", "mse")""", fit("y").replace("fit(x,", "fit([x, x3],")
    yield "a shared layer", """left = keras.Input((4,))
right = keras.Input((4,))
shared = layers.Dense(3, activation="tanh", kernel_regularizer="l2", activity_regularizer="l1")
model = keras.Model([left, right], layers.Dot(axes=1)([shared(left), shared(right)]))
model.compile("adam", "mse")""", fit("y").replace("fit(x,", "fit([x, x[::-1]],")
    yield "nested models", """encoder = keras.Sequential(
    [keras.Input((4,)), layers.Dense(5, activation="tanh"), layers.BatchNormalization()],
    name="encoder")
inputs = keras.Input((4,))
short = layers.Dense(5)(inputs)
model = keras.Model(inputs, layers.Dense(1)(layers.Add()([encoder(inputs), short])))
model.compile("adam", "mse")""", fit("y")
    for callback in (
        "EarlyStopping(monitor='loss', patience=1, min_delta=0.05)",
        "EarlyStopping(monitor='loss', baseline=0.1, patience=2, restore_best_weights=True)",
        "EarlyStopping(patience=1, min_delta=0.053, restore_best_weights=True)",
        "EarlyStopping('val_mae', patience=1, mode='min', start_from_epoch=3)",
        "ReduceLROnPlateau(monitor='loss', factor=0.5, patience=1, min_delta=0.2, cooldown=1)",
        "ReduceLROnPlateau(monitor='loss', factor=0.1, patience=2, min_delta=1, min_lr=0.004)",
        "LearningRateScheduler(lambda epoch, rate: rate * 0.5 if epoch > 1 else rate)",
    ):
        yield f"callback {callback}", dense("keras.optimizers.SGD(0.25), 'mse', metrics=['mae']"), \
            fit("y", f"validation_data=(x[:9], y[:9]), callbacks=[keras.callbacks.{callback}]", 8)
    yield "single batches", dense("'adam', 'mse', metrics=['mae']"), """losses = []
for first in range(0, 20, 8):
    rows = slice(first, first + 8)
    losses.append(model.train_on_batch(x[rows], y[rows], sample_weight=w[rows]))
evaluation = model.test_on_batch(x, y)"""


def arrays():
    draw = Draw(8)
    return {"x": draw.normal(20, 4), "x3": draw.normal(20, 3), "y": draw.normal(20, 1),
            "labels": draw.labels(3, 20), "onehot": draw.one_hot(3, 20),
            "bits": draw.labels(2, 20).astype(np.float32),
            "w": draw.uniform(20, low=0.1, high=3), "w2": draw.uniform(20, low=0.1, high=3)}


def run(name, build, train, given, draw):
    keras.backend.clear_session()
    scope = {"keras": keras, "layers": keras.layers, "np": np, **given}
    exec(build, scope)
    model = scope["model"]
    for variable in model.weights:
        positive = "variance" in variable.name or variable.name == "gamma"
        shape = tuple(variable.shape)
        variable.assign(draw.uniform(*shape, low=0.5, high=1.5) if positive
                        else draw.normal(*shape, scale=0.5))
    start = {v.path: array(v) for v in model.weights}
    exec(train, scope)
    case = {"name": name, "build": build, "train": train, "start": start,
            "layers": [one.name for one in model.layers],
            "end": {v.path: array(v) for v in model.weights},
            "trainable": [v.path for v in model.trainable_weights]}
    if "history" in scope:
        history = scope["history"].history
        case["history"] = {key: np.array(values, np.float32) for key, values in history.items()}
    for key in ("evaluation", "losses"):
        if key in scope:
            case[key] = np.array(scope[key], np.float32)
    return case


def generate():
    draw, given = Draw(9), arrays()
    cases = [run(name, build, train, given, draw) for name, build, train in programs()]
    write("training", {"arrays": given, "cases": cases})
