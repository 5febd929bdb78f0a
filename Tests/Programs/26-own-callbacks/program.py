# expects: same
import keras
import numpy as np
from keras.callbacks import Callback, LambdaCallback


class LossHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.losses = []
        self.epochs = []

    def on_train_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.epochs.append(epoch)
        print("The average loss for epoch {} is {:7.4f} and mean absolute error is {:7.4f}.".format(
            epoch, logs["loss"], logs["mae"]))


class StopBelow(Callback):
    """Stops when the loss is small enough."""

    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < self.threshold:
            print(f"Epoch {epoch}: loss {logs['loss']:.4f} is below {self.threshold}, stopping")
            self.model.stop_training = True


class WeightWatcher(Callback):
    def on_epoch_begin(self, epoch, logs=None):
        kernel = self.model.layers[0].get_weights()[0]
        print("before epoch", epoch, "norm of the kernel %.5f" % np.linalg.norm(kernel))

    def on_train_end(self, logs=None):
        print("done; keys:", sorted(logs.keys()) if logs else None)


rng = np.random.default_rng(7)
x = rng.normal(size=(96, 3))
y = x @ np.array([[1.0], [-2.0], [0.5]]) + 0.25

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="zeros")])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["mae"])

history = LossHistory()
batch_print = LambdaCallback(on_epoch_begin=lambda epoch, logs: print("-" * 20),
                             on_train_end=lambda logs: print("=" * 20))
result = model.fit(x, y, batch_size=32, epochs=10, verbose=0, shuffle=False,
                   callbacks=[history, StopBelow(0.05), WeightWatcher(), batch_print])
print(len(history.losses), "batches in", len(history.epochs), "epochs")
print("per batch:", [round(float(l), 5) for l in history.losses[:6]])
print("per epoch:", [round(l, 5) for l in result.history["loss"]])
print(result.epoch)
print(model.get_weights()[0].ravel(), model.get_weights()[1])
