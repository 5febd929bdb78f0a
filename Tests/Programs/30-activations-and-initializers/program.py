# expects: same
import numpy as np
import matplotlib.pyplot as plt
from keras import activations, initializers

x = np.linspace(-3, 3, 7, dtype="float32")
print("x".ljust(13), x)
names = ["linear", "relu", "sigmoid", "tanh", "softplus", "softsign", "elu", "selu", "gelu", "silu",
         "swish", "exponential", "hard_sigmoid", "leaky_relu", "relu6", "mish", "softmax", "log_softmax"]
for name in names:
    f = activations.get(name)
    values = np.array(f(x[None, :]) if "softmax" in name else f(x)).ravel()
    print(name.ljust(13), values.tolist())
    plt.plot(x, values, label=name)
plt.legend()

relu = activations.relu
print(np.array(relu(x, negative_slope=0.5)), np.array(relu(x, max_value=2.0)), np.array(relu(x, threshold=1.0)))

# Initializers: the determined ones by value, the random ones by their statistics
for init in (initializers.Zeros(), initializers.Ones(), initializers.Constant(3.0), initializers.Identity(gain=2.0)):
    print(type(init).__name__, np.array(init(shape=(2, 2))).tolist())

def statistics(init, shape=(300, 200)):
    values = np.array(init(shape=shape))
    return values.mean(), values.std(), np.abs(values).max()

limit = np.sqrt(6 / (300 + 200))
mean, std, largest = statistics(initializers.GlorotUniform(seed=1))
print(abs(mean) < 0.002, abs(std - limit / np.sqrt(3)) < 0.002, largest <= limit)
mean, std, largest = statistics(initializers.HeNormal(seed=2))
print(abs(mean) < 0.002, abs(std - np.sqrt(2 / 300)) < 0.003, largest < 3 * np.sqrt(2 / 300))
mean, std, largest = statistics(initializers.RandomNormal(mean=1.0, stddev=0.1, seed=3))
print(abs(mean - 1) < 0.01, abs(std - 0.1) < 0.01)
Q = np.array(initializers.Orthogonal(seed=4)(shape=(6, 6)))
print(np.allclose(Q @ Q.T, np.eye(6), atol=1e-5))
