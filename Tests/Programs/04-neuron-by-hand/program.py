# expects: same
import math

# One artificial neuron, nothing but Python.

def relu(x):
    return max(0, x)

def sigmoid(x):
    return 1 / (1 + math.exp(-x))

def step(x):
    return 1 if x >= 0 else 0

def neuron(inputs, weights, bias, activation):
    total = bias
    for x, w in zip(inputs, weights):
        total += x * w
    return activation(total)

inputs = [1.0, 2.0, 3.0]
weights = [0.2, 0.8, -0.5]
bias = 0.5

for f in (relu, sigmoid, math.tanh):
    print(f"{f.__name__:>8}: {neuron(inputs, weights, bias, f):.6f}")

# AND, OR and NAND with weights chosen by hand
gates = {
    "AND": ([1, 1], -1.5),
    "OR": ([1, 1], -0.5),
    "NAND": ([-1, -1], 1.5),
}
for name, (w, b) in gates.items():
    table = [neuron([a, c], w, b, step) for a in (0, 1) for c in (0, 1)]
    print(name.ljust(5), table)

def xor(a, b):
    hidden = [neuron([a, b], *gates["OR"], step), neuron([a, b], *gates["NAND"], step)]
    return neuron(hidden, *gates["AND"], step)

print("XOR  ", [xor(a, b) for a in (0, 1) for b in (0, 1)])

# The derivative of the sigmoid, numerically and by the formula
h = 1e-5
for x in [-2, -1, 0, 1, 2]:
    numeric = (sigmoid(x + h) - sigmoid(x - h)) / (2 * h)
    exact = sigmoid(x) * (1 - sigmoid(x))
    print("{:+d}  {:.6f}  {:.6f}".format(x, numeric, exact))
    assert abs(numeric - exact) < 1e-8, "the formula is wrong"
