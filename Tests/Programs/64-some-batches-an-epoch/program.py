# expects: same
# Epochs of fewer batches than there are, and judging now and then, on some of what is held back.
import numpy as np
import keras

rng = np.random.default_rng(0)
x = rng.normal(size=(10, 3)).astype("float32")
y = (x @ np.array([[1.0], [2.0], [-1.0]])).astype("float32")
held = (x[:5], y[:5])


class Diary(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print("steps", self.params["steps"])

    def on_train_batch_begin(self, batch, logs=None):
        print("batch", batch, end=" ")

    def on_epoch_end(self, epoch, logs=None):
        print("epoch", epoch, {name: round(value, 5) for name, value in logs.items()})


def made():
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="zeros")]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse", metrics=["mae"])
    return model


def show(history, model):
    for name, values in history.history.items():
        print(name, [round(value, 5) for value in values])
    print(np.round(model.get_weights()[0].ravel(), 5))


for steps in [1, 2, 3, 7]:
    print("steps_per_epoch", steps)
    model = made()
    for again in range(2):
        history = model.fit(
            x, y, batch_size=4, epochs=3, steps_per_epoch=steps, shuffle=False, verbose=0,
            callbacks=[Diary()],
        )
        show(history, model)

for some in [{"validation_steps": 1}, {"validation_steps": 9}, {"validation_freq": 2},
             {"validation_steps": 2, "validation_batch_size": 2, "steps_per_epoch": 2}]:
    print(sorted(some))
    model = made()
    history = model.fit(
        x, y, batch_size=4, epochs=5, shuffle=False, verbose=0, validation_data=held, **some
    )
    show(history, model)

model = made()
history = model.fit(
    x, y, batch_size=2, epochs=2, shuffle=False, verbose=0, validation_split=0.4,
    validation_steps=1,
)
show(history, model)

stop = keras.callbacks.EarlyStopping(monitor="loss", patience=0)
history = model.fit(
    x, y, batch_size=4, epochs=9, steps_per_epoch=1, shuffle=False, verbose=0, callbacks=[stop]
)
show(history, model)
print(np.round(model.evaluate(x, y, batch_size=4, steps=2, verbose=0), 5))
print(np.round(model.evaluate(x, y, batch_size=4, steps=9, verbose=0), 5))
print(np.round(model.predict(x, batch_size=4, steps=2, verbose=0).ravel(), 5))
print(np.round(model.test_on_batch(x, y), 5))
print(model.predict_on_batch(x).shape)
