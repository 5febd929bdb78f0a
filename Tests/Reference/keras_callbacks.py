# Callbacks of every kind on one small model; keras_callbacks.txt is what it prints with Keras.
import keras
import numpy as np
from keras import layers
from keras.callbacks import Callback, EarlyStopping, LambdaCallback, LearningRateScheduler
from keras.callbacks import CSVLogger, ReduceLROnPlateau, TerminateOnNaN

x = np.arange(24.0).reshape(12, 2) / 24
y = (x[:, 0] * 2 - x[:, 1]).reshape(12, 1)


def make(rate=0.1):
    model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=rate), loss="mse")
    model.set_weights([np.array([[0.5], [-0.5]]), np.array([0.1])])
    return model


def shown(logs):
    return {k: round(float(v), 4) for k, v in sorted((logs or {}).items())}


class Teller(Callback):
    def __init__(self, name):
        super().__init__()
        self.name = name
        self.batches = 0

    def on_train_begin(self, logs=None):
        print(self.name, "train begin", sorted(self.params.items()), shown(logs))

    def on_epoch_begin(self, epoch, logs=None):
        rate = float(self.model.optimizer.learning_rate)
        print("epoch begin", epoch, round(rate, 5), shown(logs))

    def on_train_batch_begin(self, batch, logs=None):
        self.batches += 1

    def on_train_batch_end(self, batch, logs=None):
        print("batch", batch, shown(logs))

    def on_epoch_end(self, epoch, logs=None):
        print("epoch end", epoch, shown(logs), round(float(self.model.get_weights()[0][0, 0]), 4))
        if epoch == 1:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        print("train end", self.batches, shown(logs))


h = make().fit(x, y, epochs=5, batch_size=4, shuffle=False, verbose=0, callbacks=[Teller("a")])
print(shown({k: v[-1] for k, v in h.history.items()}), len(h.history["loss"]))


def schedule(epoch, lr):
    return lr if epoch < 2 else lr * 0.5


h = make().fit(x, y, epochs=4, shuffle=False, verbose=0,
               callbacks=[LearningRateScheduler(schedule, verbose=1)])
print([round(v, 5) for v in h.history["learning_rate"]], sorted(h.history))
h = make().fit(x, y, epochs=2, shuffle=False, verbose=0,
               callbacks=[LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))])
print([round(v, 5) for v in h.history["learning_rate"]])


class HalfBatch(Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 1:
            self.model.stop_training = True


h = make().fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0, validation_split=0.25,
               callbacks=[HalfBatch()])
print({k: [round(v, 4) for v in h.history[k]] for k in sorted(h.history)})

seen = []
h = make().fit(x, y, epochs=2, shuffle=False, verbose=0, callbacks=[
    LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append((epoch, round(logs["loss"], 4))),
                   on_train_begin=lambda logs: seen.append("begin"))])
print(seen)


class Lower(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.optimizer.learning_rate = 0.1 / (epoch + 2)


model = make()
h = model.fit(x, y, epochs=3, shuffle=False, verbose=0, callbacks=[Lower()])
print([round(v, 4) for v in h.history["loss"]], round(float(model.optimizer.learning_rate), 4))
h = make().fit(x * 1e30, y, epochs=4, batch_size=4, shuffle=False, verbose=0,
                   callbacks=[TerminateOnNaN()])
print(len(h.history["loss"]))
h = make(0.9).fit(x, y, epochs=6, batch_size=4, shuffle=False, verbose=0, callbacks=[
    EarlyStopping(monitor="loss", patience=1, min_delta=0.001, restore_best_weights=True, verbose=1),
    ReduceLROnPlateau(monitor="loss", patience=1, min_delta=0.01, factor=0.5, verbose=1)])
print([round(v, 4) for v in h.history["loss"]], [round(v, 4) for v in h.history["learning_rate"]])
make().fit(x, y, epochs=2, shuffle=False, verbose=0, callbacks=[CSVLogger("log.csv")])


class Keep(Callback):
    def on_train_begin(self, logs=None):
        self.best = None

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            self.best = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.best)


model = make()
model.fit(x, y, epochs=3, shuffle=False, verbose=0, callbacks=[Keep()])
print([round(float(v), 4) for w in model.get_weights() for v in w.flatten()])
