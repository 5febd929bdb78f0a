# expects: same
# Ten epochs of the classic classifier from equal weights, for three data seeds; with each the
# smallest distance of a relu from its kink, over every step.
import numpy as np
import keras
from keras import layers

for seed in (1, 2, 3):
    rng = np.random.RandomState(seed)
    x = rng.random_sample((1000, 20))
    y = rng.randint(2, size=(1000, 1))
    model = keras.Sequential([
        keras.Input(shape=(20,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.set_weights([rng.uniform(-0.2, 0.2, w.shape) for w in model.get_weights()])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    nearest = np.inf
    losses = []
    for epoch in range(10):
        total = 0.0
        for start in range(0, 1000, 32):
            batch = x[start:start + 32]
            w1, b1, w2, b2, _, _ = model.get_weights()
            z1 = batch @ w1 + b1
            z2 = np.maximum(z1, 0) @ w2 + b2
            nearest = min(nearest, np.abs(z1).min(), np.abs(z2).min())
            total += model.train_on_batch(batch, y[start:start + 32])[0] * len(batch)
        losses.append(total / 1000)
    print(f"seed {seed}: nearest to a kink {nearest:.6f}")
    print(" ".join(f"{loss:.7f}" for loss in losses))
