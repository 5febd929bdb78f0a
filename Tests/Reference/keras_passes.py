# Networks trained in turn by train_on_batch; keras_passes.txt is what it prints with Keras (torch).
import warnings

import keras
import numpy as np
from keras import layers

warnings.simplefilter("ignore")
rng = np.random.RandomState(7)


def given(model):
    """Weights of a seed of its own: the same wherever this runs; a variance is no less than 0."""
    model.set_weights([
        rng.normal(0, 0.4, w.shape) if w.ndim > 1 else rng.uniform(0.1, 1, w.shape)
        for w in model.get_weights()])
    return model


def nets(normalized=False):
    generator = keras.Sequential(name="generator")
    generator.add(keras.Input(shape=(3,)))
    generator.add(layers.Dense(6))
    if normalized:
        generator.add(layers.BatchNormalization(momentum=0.8))
    generator.add(layers.LeakyReLU(negative_slope=0.2))
    generator.add(layers.Dense(2, activation="tanh"))
    discriminator = keras.Sequential([
        keras.Input(shape=(2,)), layers.Dense(8, activation="tanh"),
        layers.Dense(1, activation="sigmoid"),
    ], name="discriminator")
    return given(generator), given(discriminator)


def adam(rate=0.01):
    return keras.optimizers.Adam(learning_rate=rate, beta_1=0.5)


def shown(values):
    return " ".join("%.4f" % v for v in np.atleast_1d(values))


def size(model):
    return shown([float(np.abs(w).sum()) for w in model.get_weights()])


def classic(title, freezes, normalized=False, steps=6):
    """freezes: whether the program makes the discriminator trainable before it trains it."""
    print("==", title)
    generator, discriminator = nets(normalized)
    discriminator.compile(optimizer=adam(), loss="binary_crossentropy", metrics=["accuracy"])
    discriminator.trainable = False
    gan = keras.Sequential([generator, discriminator])
    gan.compile(optimizer=adam(0.02), loss="binary_crossentropy")
    ones, zeros = np.ones((8, 1)), np.zeros((8, 1))
    for step in range(steps):
        real = rng.normal(1.0, 0.3, (8, 2))
        fake = generator.predict(rng.normal(size=(8, 3)), verbose=0)
        if freezes:
            discriminator.trainable = True
        d_real = discriminator.train_on_batch(real, ones)
        d_fake = discriminator.train_on_batch(fake, zeros)
        if freezes:
            discriminator.trainable = False
        g = gan.train_on_batch(rng.normal(size=(8, 3)), ones)
        print(step, shown(d_real), shown(d_fake), shown(g))
    print(size(generator))
    print(size(discriminator))
    print(shown(generator.predict(np.ones((1, 3)), verbose=0)[0]))


# Frozen after compile and never freed: Keras reads trainable when it trains, so that the
# discriminator stays as it was.
classic("frozen once", freezes=False)
classic("frozen for the generator's turn", freezes=True)
classic("with batch normalization", freezes=True, normalized=True)

print("== three critics a step, by functional models")
generator, critic = nets()
critic.compile(optimizer=keras.optimizers.RMSprop(0.005), loss="mse")
noise = keras.Input(shape=(3,))
critic.trainable = False
both = keras.Model(noise, critic(generator(noise)))
both.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse")
for step in range(3):
    critic.trainable = True
    for turn in range(3):
        x = np.concatenate([rng.normal(1, 0.3, (4, 2)),
                            generator.predict(rng.normal(size=(4, 3)), verbose=0)])
        loss = critic.train_on_batch(x, np.array([[1.0]] * 4 + [[-1.0]] * 4))
    critic.trainable = False
    print(step, shown(loss), shown(both.train_on_batch(rng.normal(size=(5, 3)), np.ones((5, 1)))))
print(size(generator), size(critic))

print("== a layer is frozen and freed: the optimizer remembers")
model = given(keras.Sequential([
    keras.Input(shape=(3,)), layers.Dense(4, activation="tanh", name="first"),
    layers.Dense(1, name="last"),
]))
model.compile(optimizer=adam(0.05), loss="mse")
x, y = rng.normal(size=(12, 3)), rng.normal(size=(12, 1))
for step in range(9):
    model.get_layer("first").trainable = step % 3 != 1
    print(step, shown(model.train_on_batch(x, y)), size(model))

print("== weights given between batches, and a fit between them")
student, teacher = nets()[1], nets()[1]
student.compile(optimizer=adam(0.03), loss="mse")
for step in range(4):
    x = rng.normal(size=(8, 2))
    print(step, shown(student.train_on_batch(x, teacher.predict(x, verbose=0))))
    if step == 1:
        student.set_weights([(a + b) / 2 for a, b in zip(student.get_weights(), teacher.get_weights())])
    if step == 2:
        h = student.fit(x, teacher.predict(x, verbose=0), epochs=2, batch_size=4, shuffle=False, verbose=0)
        print(shown(h.history["loss"]))
print(size(student))
