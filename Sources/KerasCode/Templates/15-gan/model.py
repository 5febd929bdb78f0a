"""Generative adversarial network

A generator makes points of noise, a discriminator learns to tell them from real ones, and each
learns from the other. It suits making more of what there is, and watching two networks contend.

Reaches a distance of 0.14 between points it makes and held-out ones, in three seconds; for points
of a normal distribution with the same mean and spread, 0.2.

Data: backstep data export moons -o moons.npz
"""

import keras
import numpy as np
from keras import layers

real = np.load("moons.npz")["x"]
size, code, batch = real.shape[1], 4, 64
rng = np.random.default_rng(0)
cut = len(real) * 4 // 5

discriminator = keras.Sequential([
    keras.Input(shape=(size,)),
    layers.Dense(64),
    layers.LeakyReLU(0.2),
    layers.Dense(64),
    layers.LeakyReLU(0.2),
    layers.Dense(1, activation="sigmoid"),
], name="discriminator")
discriminator.compile(keras.optimizers.Adam(0.001, beta_1=0.5), loss="binary_crossentropy")

generator = keras.Sequential([
    keras.Input(shape=(code,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(size),
], name="generator")

# Through the discriminator, which keeps still, the generator learns what passes for real.
discriminator.trainable = False
noise = keras.Input(shape=(code,))
gan = keras.Model(noise, discriminator(generator(noise)))
gan.compile(keras.optimizers.Adam(0.001, beta_1=0.5), loss="binary_crossentropy")

ones, zeros = np.ones((batch, 1)), np.zeros((batch, 1))
for step in range(3000):
    some = real[rng.integers(0, cut, batch)]
    made = generator.predict(rng.normal(size=(batch, code)), batch_size=batch, verbose=0)
    discriminator.trainable = True
    told = discriminator.train_on_batch(
        np.concatenate([some, made]), np.concatenate([ones, zeros]))
    discriminator.trainable = False
    fooled = gan.train_on_batch(rng.normal(size=(batch, code)), ones)
    if (step + 1) % 500 == 0:
        print(f"step {step + 1}: discriminator {told:.4f}, generator {fooled:.4f}")


def apart(made, true):
    """From each point to the nearest of the others, both ways, in the mean."""
    distances = np.sqrt(np.sum((made[:, None] - true[None]) ** 2, axis=2))
    return (distances.min(axis=0).mean() + distances.min(axis=1).mean()) / 2


held = real[cut:]
made = generator.predict(rng.normal(size=(len(held), code)), verbose=0)
plain = rng.normal(real[:cut].mean(axis=0), real[:cut].std(axis=0), held.shape)
print(f"distance from held-out points {apart(made, held):.4f}, "
      f"of points from a normal distribution {apart(plain, held):.4f}")
