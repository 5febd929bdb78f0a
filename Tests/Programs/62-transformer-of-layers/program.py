# expects: same
# Blocks of a transformer as classes: an encoder, a decoder that looks at it, and masks.
import numpy as np
import keras
from keras import layers, ops


class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim, **kwargs):
        super().__init__(**kwargs)
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        maxlen = ops.shape(x)[-1]
        positions = ops.arange(start=0, stop=maxlen, step=1)
        positions = self.pos_emb(positions)
        return self.token_emb(x) + positions


class EncoderBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = keras.Sequential(
            [layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)

    def call(self, inputs, training=None):
        attn_output = self.att(inputs, inputs, training=training)
        attn_output = self.dropout1(attn_output, training=training)
        out1 = self.layernorm1(inputs + attn_output)
        ffn_output = self.dropout2(self.ffn(out1), training=training)
        return self.layernorm2(out1 + ffn_output)


class DecoderBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, **kwargs):
        super().__init__(**kwargs)
        self.causal = layers.MultiHeadAttention(num_heads, embed_dim // num_heads)
        self.cross = layers.MultiHeadAttention(num_heads, embed_dim // num_heads)
        self.norm = layers.LayerNormalization()

    def call(self, x, context, causal=False):
        x = x + self.causal(query=x, value=x, key=x, use_causal_mask=causal)
        y, scores = self.cross(x, context, return_attention_scores=True)
        return self.norm(x + y), scores


source = keras.Input((7,), dtype="int32")
target = keras.Input((5,), dtype="int32")
encoded = TokenAndPositionEmbedding(7, 11, 12)(source)
encoded = EncoderBlock(12, 2, 16)(encoded)
x = TokenAndPositionEmbedding(5, 9, 12)(target)
x, scores = DecoderBlock(12, 3)(x, context=encoded, causal=True)
outputs = layers.Dense(9, activation="softmax")(x)
model = keras.Model([source, target], outputs)
looking = keras.Model([source, target], scores)

rng = np.random.RandomState(3)
model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
print([w.shape for w in model.get_weights()])

S = rng.randint(0, 11, (24, 7))
T = rng.randint(0, 9, (24, 5))
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
history = model.fit([S, T], np.roll(T, -1, 1), epochs=5, batch_size=6, shuffle=False, verbose=0)
for loss in history.history["loss"]:
    print(f"{loss:.5f}")
p = looking.predict([S, T], verbose=0)
print(p.shape, np.abs(p.sum(-1) - 1).max() < 1e-5)
print(p[0, 1, 2].round(4))

# A mask that is an input, and one that stands in the code; attention without weights.
a = keras.Input((4, 6))
m = keras.Input((4, 4), dtype="bool")
mha = layers.MultiHeadAttention(2, 3)
y = mha(a, a, attention_mask=m)
z = mha(a, a, attention_mask=np.tril(np.ones((1, 4, 4), dtype="bool")))
w = layers.Attention()([y, z], use_causal_mask=True)
v = layers.AdditiveAttention(use_scale=False)([w, a, z])
masked = keras.Model([a, m], v)
masked.set_weights([rng.normal(0, 0.5, w.shape) for w in masked.get_weights()])
A = rng.normal(size=(3, 4, 6)).astype("float32")
M = rng.randint(0, 2, (3, 4, 4)).astype(bool)
M[..., 0] = True
print(masked.predict([A, M], verbose=0)[1].round(4))
