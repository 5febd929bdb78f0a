# expects: same
# A variational autoencoder: what is drawn comes as an input where numbers are compared.
import numpy as np
import keras
from keras import layers, ops


class KLDivergence(layers.Layer):
    """Passes on what it gets, and adds how far it is from a normal distribution to the loss."""

    def __init__(self, weight=1.0, **kwargs):
        super().__init__(**kwargs)
        self.weight = weight

    def call(self, inputs):
        mean, log_var = inputs
        kl = -0.5 * ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=-1)
        self.add_loss(self.weight * ops.mean(kl))
        return mean, log_var


class Sampling(layers.Layer):
    """Draws z of the distribution that mean and log_var describe."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        batch = ops.shape(z_mean)[0]
        dim = ops.shape(z_mean)[1]
        epsilon = keras.random.normal(shape=(batch, dim), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon


rng = np.random.RandomState(0)
t = rng.uniform(0, 2 * np.pi, 64)
X = np.column_stack([np.cos(t), np.sin(t), np.cos(2 * t), np.sin(2 * t)]).astype("float32")
E = rng.normal(size=(64, 2)).astype("float32")

x = keras.Input((4,))
noise = keras.Input((2,))
h = layers.Dense(12, activation="tanh")(x)
mean, log_var = KLDivergence(0.1)([layers.Dense(2)(h), layers.Dense(2)(h)])
z = mean + ops.exp(0.5 * log_var) * noise
d = layers.Dense(12, activation="tanh")(z)
vae = keras.Model([x, noise], layers.Dense(4)(d))
vae.set_weights([rng.normal(0, 0.4, w.shape) for w in vae.get_weights()])
vae.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
for loss in vae.fit([X, E], X, epochs=20, batch_size=16, shuffle=False,
                    verbose=0).history["loss"]:
    print(f"{loss:.5f}")


class VAE(keras.Model):
    def __init__(self, latent_dim, draws=True, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(12, activation="tanh")
        self.mean = layers.Dense(latent_dim)
        self.log_var = layers.Dense(latent_dim)
        self.sampling = Sampling()
        self.draws = draws
        self.decoder = keras.Sequential([layers.Dense(12, activation="tanh"), layers.Dense(4)])

    def call(self, inputs):
        h = self.hidden(inputs)
        mean, log_var = self.mean(h), self.log_var(h)
        kl = -0.5 * ops.mean(1 + log_var - ops.square(mean) - ops.exp(log_var))
        self.add_loss(0.05 * kl)
        z = self.sampling([mean, log_var]) if self.draws else mean
        return self.decoder(z)


# Without draws every number is the same.
still = VAE(2, draws=False)
still(X[:1])
still.set_weights([rng.normal(0, 0.4, w.shape) for w in still.get_weights()])
still.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
history = still.fit(X, X, epochs=5, batch_size=16, shuffle=False, verbose=0).history
print([f"{loss:.5f}" for loss in history["loss"]])
print(f"{still.evaluate(X, X, verbose=0):.5f}")

# With draws it learns.
vae = VAE(2)
vae.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
losses = vae.fit(X, X, epochs=60, batch_size=16, verbose=0).history["loss"]
print(losses[-1] < 0.7 * losses[0], len(vae.get_weights()))
print(np.array(vae.predict(X[:3], verbose=0)).shape)
