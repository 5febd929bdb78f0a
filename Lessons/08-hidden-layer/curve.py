import keras
import numpy as np
from keras import layers

# One period of a sine, 41 points. How many hidden units does the curve take?
x = np.linspace(-3.14159, 3.14159, 41).reshape(-1, 1)
y = np.sin(x)

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(1, activation="tanh", name="hidden"),
    layers.Dense(1, name="out"),
])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.03), loss="mean_squared_error")
model.fit(x, y, epochs=2000, batch_size=41, shuffle=False)
