# expects: same
import numpy as np
from sklearn.datasets import load_digits
from tensorflow import keras
from tensorflow.keras import layers

digits = load_digits()
x = np.expand_dims(digits.images.astype("float32") / 16.0, -1)
y = keras.utils.to_categorical(digits.target, 10)
x_train, y_train = x[:320], y[:320]
x_test, y_test = x[320:480], y[320:480]
print("x_train shape:", x_train.shape)
print(x_train.shape[0], "train samples")

model = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(6, kernel_size=(3, 3), activation="tanh"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
rng = np.random.RandomState(0)
model.set_weights([rng.normal(0, 0.3, size=w.shape) for w in model.get_weights()])
model.summary()

model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.01), metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs=3, validation_data=(x_test, y_test), shuffle=False)
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
