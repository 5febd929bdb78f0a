import keras
import numpy as np
from keras import layers

# One neuron, four rows, and a penalty on its two weights.
x = np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
y = np.array([1.0, 0.0, 1.0, 0.0])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, activation="sigmoid",
                 kernel_regularizer=keras.regularizers.L2(0.1)),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=100, batch_size=4, shuffle=False)
