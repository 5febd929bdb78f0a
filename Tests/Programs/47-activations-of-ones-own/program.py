# expects: same
# A function of one's own as an activation, over arrays of any number of axes.
import numpy as np
import keras
from keras import layers, ops


def swish(x):
    return x * ops.sigmoid(1.5 * x)


def shares(x):
    return ops.softmax(x, axis=-1)


def report(name, model, x):
    for weight in model.weights:
        count = int(np.prod(weight.shape))
        weight.assign(np.cos(np.arange(count)).reshape(weight.shape).astype("float32"))
    print(name, model.output_shape, np.round(model.predict(x, verbose=0).ravel()[:6], 4).tolist())


rng = np.random.default_rng(7)
row, steps, image = rng.normal(size=(2, 5)), rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 4, 2))
for activation in [swish, lambda t: t * 2, shares]:
    for x in [row, steps, image]:
        i = keras.Input(x.shape[1:])
        report("Dense", keras.Model(i, layers.Dense(3, activation=activation)(i)), x)
        report("Activation", keras.Model(i, layers.Activation(activation)(i)), x)
i = keras.Input((4, 4, 2))
report("Conv2D", keras.Model(i, layers.Conv2D(3, 2, activation=swish)(i)), image)
i = keras.Input((3, 5))
report("Conv1D", keras.Model(i, layers.Conv1D(2, 2, activation=lambda t: ops.maximum(t, 0.1 * t))(i)), steps)
