# Why each weight of a small network changed in its third update under Adam, by PyTorch's gradients of
# single examples and Keras's own update; why_weights.json is what it writes.
import json

import keras
import numpy as np
import torch

rng = np.random.RandomState(3)
x, y = rng.normal(size=(6, 3)).astype("float32"), rng.randint(0, 2, size=6)
model = keras.Sequential([
    keras.Input((3,)),
    keras.layers.Dense(4, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.05)),
    keras.layers.Dense(2, activation="softmax"),
])
names = ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]
model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
rate, beta_1, beta_2, epsilon = 0.05, 0.9, 0.999, 1e-7
model.compile(
    optimizer=keras.optimizers.Adam(rate), loss=keras.losses.SparseCategoricalCrossentropy())
initial = model.get_weights()


def gradients(loss):
    found = torch.autograd.grad(
        loss, [w.value for w in model.trainable_weights], allow_unused=True, retain_graph=True)
    return [np.zeros(w.shape) if g is None else g.numpy().astype(float)
            for w, g in zip(model.trainable_weights, found)]


def parts():
    each = -torch.log(model(x)[torch.arange(6), torch.tensor(y)]) / 6
    return [gradients(loss) for loss in each], gradients(sum(model.losses))


m = [np.zeros(w.shape) for w in initial]
v = [np.zeros(w.shape) for w in initial]
for t in (1, 2, 3):
    examples, penalty = parts()
    before = model.get_weights()
    alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    answer = []
    for i, name in enumerate(names):
        g = sum(e[i] for e in examples) + penalty[i]
        v[i] = beta_2 * v[i] + (1 - beta_2) * g * g
        scale = -alpha / (np.sqrt(v[i]) + epsilon)
        answer.append({
            "name": name,
            "examples": [(scale * (1 - beta_1) * e[i]).ravel().tolist() for e in examples],
            "penalty": (scale * (1 - beta_1) * penalty[i]).ravel().tolist(),
            "memory": (scale * beta_1 * m[i]).ravel().tolist(),
        })
        m[i] = beta_1 * m[i] + (1 - beta_1) * g
    model.train_on_batch(x, y)
    for a, b, w in zip(answer, before, model.get_weights()):
        a["before"], a["after"] = b.ravel().tolist(), w.ravel().tolist()
json.dump({
    "inputs": x.ravel().tolist(), "targets": y.tolist(),
    "initial": {n: w.ravel().tolist() for n, w in zip(names, initial)}, "weights": answer,
}, open(__file__.replace(".py", ".json"), "w"))
print(max(
    np.abs(np.array(a["after"]) - a["before"] - np.sum(a["examples"], 0) - a["penalty"] - a["memory"])
    .max() for a in answer))
