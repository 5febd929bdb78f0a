import numpy as np
from tensorflow import keras
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

# Ten measurements of 442 patients. Is a patient worse off
# than most, one year later?
X, y = load_diabetes(return_X_y=True, scaled=False)
y = (y > 140).astype("float32")

# Rows 0-199 to train, 200-319 to choose, 320-441 to test
X = StandardScaler().fit(X[:200]).transform(X)

model = Sequential()
model.add(keras.Input(shape=(10,)))
model.add(Dense(64, activation='relu'))
model.add(Dense(64, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='adam',
              loss='binary_crossentropy',
              metrics=['accuracy'])
model.fit(X[:200], y[:200], epochs=60, batch_size=32,
          validation_data=(X[200:320], y[200:320]))
