import keras
import numpy as np
from keras import layers

# How long does a bus take? Stops in, minutes out: four rides.
x = np.array([[1.0], [2.0], [3.0], [4.0]])
y = np.array([[4.0], [4.0], [5.0], [11.0]])

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(
        1,
        kernel_initializer=keras.initializers.Constant(2.0),
        bias_initializer=keras.initializers.Constant(1.0),
    ),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss="mean_squared_error")
model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
