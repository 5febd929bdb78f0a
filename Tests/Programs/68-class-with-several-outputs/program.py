# expects: same
# A class derived from Model that gives a dict, with losses and metrics by its keys.
import numpy as np
import keras
from keras import layers, ops

rng = np.random.default_rng(3)
x = rng.normal(size=(12, 3)).astype("float32")
targets = {
    "price": (x @ np.array([[1.0], [2.0], [-1.0]])).astype("float32"),
    "kind": (x[:, 0] > 0).astype("int64"),
    "extra": np.ones((12, 2), "float32"),
}


class Both(keras.Model):
    def __init__(self):
        super().__init__()
        start = keras.initializers.Constant(0.1)
        self.hidden = layers.Dense(4, activation="tanh", kernel_initializer=start)
        self.price = layers.Dense(1, kernel_initializer=start)
        self.kind = layers.Dense(2, activation="softmax", kernel_initializer=start)
        self.extra = layers.Dense(2, kernel_initializer="ones")

    def call(self, inputs, training=False):
        hidden = self.hidden(inputs)
        return {
            "price": self.price(hidden),
            "kind": self.kind(hidden),
            "extra": self.extra(hidden),
        }


def show(logs):
    for name, value in logs.items():
        print(name, np.round(value, 5))


how = {
    "loss": {"price": "mse", "kind": "sparse_categorical_crossentropy", "extra": "mae"},
    "metrics": {"kind": ["accuracy"], "price": ["mae"]},
}
model = Both()
model.compile(optimizer=keras.optimizers.SGD(0.1), **how)
history = model.fit(x, targets, epochs=3, batch_size=4, shuffle=False, verbose=0,
                    validation_data=(x[:4], {key: value[:4] for key, value in targets.items()}))
show(history.history)
print(np.round(model.evaluate(x, targets, verbose=0), 5), model.metrics_names)
show(model.evaluate(x, targets, verbose=0, return_dict=True))
for key, value in sorted(model.predict(x[:2], verbose=0).items()):
    print(key, np.round(value, 4))
for key, value in sorted(model(x[:2]).items()):
    print(key, np.round(ops.convert_to_numpy(value), 4))

model = Both()
print(sorted(model(x[:1])))
model.compile(optimizer="adam", loss_weights={"price": 2.0, "kind": 0.5, "extra": 1.0}, **how)
show(model.train_on_batch(x, targets, return_dict=True))
model = Both()
model.compile(optimizer="adam", loss={"kind": "sparse_categorical_crossentropy", "price": "mae"})
show(model.fit(x, targets, epochs=2, shuffle=False, verbose=0).history)


class Halves(layers.Layer):
    def call(self, inputs):
        return {"left": inputs[:, :1], "right": inputs[:, 1:]}


inputs = keras.Input((3,))
parts = Halves()(inputs)
print(sorted(parts), parts["right"].shape)
outputs = layers.Dense(1, kernel_initializer="ones")(parts["right"])
print(np.round(keras.Model(inputs, outputs).predict(x[:2], verbose=0), 4))
