import keras
from keras import layers
from sklearn.datasets import load_diabetes

# 442 patients, ten measurements each, in the units of the clinic.
# The target says how far the disease had gone a year later.
x, y = load_diabetes(return_X_y=True, scaled=False)

model = keras.Sequential([
    keras.Input(shape=(10,)),
    layers.Dense(1),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.01),
    loss="mean_squared_error",
    metrics=["mean_absolute_error"],
)
model.fit(x, y, epochs=30, batch_size=32, validation_split=0.25)
