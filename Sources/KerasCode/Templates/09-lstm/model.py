"""LSTM for a series

It reads a series step by step, keeps what it needs in 32 cells, and predicts the next value. It
suits measurements over time.

Reaches an error (root mean square) of 18 spots in years held out, in less than a second; saying
as many as eleven years before, the seasonal-naive forecast, 38.

Data: backstep data export sunspots -o sunspots.npz
"""

import keras
import numpy as np
from keras import layers

data = np.load("sunspots.npz")
x = data["x"]
y = data["y"].reshape(len(x), -1)

# The last fifth is held out: what comes later is not known when learning.
cut = len(x) * 4 // 5
scale = float(np.abs(y[:cut]).max())

model = keras.Sequential([
    keras.Input(shape=x.shape[1:]),
    layers.Rescaling(1 / scale),
    layers.LSTM(32),
    layers.Dense(y.shape[1]),
    layers.Rescaling(scale),
])
model.compile(
    keras.optimizers.Adam(0.003), loss="mean_squared_error", metrics=["mean_absolute_error"])
model.fit(x[:cut], y[:cut], epochs=100, batch_size=16, verbose=2)

# The seasonal-naive forecast: as many spots as eleven years before.
wrong = model.predict(x[cut:], verbose=0) - y[cut:]
seasonal = x[cut:, -11, :1] - y[cut:]
print(f"held-out error (root mean square) {np.sqrt(np.mean(wrong ** 2)):.2f}, "
      f"as eleven years before {np.sqrt(np.mean(seasonal ** 2)):.2f}")
