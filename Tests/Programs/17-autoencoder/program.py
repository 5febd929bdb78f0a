# expects: same
import keras
from keras import layers
import numpy as np
from sklearn.datasets import load_digits

# This is the size of our encoded representations
encoding_dim = 8

# This is our input image
input_img = keras.Input(shape=(64,))
# "encoded" is the encoded representation of the input
encoded = layers.Dense(encoding_dim, activation='sigmoid')(input_img)
# "decoded" is the lossy reconstruction of the input
decoded = layers.Dense(64, activation='sigmoid')(encoded)

# This model maps an input to its reconstruction
autoencoder = keras.Model(input_img, decoded)
# This model maps an input to its encoded representation
encoder = keras.Model(input_img, encoded)
# And the decoder
encoded_input = keras.Input(shape=(encoding_dim,))
decoder_layer = autoencoder.layers[-1]
decoder = keras.Model(encoded_input, decoder_layer(encoded_input))

rng = np.random.default_rng(8)
autoencoder.set_weights([rng.normal(scale=0.3, size=w.shape) for w in autoencoder.get_weights()])
autoencoder.compile(optimizer='adam', loss='binary_crossentropy')

digits = load_digits()
x = digits.data.astype('float32') / 16.
x_train, x_test = x[:640], x[640:800]
print(x_train.shape, x_test.shape)

history = autoencoder.fit(x_train, x_train,
                          epochs=5,
                          batch_size=64,
                          shuffle=False,
                          validation_data=(x_test, x_test), verbose=0)
print('loss    ', ['%.5f' % v for v in history.history['loss']])
print('val_loss', ['%.5f' % v for v in history.history['val_loss']])

encoded_imgs = encoder.predict(x_test, verbose=0)
decoded_imgs = decoder.predict(encoded_imgs, verbose=0)
print(encoded_imgs[0].round(4))
print('same as in one go:', np.allclose(decoded_imgs, autoencoder.predict(x_test, verbose=0)))
print('error: %.5f' % np.mean((decoded_imgs - x_test) ** 2))

import matplotlib.pyplot as plt
n = 10  # How many digits we will display
plt.figure(figsize=(20, 4))
for i in range(n):
    # Display original
    ax = plt.subplot(2, n, i + 1)
    plt.imshow(x_test[i].reshape(8, 8))
    plt.gray()
    ax.get_xaxis().set_visible(False)
    ax.get_yaxis().set_visible(False)
plt.show()
