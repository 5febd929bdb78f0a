# expects: same
import numpy as np
import tensorflow as tf
from tensorflow import keras


class MLPBlock(keras.layers.Layer):
    def __init__(self, units, rate=0.0, name="mlp_block"):
        super(MLPBlock, self).__init__(name=name)
        self.dense_1 = keras.layers.Dense(units, activation="tanh")
        self.dropout = keras.layers.Dropout(rate)
        self.dense_2 = keras.layers.Dense(units)
        self.norm = keras.layers.LayerNormalization()

    def call(self, inputs, training=None):
        x = self.dense_1(inputs)
        x = self.dropout(x, training=training)
        x = self.dense_2(x)
        return self.norm(x + inputs)


class DenseFromScratch(tf.keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=[input_shape[-1], self.units],
                                      initializer="glorot_normal")
        self.bias = self.add_weight(name="bias", shape=[self.units], initializer="zeros")
        super().build(input_shape)

    def call(self, X):
        return self.activation(tf.matmul(X, self.kernel) + self.bias)


inputs = keras.Input(shape=(6,))
x = DenseFromScratch(8, activation="tanh")(inputs)
x = MLPBlock(8)(x)
x = MLPBlock(8, name="another")(x)
outputs = DenseFromScratch(1)(x)
model = keras.Model(inputs, outputs)
print("parameters:", model.count_params())

rng = np.random.default_rng(99)
model.set_weights([rng.normal(0, 0.4, w.shape) for w in model.get_weights()])

X = rng.normal(size=(50, 6))
y = np.tanh(X[:, 0] * X[:, 1]) + 0.5 * X[:, 2]
model.compile(optimizer="rmsprop", loss="mse")
history = model.fit(X, y, batch_size=10, epochs=4, verbose=0, shuffle=False)
print(["%.5f" % l for l in history.history["loss"]])
print(model.evaluate(X, y, verbose=0))
print(model.predict(X[:3], verbose=0).ravel())
