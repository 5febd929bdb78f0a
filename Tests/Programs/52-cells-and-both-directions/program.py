# expects: same
# RNN of Keras's cells, and both directions begun from given states.
import numpy as np
import keras
from keras import layers

x = np.random.default_rng(0).normal(size=(8, 5, 3)).astype("float32")


def fill(model):
    model.set_weights([
        np.cos(np.arange(w.size)).reshape(w.shape).astype("float32") * 0.4 for w in model.get_weights()])


def rounded(numbers):
    return [round(float(number), 4) for number in numbers]


for cell in [
    layers.LSTMCell(4), layers.GRUCell(4, reset_after=False), layers.SimpleRNNCell(4, activation="relu", use_bias=False)
]:
    inputs = keras.Input((5, 3))
    outputs = layers.RNN(cell, return_sequences=True, return_state=True)(inputs)
    print([tensor.shape for tensor in outputs])
    model = keras.Model(inputs, outputs[0])
    model.summary()
    fill(model)
    model.compile(keras.optimizers.SGD(0.5), "mse")
    print(rounded(model.fit(x, np.zeros((8, 5, 4)), epochs=3, shuffle=False, verbose=0).history["loss"]))
    print(rounded(model.predict(x[:1], verbose=0)[0, -1]))

# The same numbers as the layer of that name.
one = keras.Sequential([keras.Input((5, 3)), layers.RNN(layers.LSTMCell(4, dropout=0.1, unit_forget_bias=False), go_backwards=True), layers.Dense(1)])
other = keras.Sequential([keras.Input((5, 3)), layers.LSTM(4, dropout=0.1, unit_forget_bias=False, go_backwards=True), layers.Dense(1)])
one.summary()
fill(one)
other.set_weights(one.get_weights())
print(np.allclose(one.predict(x, verbose=0), other.predict(x, verbose=0)))

# Each direction has states of its own.
for layer, count in [(layers.GRU(2, return_sequences=True), 1), (layers.RNN(layers.LSTMCell(2)), 2)]:
    inputs = keras.Input((5, 3))
    states = [keras.Input((2,)) for _ in range(2 * count)]
    outputs = layers.Bidirectional(layer)(inputs, initial_state=states)
    model = keras.Model([inputs] + states, layers.Dense(1)(outputs))
    model.summary()
    fill(model)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    begun = [np.full((8, 2), 0.25 * (i + 1), "float32") for i in range(2 * count)]
    target = np.ones((8,) + model.output_shape[1:])
    print(rounded(model.fit([x] + begun, target, epochs=3, shuffle=False, verbose=0).history["loss"]))
    print(rounded(model.predict([x] + begun, verbose=0)[0].ravel()))
