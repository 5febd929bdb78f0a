import numpy as np
from tensorflow import keras
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense

# Generate dummy data
X = np.random.rand(1000, 20)
y = np.random.randint(2, size=(1000, 1))

# Create model
model = Sequential()
model.add(Dense(64, activation='relu', input_dim=20))
model.add(Dense(64, activation='relu'))
model.add(Dense(1, activation='sigmoid'))

# Compile model
model.compile(optimizer='adam',
              loss='binary_crossentropy',
              metrics=['accuracy'])

# Train model
model.fit(X, y, epochs=10, batch_size=32)

# Evaluate model
loss, accuracy = model.evaluate(X, y)
print('Accuracy:', accuracy)
