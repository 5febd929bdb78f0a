import keras
from keras import layers
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

# Ten measurements of 442 patients. Is a patient worse off than
# most, one year later? Rows 0-199 to train, 200-319 to choose.
X, y = load_diabetes(return_X_y=True, scaled=False)
X = StandardScaler().fit(X[:200]).transform(X)
y = (y > 140).astype("float32")

model = keras.Sequential([
    keras.Input(shape=(10,)),
    layers.Dense(64, activation="relu",
                 kernel_regularizer=keras.regularizers.L2(0.03)),
    layers.Dense(64, activation="relu",
                 kernel_regularizer=keras.regularizers.L2(0.03)),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(X[:200], y[:200], epochs=150, batch_size=20,
          validation_data=(X[200:320], y[200:320]))
