# expects: refused 12 input_dim
# A number that a table of rows has no row for.
import keras
import numpy as np

model = keras.Sequential([
    keras.Input((2,)), keras.layers.Embedding(3, 2), keras.layers.Flatten(), keras.layers.Dense(1),
])
model.compile("sgd", "mse")
model.fit(np.array([[0, 2], [1, 1]]), np.zeros((2, 1)), verbose=0)
print("before")
model.predict(np.array([[0, 5]]), verbose=0)
