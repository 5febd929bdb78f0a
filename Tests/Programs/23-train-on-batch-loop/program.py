# expects: same
import numpy as np
from keras import Input, Sequential
from keras.layers import Dense
from sklearn.datasets import make_moons

X, y = make_moons(n_samples=200, noise=0.15, random_state=1)

model = Sequential([Input((2,)), Dense(16, activation="tanh"), Dense(1, activation="sigmoid")])
generator = np.random.default_rng(3)
model.set_weights([generator.uniform(-1, 1, w.shape) for w in model.get_weights()])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

def batches(X, y, size, rng):
    """Yields the examples in another order each time."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start:start + size]
        yield X[rows], y[rows]

rng = np.random.RandomState(0)
for epoch in range(1, 6):
    losses = []
    for xb, yb in batches(X, y, 32, rng):
        loss, acc = model.train_on_batch(xb, yb)
        losses.append(loss)
    # what train_on_batch returns is of this batch alone
    print(f"epoch {epoch}: loss {float(losses[-1]):.6f} accuracy {float(acc):.4f}, first {float(losses[0]):.6f}")

print("test_on_batch:", [round(float(v), 5) for v in model.test_on_batch(X, y)])
out = model.predict_on_batch(X[:4])
print(np.round(out, 4).tolist())

# the same with a dictionary, until it is good enough
steps = 0
while True:
    logs = model.train_on_batch(X, y, return_dict=True)
    steps += 1
    if logs["accuracy"] > 0.86 or steps >= 40:
        break
print(steps, sorted(logs), f"{logs['loss']:.5f}")
