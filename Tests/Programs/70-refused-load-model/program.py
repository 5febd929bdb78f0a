# expects: refused 6 load_weights
# A whole model is not read from a file; what is said is how its weights are.
import keras

print("before")
model = keras.saving.load_model("model.keras", compile=False)
