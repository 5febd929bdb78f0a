# expects: same
from sklearn import datasets
import numpy as np
import keras
from keras import layers

digits = datasets.load_digits()
x = digits.images.reshape((len(digits.images), -1)) / 16.0
y = digits.target
print("Data:", x.shape, y.shape, "from", x.min(), "to", x.max())

x_train, x_test = x[:1500], x[1500:]
y_train, y_test = y[:1500], y[1500:]

num_classes = len(np.unique(y))
model = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        layers.Dense(32, activation="sigmoid", name="hidden"),
        layers.Dense(num_classes, activation="softmax", name="digits"),
    ],
    name="mlp",
)
model.summary()

rng = np.random.default_rng(12)
for layer in model.layers:
    kernel, bias = layer.get_weights()
    layer.set_weights([rng.normal(scale=0.2, size=kernel.shape), np.zeros_like(bias)])

model.compile(
    loss=keras.losses.SparseCategoricalCrossentropy(),
    optimizer=keras.optimizers.SGD(learning_rate=0.5, momentum=0.9),
    metrics=["accuracy"],
)
history = model.fit(x_train, y_train, batch_size=50, epochs=6, validation_split=0.2, shuffle=False)

for key, values in history.history.items():
    print(key.ljust(13), " ".join("%.4f" % v for v in values))
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])

predicted = np.argmax(model.predict(x_test, verbose=0), axis=-1)
confusion = np.zeros((num_classes, num_classes), dtype=int)
for truth, guess in zip(y_test, predicted):
    confusion[truth, guess] += 1
print(confusion)
