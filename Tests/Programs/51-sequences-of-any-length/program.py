# expects: same
# Inputs of None: sequences of one length at a time, of another length the next time.
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(0)
words = rng.integers(0, 20, size=(24, 7))
labels = (words.sum(1) > 66).astype("float32")
series = rng.normal(size=(8, 6, 3)).astype("float32")


def fill(model):
    model.set_weights([
        np.cos(np.arange(w.size)).reshape(w.shape).astype("float32") * 0.3 for w in model.get_weights()])


def rounded(numbers):
    return [round(float(number), 4) for number in numbers]


model = keras.Sequential([
    keras.Input((None,)), layers.Embedding(20, 4), layers.GlobalAveragePooling1D(),
    layers.Dense(1, activation="sigmoid")])
model.summary()
print(model.input_shape, model.output_shape)
fill(model)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
for length in [7, 4, 7]:
    history = model.fit(words[:, :length], labels, epochs=2, batch_size=8, shuffle=False, verbose=0)
    print(length, rounded(history.history["loss"]), rounded(model.predict(words[:2, :3], verbose=0)[:, 0]))
print(rounded(model.evaluate(words[:, :5], labels, verbose=0)), model.input_shape)

inputs = keras.Input((None, 3))
hidden = layers.LSTM(4, return_sequences=True)(inputs)
wide = layers.Conv1D(4, 3)(hidden)
outputs = layers.Dense(2)(layers.MaxPooling1D(2)(wide))
print(inputs.shape, hidden.shape, wide.shape, outputs.shape)
model = keras.Model(inputs, outputs)
model.summary()
fill(model)
print(model.predict(series, verbose=0).shape, model.predict(series[:, :4], verbose=0).round(4)[0])
print(np.array(keras.ops.convert_to_numpy(model(series[:, :5]))).shape)

# An encoder and a decoder of their own lengths.
source = keras.Input((None, 3))
_, h, c = layers.LSTM(4, return_state=True)(source)
target = keras.Input((None, 2))
decoded = layers.LSTM(4, return_sequences=True)(target, initial_state=[h, c])
model = keras.Model([source, target], layers.Dense(2, activation="softmax")(decoded))
fill(model)
model.compile("sgd", "categorical_crossentropy")
truth = np.full((8, 4, 2), 0.5, "float32")
print(rounded(model.fit([series, series[:, :4, :2]], truth, epochs=2, shuffle=False, verbose=0).history["loss"]))
encoder = keras.Model(source, [h, c])
print([rounded(state[0]) for state in encoder.predict(series[:1, :2], verbose=0)])

# A model of any length within another, and a mask.
inner = keras.Sequential([keras.Input((None, 4)), layers.Bidirectional(layers.GRU(2))])
texts = keras.Input((None,), dtype="int32")
model = keras.Model(texts, layers.Dense(1)(inner(layers.Embedding(20, 4, mask_zero=True)(texts))))
fill(model)
for length in [5, 3]:
    print(rounded(model.predict(words[:3, :length] % 4, verbose=0)[:, 0]))

# Built on its first data.
model = keras.Sequential([layers.Embedding(20, 4), layers.SimpleRNN(3), layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(words, labels, verbose=0)
print(model.predict(words[:2, :3], verbose=0).shape)

try:
    keras.Sequential([keras.Input((None, 3)), layers.Flatten(), layers.Dense(2)])
except ValueError:
    print("a Dense layer on a Flatten of any length is refused")
