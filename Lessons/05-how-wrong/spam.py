import keras
import numpy as np
from keras import layers

# The six mails again. The weights make the network sure of itself, and often wrong.
x = np.array([[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]])
y = np.array([0, 0, 1, 0, 1, 1])

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(
        1,
        activation="sigmoid",
        kernel_initializer=keras.initializers.Constant(-3.0),
        bias_initializer=keras.initializers.Constant(8.0),
    ),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="mean_squared_error",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=400, batch_size=6, shuffle=False)
