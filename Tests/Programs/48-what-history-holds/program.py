# expects: same
# The names in a history and their order, and a learning rate that two callbacks set.
import numpy as np
import keras
from keras import layers

rng = np.random.default_rng(3)
x = rng.normal(size=(40, 4)).astype("float32")
y = (x[:, 0] > 0).astype("int32")
weights = np.linspace(0.5, 1.5, 40)


def model(**more):
    net = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation="sigmoid", kernel_initializer="ones")])
    net.compile(keras.optimizers.SGD(0.3), "binary_crossentropy", metrics=["accuracy"], **more)
    return net


net = model(weighted_metrics=["accuracy", "mae"])
history = net.fit(x, y, sample_weight=weights, epochs=2, validation_split=0.25, shuffle=False, verbose=0)
print(list(history.history))
print([[round(v, 4) for v in values] for values in history.history.values()])

reduces = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=10.0, verbose=0)
keeps = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
for callbacks in [[reduces, keeps], [keeps, reduces]]:
    history = model().fit(x, y, epochs=4, shuffle=False, verbose=0, callbacks=callbacks)
    print(list(history.history), [round(float(v), 4) for v in history.history["learning_rate"]])
