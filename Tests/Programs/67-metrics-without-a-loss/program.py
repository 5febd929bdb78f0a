# expects: same
# Outputs that nothing is learned from, but that are measured.
import numpy as np
import keras
from keras import layers

x = np.arange(12, dtype="float32").reshape(4, 3) / 10
targets = [np.ones((4, 1)), np.full((4, 2), 0.5), np.array([0, 1, 1, 0])]
inputs = keras.Input((3,))
a = layers.Dense(1, name="a", kernel_initializer="ones")(inputs)
b = layers.Dense(2, name="b", kernel_initializer="ones")(inputs)
c = layers.Dense(2, name="c", activation="softmax", kernel_initializer="ones")(inputs)
start = None


def go(outputs, targets, weights=None, **how):
    model = keras.Model(inputs, outputs)
    global start
    if start is None:
        start = model.get_weights()
    model.set_weights(start[: len(model.get_weights())])
    model.compile(optimizer=keras.optimizers.SGD(0.1), **how)
    history = model.fit(
        x, targets, epochs=2, batch_size=2, shuffle=False, verbose=0, sample_weight=weights,
        validation_data=(x, targets),
    )
    for name, values in history.history.items():
        print(name, [round(value, 5) for value in values])
    print(np.round(model.evaluate(x, targets, verbose=0), 5))
    print(model.metrics_names)
    print([float(np.round(weight.sum(), 4)) for weight in model.get_weights()])


go([a, b, c], targets, loss=["mse", None, None], metrics=[None, ["mae"], None])
go([a, b], targets[:2], loss=["mse", None], metrics=[["mae"], ["mae", "mse"]])
go([a, b, c], targets, loss=["mse", None, "sparse_categorical_crossentropy"],
   metrics=[["mae"], ["mae"], ["accuracy"]])
go([a, b, c], targets, loss=[None, "mae", None],
   metrics=[None, None, ["sparse_categorical_accuracy"]])
go({"p": a, "q": b}, {"p": targets[0], "q": targets[1]}, loss={"p": "mse"},
   metrics={"q": ["mae"]})
