# expects: same
import tensorflow as tf
from tensorflow import keras
import numpy as np


def huber_fn(y_true, y_pred):
    error = y_true - y_pred
    is_small_error = tf.abs(error) < 1
    squared_loss = tf.square(error) / 2
    linear_loss  = tf.abs(error) - 0.5
    return tf.where(is_small_error, squared_loss, linear_loss)


def create_huber(threshold=1.0):
    def huber(y_true, y_pred):
        error = y_true - y_pred
        small = keras.ops.abs(error) < threshold
        return keras.ops.where(small, error ** 2 / 2, threshold * keras.ops.abs(error) - threshold ** 2 / 2)
    return huber


def my_softplus(z):  # note: tf.nn.softplus(z) better handles large inputs
    return keras.ops.log(1.0 + keras.ops.exp(z))


def mean_absolute_percentage(y_true, y_pred):
    return 100 * keras.ops.mean(keras.ops.abs((y_true - y_pred) / y_true), axis=-1)


rng = np.random.default_rng(42)
X = rng.uniform(-2, 2, size=(80, 4))
y = 3 + X[:, :1] - 2 * np.sin(X[:, 1:2]) + 0.5 * X[:, 2:3] * X[:, 3:]
X_valid, y_valid = X[60:], y[60:]
X_train, y_train = X[:60], y[:60]


def make():
    model = keras.models.Sequential([
        keras.layers.Input(shape=(4,)),
        keras.layers.Dense(10, activation=my_softplus),
        keras.layers.Dense(6, activation=lambda z: z * keras.activations.sigmoid(z)),
        keras.layers.Dense(1),
    ])
    draw = np.random.RandomState(6)
    model.set_weights([draw.uniform(-0.5, 0.5, w.shape) for w in model.get_weights()])
    return model


for loss in (huber_fn, create_huber(2.0), keras.losses.Huber(delta=2.0), "log_cosh"):
    model = make()
    model.compile(loss=loss, optimizer=keras.optimizers.Nadam(learning_rate=0.01),
                  metrics=["mae", mean_absolute_percentage])
    history = model.fit(X_train, y_train, epochs=3, validation_data=(X_valid, y_valid),
                        verbose=0, shuffle=False)
    for name, values in history.history.items():
        print("%-32s" % name, " ".join("%9.5f" % v for v in values))
    print()
