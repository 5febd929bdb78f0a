import keras
import numpy as np
from keras import layers

# Logical OR: the target is 1 where an input is, or both are.
x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([0, 1, 1, 1])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, activation="sigmoid", bias_initializer="ones"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=1.0),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
