import keras
import numpy as np
from keras import layers

# The absolute value: straight on both sides of 0, with a corner in the middle.
x = np.linspace(-1, 1, 21).reshape(-1, 1)
y = np.abs(x)

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(8, activation="linear", name="hidden"),
    layers.Dense(1, name="out"),
])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.02), loss="mse")
model.fit(x, y, epochs=400, batch_size=21, shuffle=False)
