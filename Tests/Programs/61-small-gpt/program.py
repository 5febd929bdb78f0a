# expects: same
# A character transformer in nanoGPT's shape, in Keras's functional form.
import numpy as np
import keras
from keras import layers, ops

text = "the cat sat on the mat. the dog sat on the log. the cat saw the dog. " * 8
chars = sorted(set(text))
stoi = {c: i for i, c in enumerate(chars)}
data = np.array([stoi[c] for c in text])

vocab_size, block_size, n_embd, n_head, n_layer = len(chars), 16, 32, 4, 2


def block(x):
    h = layers.LayerNormalization(epsilon=1e-5)(x)
    h = layers.MultiHeadAttention(n_head, n_embd // n_head, use_bias=False)(
        h, h, use_causal_mask=True)
    x = x + h
    h = layers.LayerNormalization(epsilon=1e-5)(x)
    h = layers.Dense(4 * n_embd, activation="gelu")(h)
    h = layers.Dense(n_embd)(h)
    return layers.Add()([x, h])


tokens = keras.Input((block_size,), dtype="int32", name="tokens")
positions = keras.Input((block_size,), dtype="int32", name="positions")
x = layers.Embedding(vocab_size, n_embd, name="wte")(tokens)
x = x + layers.Embedding(block_size, n_embd, name="wpe")(positions)
for _ in range(n_layer):
    x = block(x)
x = layers.LayerNormalization(epsilon=1e-5, name="ln_f")(x)
logits = layers.Dense(vocab_size, use_bias=False, name="lm_head")(x)
model = keras.Model([tokens, positions], logits)

rng = np.random.RandomState(1337)
model.set_weights([
    rng.normal(0, 0.1, w.shape) if w.ndim > 1 else np.ones(w.shape) * (w[0] == 1)
    for w in model.get_weights()])
print(model.count_params(), len(model.layers))
print([layer.name for layer in model.layers if "attention" in layer.name])
print([w.path for w in model.layers[4].weights], model.layers[4].weights[0].shape)

model.compile(
    optimizer=keras.optimizers.AdamW(1e-3, weight_decay=0.1),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))


def get_batch(batch_size=8):
    starts = rng.randint(0, len(data) - block_size - 1, batch_size)
    xs = np.stack([data[i:i + block_size] for i in starts])
    ys = np.stack([data[i + 1:i + block_size + 1] for i in starts])
    return [xs, np.tile(np.arange(block_size), (batch_size, 1))], ys


for step in range(20):
    xb, yb = get_batch()
    loss = model.train_on_batch(xb, yb)
    print(step, f"{float(loss):.5f}")

# What comes later changes nothing of what came before.
xb, yb = get_batch(1)
before = model.predict(xb, verbose=0)
xb[0][0, 10:] = 0
after = model.predict(xb, verbose=0)
print(np.abs(before - after)[0, :10].max() < 1e-5, np.abs(before - after)[0, 10:].max() > 1e-3)
