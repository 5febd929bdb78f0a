# expects: refused 9 data
import tensorflow as tf
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 3))
y = (X.sum(axis=1) > 0).astype(int)

dataset = tf.data.Dataset.from_tensor_slices((X, y))
dataset = dataset.shuffle(buffer_size=100).batch(16).prefetch(tf.data.AUTOTUNE)

model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="sigmoid", input_shape=(3,))])
model.compile("adam", "binary_crossentropy")
model.fit(dataset, epochs=2)
