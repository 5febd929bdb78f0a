# expects: same
# What fit, evaluate and train_on_batch give for several losses, for metrics of several numbers, and
# where steps and outputs weigh differently.
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(0)
x = rng.normal(size=(20, 4)).astype("float32")
y = {"size": x[:, :1] * 2, "kind": (x[:, 1:2] > 0).astype("float32")}


def net(keyed):
    inputs = keras.Input((4,))
    h = layers.Dense(3, kernel_initializer="ones", activation="tanh")(inputs)
    size = layers.Dense(1, name="last", kernel_initializer="ones")(h)
    kind = layers.Dense(1, activation="sigmoid", name="first", kernel_initializer="ones")(h)
    return keras.Model(inputs, {"size": size, "kind": kind} if keyed else [size, kind])


def rounded(numbers):
    return [round(float(number), 4) for number in numbers]


def show(model, y, **more):
    print(model.metrics_names, model.output_names)
    history = model.fit(x, y, shuffle=False, verbose=2, validation_split=0.25, **more)
    print(list(history.history), model.metrics_names)
    print(rounded(model.evaluate(x, y, verbose=2)))
    print({name: round(value, 4) for name, value in model.evaluate(x, y, verbose=0, return_dict=True).items()})
    print(rounded(model.train_on_batch(x, y)))


for losses in [{"size": "mse", "kind": "binary_crossentropy"}, {"kind": "binary_crossentropy", "size": "mse"}, "mse"]:
    model = net(True)
    model.compile("sgd", loss=losses, metrics={"size": ["mae"], "kind": ["accuracy"]}, loss_weights={"size": 0.5, "kind": 1.0} if isinstance(losses, dict) else None)
    show(model, y)
print(list(model.predict(x[:2], verbose=0)), list(model(x[:2])))

model = net(False)
model.compile("sgd", loss={"first": "binary_crossentropy", "last": "mse"}, weighted_metrics=[["mae"], ["accuracy", "mse"]])
listed = [y["size"], y["kind"]]
show(model, listed)
weights = np.linspace(0.5, 1.5, 20)
for given in [[weights, weights[::-1].copy()], weights, [weights, None]]:
    show(model, listed, sample_weight=given)
model = net(True)
model.compile("sgd", loss={"size": "mse", "kind": "binary_crossentropy"})
model.fit(x, y, sample_weight={"kind": weights, "size": weights * 2}, shuffle=False, verbose=2)

model = keras.Sequential([keras.Input((4,)), layers.Dense(1, kernel_initializer="ones")])
model.compile("sgd", "mse", metrics=["mae", "mse"], weighted_metrics=["mae"])
model.fit(x, listed[0], sample_weight=weights, shuffle=False, verbose=0)
print(rounded(model.evaluate(x, listed[0], sample_weight=weights, verbose=0)))

# A number for each class.
classes = np.eye(3, dtype="float32")[np.arange(20) % 3]
model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
model.set_weights([np.arange(12).reshape(4, 3).astype("float32") % 5 / 5, np.zeros(3, "float32")])
model.compile("sgd", "categorical_crossentropy", metrics=[keras.metrics.F1Score(), keras.metrics.F1Score(average="macro", name="macro")])
history = model.fit(x, classes, epochs=2, shuffle=False, verbose=2, validation_split=0.25)
scores = np.array(history.history["f1_score"])
print(scores.shape, scores.round(3), history.history["val_f1_score"][0].dtype, type(history.history["macro"][0]))
loss, f1, macro = model.evaluate(x, classes, verbose=0)
print(f1.round(3), round(macro, 3))

# Steps of a sequence that weigh differently, with and without a mask.
steps = rng.normal(size=(12, 5, 3)).astype("float32")
weights = np.linspace(0, 1, 60).reshape(12, 5).astype("float32")
labels = (rng.random((12, 5)) * 3).astype(int)
words = np.array([[1, 2, 0, 0, 0], [3, 4, 5, 0, 0], [1, 2, 3, 4, 5]] * 4)
plain = [keras.Input((5, 3)), layers.Dense(3, kernel_initializer="ones", activation="softmax")]
masked = [
    keras.Input((5,)), layers.Embedding(6, 3, mask_zero=True, embeddings_initializer="ones"),
    layers.Dense(3, kernel_initializer="ones", activation="softmax"),
]
# With a mask in one batch: on PyTorch Keras lets the loss change the weights that metrics see.
for stack, data, size in [(plain, steps, 4), (masked, words, 12)]:
    model = keras.Sequential(stack)
    model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(data, labels, sample_weight=weights, epochs=2, batch_size=size, shuffle=False, validation_split=0.25, verbose=0)
    print({name: rounded(values) for name, values in history.history.items()})
    for given in [weights, weights[:, :, None]]:
        print(rounded(model.evaluate(data, labels, sample_weight=given, verbose=0)))
    model.fit(data, labels, validation_data=(data, labels, weights), batch_size=size, shuffle=False, verbose=2)
