# expects: same
"""The Layer class: the combination of state (weights) and some computation."""
import numpy as np
import keras
from keras import ops
from keras import layers


class Linear(keras.layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer="ones",
            trainable=True,
            name="w",
        )
        self.b = self.add_weight(
            shape=(self.units,), initializer="zeros", trainable=True, name="b"
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b


class ScaleAndShift(layers.Layer):
    """A weight that is not trained beside one that is."""

    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(shape=(), initializer=keras.initializers.Constant(2.0), trainable=False)
        self.shift = self.add_weight(shape=(), initializer="zeros")

    def call(self, x):
        return self.scale * x + self.shift


x = np.ones((2, 2), dtype="float32")
linear_layer = Linear(4)
y = linear_layer(x)
print(ops.convert_to_numpy(y))
print("weights:", len(linear_layer.weights))

model = keras.Sequential([keras.Input((2,)), Linear(4), layers.Activation("sigmoid"), ScaleAndShift(), Linear(1)])
print("trainable:", len(model.trainable_weights), "non-trainable:", len(model.non_trainable_weights))
for w in model.weights:
    print(w.name, tuple(w.shape))

data = np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0], [0.1, 0.2]])
targets = data[:, :1] - 2 * data[:, 1:]
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
for epoch in range(5):
    loss = model.train_on_batch(data, targets)
    print("epoch", epoch + 1, "loss", float(loss))
print(model.predict(data, verbose=0))
