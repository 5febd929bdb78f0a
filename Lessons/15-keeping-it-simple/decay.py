import keras
import numpy as np
from keras import layers

# One neuron, four rows, and weight decay.
x = np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
y = np.array([1.0, 0.0, 1.0, 0.0])

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.AdamW(
        learning_rate=0.1, weight_decay=0.2),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=100, batch_size=4, shuffle=False)
