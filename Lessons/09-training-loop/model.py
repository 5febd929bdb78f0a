import keras
from keras import layers
from sklearn.datasets import load_iris

# Fisher's iris flowers: 150 rows of 4 measurements, 3 kinds of 50 each.
x, y = load_iris(return_X_y=True)

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(8, activation="tanh"),
    layers.Dense(3, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.05),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=20, batch_size=32)
