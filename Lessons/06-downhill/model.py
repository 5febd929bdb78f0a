import keras
import numpy as np
from keras import layers

# One example and one weight: the loss is (w - 3)², a valley with its floor at 3.
x = np.array([[1.0]])
y = np.array([[3.0]])

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(1, use_bias=False, kernel_initializer=keras.initializers.Constant(-1.0)),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mean_squared_error")
model.fit(x, y, epochs=100, batch_size=1, shuffle=False)
