"""Sequence to sequence with attention

One network reads, another writes, and for each letter it writes it looks at all that was read. It
suits translating when what comes out is not in the order of what went in.

Reaches 0.97 of held-out dates without a mistake, in four seconds; writing the commonest digit at
each place, 0.

Data: backstep data export dates -o dates.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("dates.npz")
x, y = data["x"].astype("int32"), data["y"]
letters, digits, length = int(x.max()) + 1, int(y.max()) + 1, y.shape[1]
cut = len(x) * 9 // 10

# While learning, the writer is told what it should have written before; first there is a mark.
mark = digits
before = np.concatenate([np.full((len(y), 1), mark), y[:, :-1]], axis=1)

units = 64
source = keras.Input(shape=x.shape[1:], name="source")
written = keras.Input(shape=(length,), name="written")
read = layers.Embedding(letters, 32)(source)
read = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True))(read)
h = layers.Embedding(digits + 1, 32)(written)
h = layers.GRU(units, return_sequences=True)(h)
seen = layers.Attention(use_scale=True)([layers.Dense(units)(h), read])
h = layers.Dense(units, activation="tanh")(layers.Concatenate()([h, seen]))
model = keras.Model([source, written], layers.Dense(digits, activation="softmax")(h))

epochs = 20
steps = epochs * int(np.ceil(cut / 32))
model.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, steps)),
    loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit([x[:cut], before[:cut]], y[:cut], epochs=epochs, batch_size=32, verbose=2)

# Now nobody tells: each digit is the likeliest after those it has written itself.
answers = np.full((len(x) - cut, length + 1), mark)
for i in range(length):
    likely = model.predict([x[cut:], answers[:, :-1]], batch_size=100, verbose=0)
    answers[:, i + 1] = likely[:, i].argmax(axis=-1)
exact = np.mean(np.all(answers[:, 1:] == y[cut:], axis=1))

# The best that knows no dates: at each place the commonest digit.
common = [np.bincount(y[:cut, i]).argmax() for i in range(length)]
baseline = np.mean(np.all(y[cut:] == common, axis=1))
print(f"held-out dates without a mistake {exact:.4f}, the commonest digits {baseline:.4f}")
