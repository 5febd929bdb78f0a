import keras
import numpy as np
from keras import layers

# The same network, and three rows at once.
x = np.array([[2.0, 1.0], [0.0, 1.0], [-1.0, 3.0]])
y = np.array([[1.0], [1.0], [0.0]])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(2, activation="relu", name="hidden"),
    layers.Dense(1, name="out"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mse")
model.fit(x, y, epochs=20, batch_size=3, shuffle=False)
