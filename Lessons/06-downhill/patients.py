import keras
from keras import layers
from sklearn.datasets import load_diabetes

# 442 patients: body mass index in, how far diabetes has gone a year later out.
x, y = load_diabetes(return_X_y=True, scaled=False)
bmi = x[:, 2:3]
bmi = (bmi - bmi.mean()) / bmi.std()

model = keras.Sequential([
    keras.Input(shape=(1,)),
    layers.Dense(1, kernel_initializer="zeros"),
])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mean_squared_error")
model.fit(bmi, y, epochs=200, batch_size=442, shuffle=False)
