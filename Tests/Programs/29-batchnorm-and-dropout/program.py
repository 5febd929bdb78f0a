# expects: same
import tensorflow as tf
from tensorflow.keras.layers import (Dense, BatchNormalization, Dropout, Activation,
                                     GaussianNoise, AlphaDropout)
import numpy as np

rng = np.random.RandomState(5)
X = rng.normal(loc=[1.0, -2.0, 30.0, 0.0], scale=[1.0, 0.1, 10.0, 3.0], size=(90, 4))
y = ((X[:, 0] - 1) * X[:, 3] > 0).astype("float32")

model = tf.keras.Sequential()
model.add(tf.keras.Input(shape=(4,)))
model.add(BatchNormalization())
model.add(Dense(10, use_bias=False))
model.add(BatchNormalization(momentum=0.9, epsilon=1e-5))
model.add(Activation("tanh"))
model.add(Dense(1, activation="sigmoid"))

def start(w):
    return rng.normal(0, 0.6, w.shape) if w.ndim == 2 else w

model.set_weights([start(w) for w in model.get_weights()])
model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.SGD(0.1, momentum=0.9), metrics=["accuracy"])
model.summary()
print([(v.name, v.trainable) for v in model.layers[0].weights])

h = model.fit(X, y, epochs=6, batch_size=30, validation_data=(X[:30], y[:30]), verbose=0, shuffle=False)
for k, v in h.history.items():
    print(k, np.round(v, 5))
gamma, beta, mean, variance = model.layers[0].get_weights()
print("moving mean    ", mean)
print("moving variance", variance)

# What is random in training is not there afterwards
noisy = tf.keras.Sequential([
    tf.keras.Input(shape=(4,)),
    GaussianNoise(0.5),
    Dense(6, activation="selu"),
    AlphaDropout(0.2),
    Dropout(0.5),
    Dense(1),
])
noisy.set_weights([rng.normal(0, 0.3, w.shape) for w in noisy.get_weights()])
noisy.compile("sgd", "mse")
print(noisy.predict(X[:4], verbose=0).ravel())
print(noisy.evaluate(X, y, verbose=0) == noisy.evaluate(X, y, verbose=0))

# and a Dropout by itself
layer = Dropout(0.5)
data = np.arange(1, 9).reshape(2, 4).astype("float32")
print(np.array(layer(data, training=False)))
dropped = np.array(layer(data, training=True))
print(set(np.unique(dropped / data)) <= {0.0, 2.0})
