"""The table of Sources/Tensors/ZigguratTable.swift: the right edges of the 256 layers of NumPy's
ziggurat for normal numbers.

They follow from a recursion, but NumPy's were computed in double precision and carry its rounding
errors, which its draws show: a draw is place·edge/2⁵², with place and layer known from the
generator's bits, so of the doubles near the recursion's value one alone explains a layer's draws.
"""
import math

import numpy as np

r, area = 3.6541528853610088, 0.004928673233974652
density = math.exp(-0.5 * r * r)
edges = [0.0] * 256
edges[0], edges[255] = area / density, r
for i in range(254, 0, -1):
    edges[i] = math.sqrt(-2 * math.log(area / edges[i + 1] + density))
    density = math.exp(-0.5 * edges[i] ** 2)

generator = np.random.Generator(np.random.PCG64(5))
bits = np.random.PCG64(5)
draws = [[] for _ in range(256)]
for _ in range(400_000):
    bits.state = generator.bit_generator.state
    size = abs(generator.standard_normal())
    word = int(bits.random_raw())
    state = generator.bit_generator.state["state"]
    if bits.state["state"] != state:
        bits.random_raw()  # one more number decides whether the point lies under the density
        if bits.state["state"] != state or word & 255 == 0:
            continue
    draws[word & 255].append(((word >> 9) & (2**52 - 1), size))

for i in range(256):
    near = [edges[i] + k * math.ulp(edges[i]) for k in range(-400, 401)]
    fitting = [x for x in near if all(p * (x * 2.0**-52) == size for p, size in draws[i])]
    assert len(fitting) == 1, (i, len(fitting))
    edges[i] = fitting[0]

print("/// Right edges of the 256 layers of equal area under exp(-x²/2): first the lowest, which has the")
print("/// tail, then from the top down (Marsaglia & Tsang, 2000). To the last bit NumPy's, by")
print("/// `Tests/Reference/ziggurat.py`.")
print("let zigguratEdges: [Double] = [")
for i in range(0, 256, 4):
    print("  " + ", ".join(x.hex() for x in edges[i:i + 4]) + ",")
print("]")
