import keras
import numpy as np
from keras import layers

# XOR with eight hidden units: more than it takes.
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 0])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(8, activation="tanh", name="hidden"),
    layers.Dense(1, activation="sigmoid", name="out"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.05),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=1000, batch_size=4, shuffle=False)
