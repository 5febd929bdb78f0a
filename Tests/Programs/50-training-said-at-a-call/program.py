# expects: same
# training= at a call within a functional model: what fit, evaluate, predict or a caller says goes
# before it; within a class it holds.
import numpy as np
import keras
from keras import layers

x = np.random.default_rng(0).normal(3, 2, size=(64, 4)).astype("float32")
y = x[:, :1]


class Always(layers.Layer):
    """Says in its own code how its layers work."""

    def __init__(self, training):
        super().__init__()
        self.normal = layers.BatchNormalization()
        self.training = training

    def call(self, inputs):
        return self.normal(inputs, training=self.training)


class Told(layers.Layer):
    """Hands on what it is told."""

    def __init__(self):
        super().__init__()
        self.normal = layers.BatchNormalization()

    def call(self, inputs, training=None):
        return self.normal(inputs, training=training)


def base():
    inputs = keras.Input((4,))
    return keras.Model(inputs, layers.BatchNormalization()(inputs))


def frozen():
    model = base()
    model.trainable = False
    return model


def show(name, layer, **said):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Dense(1, kernel_initializer="ones")(layer(inputs, **said)))
    model.compile(keras.optimizers.SGD(0.0), "mse")
    fit = model.fit(x, y, batch_size=64, verbose=0).history["loss"][0]
    numbers = [model.predict(x, verbose=0)[0, 0]]
    # Last, since a call of training=True moves the averages in Keras.
    for more in [{"training": False}, {}, {"training": True}]:
        numbers.append(keras.ops.convert_to_numpy(model(x, **more))[0, 0])
    print(f"{name:10s} {str(said):19s} fit {fit:.3f}", " ".join(f"{number:.3f}" for number in numbers))


for said in [{}, {"training": False}, {"training": True}]:
    show("normal", layers.BatchNormalization(), **said)
    show("base", base(), **said)
    show("frozen", frozen(), **said)
    show("told", Told(), **said)
show("always", Always(False))

# Dropout stands still unless a call of the model itself lets it work.
inputs = keras.Input((4,))
model = keras.Model(inputs, layers.Dropout(0.5)(inputs, training=True))
print(np.allclose(model.predict(x, verbose=0), x), np.allclose(keras.ops.convert_to_numpy(model(x)), x))
