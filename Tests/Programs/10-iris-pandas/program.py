# expects: same
import pandas as pd
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.utils import to_categorical

# load dataset
dataframe = pd.read_csv("flowers.csv")
print(dataframe.shape)
print(list(dataframe.columns))
print(sorted(dataframe["species"].unique()), dataframe["species"].nunique())
print(dataframe["petal_length"].mean(), dataframe["petal_length"].max())

X = dataframe[["sepal_length", "sepal_width", "petal_length", "petal_width"]].values.astype("float32")
names = sorted(dataframe["species"].unique())
codes = {name: i for i, name in enumerate(names)}
Y = np.array([codes[s] for s in dataframe["species"]])
dummy_y = to_categorical(Y)
print(dummy_y[:3])

# define baseline model
def baseline_model():
    model = Sequential()
    model.add(Dense(8, input_dim=4, activation='tanh'))
    model.add(Dense(3, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model

model = baseline_model()
rng = np.random.RandomState(0)
model.set_weights([rng.normal(0, 0.5, w.shape) for w in model.get_weights()])
history = model.fit(X, dummy_y, epochs=30, batch_size=5, verbose=0, shuffle=False)
print(f"loss {history.history['loss'][0]:.4f} -> {history.history['loss'][-1]:.4f}")
scores = model.evaluate(X, dummy_y, verbose=0)
print("%s: %.2f%%" % (model.metrics_names[0], scores[0] * 100))
probabilities = model.predict(X[::10], verbose=0)
print([names[i] for i in probabilities.argmax(axis=1)])
