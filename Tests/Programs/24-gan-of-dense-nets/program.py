# expects: same
# A GAN that learns a normal distribution, as small as it gets.
import numpy as np
from tensorflow.keras.models import Sequential, Model
from tensorflow.keras.layers import Dense, Input, LeakyReLU
from tensorflow.keras.optimizers import Adam

LATENT = 3
BATCH = 16
rng = np.random.RandomState(1234)

def randomize(net):
    net.set_weights([rng.normal(0, 0.3, w.shape) for w in net.get_weights()])

def build_generator():
    g = Sequential(name='generator')
    g.add(Input(shape=(LATENT,)))
    g.add(Dense(8))
    g.add(LeakyReLU(negative_slope=0.2))
    g.add(Dense(1))
    return g

def build_discriminator():
    d = Sequential(name='discriminator')
    d.add(Input(shape=(1,)))
    d.add(Dense(8, activation='tanh'))
    d.add(Dense(1, activation='sigmoid'))
    return d

discriminator = build_discriminator()
randomize(discriminator)
discriminator.compile(loss='binary_crossentropy', optimizer=Adam(0.002, beta_1=0.5), metrics=['accuracy'])

generator = build_generator()
randomize(generator)

z = Input(shape=(LATENT,))
discriminator.trainable = False
gan = Model(z, discriminator(generator(z)))
gan.compile(loss='binary_crossentropy', optimizer=Adam(0.002, beta_1=0.5))

# only the generator learns through the combined model
print('combined: %d weights, %d trainable' % (len(gan.weights), len(gan.trainable_weights)))
discriminator.trainable = True
discriminator.compile(loss='binary_crossentropy', optimizer=Adam(0.002, beta_1=0.5), metrics=['accuracy'])

for step in range(60):
    real = rng.normal(4, 0.5, size=(BATCH, 1))
    fake = generator.predict(rng.normal(size=(BATCH, LATENT)), verbose=0)
    discriminator.trainable = True
    discriminator.reset_metrics()
    gan.reset_metrics()
    d_loss_real = discriminator.train_on_batch(real, np.ones((BATCH, 1)))
    discriminator.reset_metrics()
    d_loss_fake = discriminator.train_on_batch(fake, np.zeros((BATCH, 1)))
    discriminator.trainable = False
    g_loss = gan.train_on_batch(rng.normal(size=(BATCH, LATENT)), np.ones((BATCH, 1)))
    if step % 20 == 0 or step == 59:
        print('%2d [D real: %.5f] [D fake: %.5f] [G: %.5f]'
              % (step, d_loss_real[0], d_loss_fake[0], g_loss))

samples = generator.predict(rng.normal(size=(200, LATENT)), verbose=0)
print('mean %.4f, deviation %.4f' % (samples.mean(), samples.std()))
