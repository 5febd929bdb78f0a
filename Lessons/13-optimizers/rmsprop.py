import keras
import numpy as np
from keras import layers

# A ravine: the loss is steep along w0 and flat along w1.
x = np.array([[2.0, 0.5], [2.0, -0.5], [-2.0, 0.5], [-2.0, -0.5]])
y = x[:, 0] + 2 * x[:, 1]

model = keras.Sequential([
    keras.Input(shape=(2,)),
    layers.Dense(1, use_bias=False, kernel_initializer="zeros"),
])
model.compile(
    optimizer=keras.optimizers.RMSprop(learning_rate=0.1),
    loss="mean_squared_error",
)
model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
