import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_breast_cancer

# 569 tissue samples, thirty measurements of the cell nuclei each: is the tumor benign?
x, y = load_breast_cancer(return_X_y=True)
x = (x - x.mean(axis=0)) / x.std(axis=0)

model = keras.Sequential([
    keras.Input(shape=(30,)),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.5),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=30, batch_size=32)
