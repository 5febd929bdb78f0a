# expects: refused 5 applications
import numpy as np
import keras
from keras import layers
from keras.applications import VGG16

base = VGG16(weights="imagenet", include_top=False, input_shape=(150, 150, 3))
base.trainable = False
model = keras.Sequential([base, layers.Flatten(), layers.Dense(1, activation="sigmoid")])
model.summary()
