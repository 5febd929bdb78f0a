# expects: same
"""A sequence to sequence model in the shape of Keras's own tutorial."""
import numpy as np
import keras

num_encoder_tokens, num_decoder_tokens, latent_dim = 5, 6, 7

# Define an input sequence and process it.
encoder_inputs = keras.Input(shape=(4, num_encoder_tokens))
encoder = keras.layers.LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)

# We discard `encoder_outputs` and only keep the states.
encoder_states = [state_h, state_c]

# Set up the decoder, using `encoder_states` as initial state.
decoder_inputs = keras.Input(shape=(3, num_decoder_tokens))
decoder_lstm = keras.layers.LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = keras.layers.Dense(num_decoder_tokens, activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)

model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.summary()

rng = np.random.RandomState(3)
model.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in model.get_weights()])
eye = np.eye(num_decoder_tokens, dtype="float32")
read = np.eye(num_encoder_tokens, dtype="float32")[rng.randint(0, 5, (8, 4))]
written = eye[rng.randint(0, 6, (8, 3))]
target = eye[rng.randint(0, 6, (8, 3))]
model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
for step in range(5):
    print("%d %.6f" % (step, model.train_on_batch([read, written], target)))

# GRU states pass on the same way, from both ends of a sequence.
x = keras.Input((4, 5))
_, last = keras.layers.GRU(3, return_state=True, go_backwards=True)(x)
y, first = keras.layers.GRU(3, return_state=True)(x, initial_state=last)
z = keras.layers.SimpleRNN(2, return_sequences=True)(x)
both = keras.Model(x, [keras.layers.Concatenate()([y, first]), z])
both.set_weights([rng.uniform(-0.5, 0.5, w.shape) for w in both.get_weights()])
both.compile("sgd", ["mse", "mse"])
for step in range(3):
    losses = both.train_on_batch(read, [np.ones((8, 6)), np.ones((8, 4, 2))])
    print(step, ["%.5f" % one for one in losses])
states = encoder(read[:2])
print(len(states), [tuple(one.shape) for one in states])
