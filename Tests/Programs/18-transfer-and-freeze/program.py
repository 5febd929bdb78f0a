# expects: same
import numpy as np
import keras
from keras import layers
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16
low, high = y < 5, y >= 5
rng = np.random.RandomState(0)

def draw(model):
    model.set_weights([rng.randn(*w.shape) * 0.2 for w in model.get_weights()])

# 1. Learn the digits 0 to 4
base = keras.Sequential([
    keras.Input((64,)),
    layers.Dense(24, activation="tanh"),
    layers.Dense(12, activation="tanh"),
], name="base")
first = keras.Sequential([base, layers.Dense(5, activation="softmax")])
draw(first)
first.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
first.fit(X[low], y[low], epochs=4, shuffle=False, verbose=0)
print("0-4:", [round(v, 4) for v in first.evaluate(X[low], y[low], verbose=0)])

# 2. Freeze what was learned, and put a new head on it
base.trainable = False
second = keras.Sequential([base, layers.Dense(5, activation="softmax")])
second.build((None, 64))
second.layers[-1].set_weights([rng.randn(12, 5) * 0.2, np.zeros(5)])
second.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
print("trainable:", len(second.trainable_weights), "of", len(second.weights))

before = base.get_weights()[0].copy()
second.fit(X[high][:100], y[high][:100] - 5, epochs=10, shuffle=False, verbose=0)
print("frozen weights unchanged:", np.array_equal(before, base.get_weights()[0]))
print("5-9:", [round(v, 4) for v in second.evaluate(X[high], y[high] - 5, verbose=0)])

# 3. Fine-tuning: everything learns, slowly
base.trainable = True
second.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
print("trainable:", len(second.trainable_weights), "of", len(second.weights))
second.fit(X[high][:100], y[high][:100] - 5, epochs=2, shuffle=False, verbose=0)
print("moved by", float(np.abs(before - base.get_weights()[0]).max()))
print("5-9:", [round(v, 4) for v in second.evaluate(X[high], y[high] - 5, verbose=0)])
