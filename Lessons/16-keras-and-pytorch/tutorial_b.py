import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

# The tutorial has no data. This stands in for it: 1000 rows of
# 100 random numbers, and ten classes that mean nothing.
X = np.random.rand(1000, 100)
y = np.random.randint(10, size=(1000,))

# Simple feedforward neural network example
model = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(64, activation='relu'),
    layers.Dense(10, activation='softmax')
])

model.compile(optimizer='adam',
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])
model.fit(X, y, epochs=10, batch_size=32)
