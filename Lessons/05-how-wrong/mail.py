import keras
import numpy as np
from keras import layers

# Is it spam? Exclamation marks in, yes (1) or no (0) out: six mails.
x = np.array([[0.0], [1.0], [2.0], [3.0], [5.0], [6.0]])
y = np.array([0, 0, 1, 0, 1, 1])

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(
        1,
        activation="sigmoid",
        kernel_initializer=keras.initializers.Constant(0.5),
        bias_initializer=keras.initializers.Constant(-1.0),
    ),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=200, batch_size=6, shuffle=False)
