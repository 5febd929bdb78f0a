# expects: same
import numpy as np
import keras
from keras import optimizers
from keras.optimizers import schedules

rng = np.random.default_rng(0)
X = rng.normal(size=(64, 5)).astype("float32")
y = np.tanh(X[:, :2].sum(axis=1)) + 0.1 * X[:, 4] ** 2

def train(optimizer):
    model = keras.Sequential([
        keras.layers.Input((5,)),
        keras.layers.Dense(7, activation="tanh"),
        keras.layers.Dense(1),
    ])
    start = np.random.RandomState(1)
    model.set_weights([start.normal(0, 0.5, w.shape) for w in model.get_weights()])
    model.compile(optimizer=optimizer, loss="mse")
    history = model.fit(X, y, epochs=6, batch_size=16, shuffle=False, verbose=0)
    return history.history["loss"]

candidates = {
    "sgd": optimizers.SGD(learning_rate=0.05),
    "momentum": optimizers.SGD(learning_rate=0.05, momentum=0.9),
    "nesterov": optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True),
    "rmsprop": "rmsprop",
    "centered rmsprop": optimizers.RMSprop(0.005, rho=0.8, momentum=0.5, centered=True),
    "adagrad": optimizers.Adagrad(learning_rate=0.05),
    "adadelta": optimizers.Adadelta(learning_rate=1.0),
    "adam": "adam",
    "amsgrad": optimizers.Adam(learning_rate=0.01, amsgrad=True),
    "adamw": optimizers.AdamW(learning_rate=0.01, weight_decay=0.05),
    "adamax": optimizers.Adamax(learning_rate=0.01),
    "nadam": optimizers.Nadam(learning_rate=0.01),
    "lion": optimizers.Lion(learning_rate=0.001),
    "clipped": optimizers.Adam(learning_rate=0.01, clipnorm=0.1),
    "clipped values": optimizers.SGD(learning_rate=0.1, clipvalue=0.05),
    "averaged": optimizers.SGD(learning_rate=0.05, use_ema=True, ema_momentum=0.9),
    "exponential decay": optimizers.SGD(schedules.ExponentialDecay(0.1, decay_steps=4, decay_rate=0.8)),
    "staircase": optimizers.SGD(schedules.ExponentialDecay(0.1, decay_steps=4, decay_rate=0.5, staircase=True)),
    "piecewise": optimizers.SGD(schedules.PiecewiseConstantDecay([5, 12], [0.1, 0.05, 0.01])),
    "polynomial": optimizers.Adam(schedules.PolynomialDecay(0.02, 20, end_learning_rate=0.001, power=2.0)),
    "inverse time": optimizers.Adam(schedules.InverseTimeDecay(0.02, decay_steps=5, decay_rate=0.5)),
    "cosine": optimizers.Adam(schedules.CosineDecay(0.02, decay_steps=20, alpha=0.1)),
    "warm up": optimizers.Adam(schedules.CosineDecay(0.0, decay_steps=15, warmup_target=0.02, warmup_steps=6)),
    "restarts": optimizers.Adam(schedules.CosineDecayRestarts(0.02, first_decay_steps=6)),
}
results = {}
for name, optimizer in candidates.items():
    losses = train(optimizer)
    results[name] = losses[-1]
    print(f"{name:<18}", " ".join(f"{loss:.5f}" for loss in losses))

best = min(results, key=results.get)
print("best:", best)
