import keras
import numpy as np
from keras import layers

# Two long clouds of twenty points each, side by side: class 0 below, class 1 above.
rng = np.random.default_rng(7)
along = rng.normal(0, 0.7, size=(40, 1)) * np.array([[1, -1]])
centers = np.repeat([[-0.2, 0.0], [0.9, 1.1]], 20, axis=0)
x = centers + along + rng.normal(0, 0.25, size=(40, 2))
y = np.repeat([0, 1], 20)

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=300, batch_size=40, shuffle=False)
