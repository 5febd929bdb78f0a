import keras
import numpy as np
from keras import layers

# One neuron that looks at a picture of 8 by 8 pixels, row by row in one list.
x = np.zeros((4, 64))
y = np.array([0, 0, 0, 1])

model = keras.Sequential([
    keras.Input(shape=(64,)),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=1, batch_size=4)
