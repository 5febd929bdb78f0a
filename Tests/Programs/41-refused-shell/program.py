# expects: refused 7 system
import os
import keras

# Less chatter from TensorFlow
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.system("pip install tensorflow")

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.summary()
