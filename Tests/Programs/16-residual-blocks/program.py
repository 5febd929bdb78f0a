# expects: same
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model

def residual_block(x, units, index):
    shortcut = x
    y = layers.Dense(units, activation="tanh", name=f"block{index}_a")(x)
    y = layers.Dense(x.shape[-1], name=f"block{index}_b")(y)
    y = layers.LayerNormalization(name=f"block{index}_norm")(y)
    return layers.add([shortcut, y])

inputs = tf.keras.Input(shape=(8,))
x = layers.Dense(6)(inputs)
for i in range(3):
    x = residual_block(x, 12, i + 1)
x = layers.Activation("tanh")(x)
outputs = layers.Dense(2)(x)
model = Model(inputs, outputs, name="resnet")
model.summary()

rng = np.random.RandomState(21)
model.set_weights([
    rng.normal(0, 0.4, w.shape) if w.ndim == 2 else np.full(w.shape, 0.5)
    for w in model.get_weights()
])
X = rng.normal(size=(48, 8))
Y = np.stack([np.sin(X[:, 0]) + X[:, 1], X[:, 2] * X[:, 3]], axis=1)

model.compile("adam", "mse", metrics=["mae"])
history = model.fit(X, Y, epochs=5, batch_size=12, shuffle=False, verbose=0)
for loss, mae in zip(history.history["loss"], history.history["mae"]):
    print(f"loss={loss:.6f} mae={mae:.6f}")
print(model.predict(X[:3], verbose=0).round(4))
