import keras
from keras import layers
from sklearn.datasets import load_digits

# Ten batches of handwritten digits, 8 by 8 pixels: which of the ten is it?
x, y = load_digits(return_X_y=True)
x, y = x[:320] / 16, y[:320]

model = keras.Sequential([
    keras.Input(shape=(64,)),
    layers.Dense(32, activation="relu", name="hidden"),
    layers.Dense(10, activation="softmax", name="out"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2, batch_size=32)
