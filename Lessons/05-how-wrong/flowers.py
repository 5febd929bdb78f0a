import keras
from keras import layers
from sklearn.datasets import load_iris

# 150 flowers, four lengths each. Which of three kinds is it: 0, 1 or 2?
x, y = load_iris(return_X_y=True)

model = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(3, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.05),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x, y, epochs=200, batch_size=150, shuffle=False)
