import KerasCode
import Testing

@Suite("Running programs")
struct EvaluatorTests {
  static let programs: [(program: String, output: String)] = [
    (
      "print(1_000, 0x1f, 1e-3, 1e16, 1e-5, 0.1 + 0.2, -7 // 2, -7 % 3, 7 / 2, 2 ** 10)",
      "1000 31 0.001 1e+16 1e-05 0.30000000000000004 -4 2 3.5 1024"
    ),
    ("a, (b, *c) = 1, (2, 3, 4)\nprint(a, b, c)", "1 2 [3, 4]"),
    (
      "x = 3.14159\nprint(f'{x:.2f} {x:>8.3f}| {x!r} {x = } {1234567:,} {0.5:.1%} {{}}')",
      "3.14 \u{20}  3.142| 3.14159 x = 3.14159 1,234,567 50.0% {}"
    ),
    (
      "for i in range(3):\n  if i == 1: continue\n  print(i, end=' ')\nelse:\n  print('end')",
      "0 2 end"
    ),
    (
      "def f(n, *, k=2):\n  return 1 if n == 0 else k * f(n - 1, k=k)\nprint(f(10), f(3, k=5))",
      "1024 125"
    ),
    (
      "print([i * j for i in range(4) if i % 2 for j in (1, 10)], {k: v for k, v in zip('ab', [1, 2])})",
      "[1, 10, 3, 30] {'a': 1, 'b': 2}"
    ),
    (
      "fs = [(lambda x, i=i: x + i) for i in range(3)]\nprint([f(10) for f in fs])",
      "[10, 11, 12]"
    ),
    ("print('%d of %.2f %s' % (3, 1.5, 'x'), '{} {:.1f}'.format(1, 2))", "3 of 1.50 x 1 2.0"),
    (
      "print(None, True, 'a\\'b', [1.0, 'x'], (1,), {}, 1 < 2 < 3, not 1, 1 in [1])",
      "None True a'b [1.0, 'x'] (1,) {} True False True"
    ),
    (
      "import numpy as np\nx = np.arange(6).reshape(2, 3)\nprint(x)\nprint(x[:, 0], x.T.shape, x.sum(axis=0))",
      "[[0 1 2]\n [3 4 5]]\n[0 3] (3, 2) [3 5 7]"
    ),
    (
      "import numpy as np\nprint(np.linspace(0, 1, 5), np.array([1, 2.5]), np.array([True, False]))",
      "[0.   0.25 0.5  0.75 1.  ] [1.  2.5] [ True False]"
    ),
    (
      "import numpy as np\nx = np.array([1.0, 2.0, 3.0])\nprint(x / 2, x[x > 1], x.mean(), x.std())",
      "[0.5 1.  1.5] [2. 3.] 2.0 0.816496580927726"
    ),
    (
      "import numpy as np\nnp.random.seed(42)\nprint(np.random.rand(3), np.random.randint(2, size=5))",
      "[0.37454012 0.95071431 0.73199394] [0 0 0 1 0]"
    ),
    (
      "import numpy as np\nrng = np.random.default_rng(0)\nprint(rng.random(2))",
      "[0.63696169 0.26978671]"
    ),
    (
      "x = [1, 2]\ny = x\ny += [3]\nx.append(4)\nprint(x, x[-1], x[1:], x[::-1])",
      "[1, 2, 3, 4] 4 [2, 3, 4] [4, 3, 2, 1]"
    ),
    ("s = 0\nwhile True:\n  s += 1\n  if s > 4: break\nprint(s)", "5"),
  ]

  @Test("a program prints what Python prints", arguments: programs)
  func prints(program: String, output: String) {
    #expect(outcome(program) == output + "\n")
  }

  static let wrong: [(program: String, message: String)] = [
    (
      "from keras.layers import Dense\nmodel = Desne(4)",
      """
      p.py:2:9: the name "Desne" is not known here
          model = Desne(4)
                  ^~~~~
        did you mean "Dense"?
      """
    ),
    (
      "from keras import layers\nx = layers.Dense(4, activatoin='relu')",
      """
      p.py:2:21: Dense() has no argument "activatoin"
          x = layers.Dense(4, activatoin='relu')
                              ^~~~~~~~~~
        did you mean "activation"?
      """
    ),
    (
      "import keras\nm = keras.Sequential([keras.layers.Dense(0)])",
      """
      p.py:2:42: Dense() got 0 for "units"
          m = keras.Sequential([keras.layers.Dense(0)])
                                                   ^
        it takes a whole number from 1 to 65536
      """
    ),
    (
      "print(1",
      """
      p.py:1:6: "(" is never closed
          print(1
               ^
      """
    ),
    (
      "import numpy as np\nx = np.zeros((2, 3)) + np.ones(2)",
      """
      p.py:2:5: arrays of shapes (2, 3) and (2,) do not fit each other
          x = np.zeros((2, 3)) + np.ones(2)
              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        extents must be equal, or 1
      """
    ),
    (
      "async def f():\n  pass",
      """
      p.py:1:1: "async" is not supported
          async def f():
          ^~~~~
        the lab runs one thing after the other
      """
    ),
    (
      "import torch",
      """
      p.py:1:8: the module "torch" is not known
          import torch
                 ^~~~~
        the lab understands Keras: from keras import layers
      """
    ),
  ]

  @Test("a mistake is named with its place and what would be right", arguments: wrong)
  func faults(program: String, message: String) { #expect(outcome(program) == message) }

  @Test(
    "endless programs and deep nesting end with a message",
    arguments: [
      "while True: pass",
      "def f(): return f()\nf()",
      "x = []\nfor i in range(300000): x = [x]\n",
      String(repeating: "(", count: 5000),
      "x = " + String(repeating: "-", count: 5000) + "1",
      "x = " + Array(repeating: "1", count: 5000).joined(separator: "+"),
      "x = 'a'\nwhile True: x = x + x",
      "import numpy as np\nx = []\nwhile True: x.append(np.zeros(10000000))",
      "x = 1" + String(repeating: " if 1 else 1", count: 5000),
      "x" + String(repeating: "[0]", count: 5000),
      "x = 2 " + String(repeating: "** 2 ", count: 5000),
    ])
  func bounded(program: String) {
    let host = TestHost()
    let budget = Evaluator.Budget(steps: 2_000_000, numbers: 30_000_000, containers: 100_000)
    do {
      try Evaluator.run(program, file: "p.py", host: host, budget: budget)
      #expect(program.hasPrefix("x = []\nfor"))
    } catch { #expect(error is Diagnostic, "\(error)") }
  }
}
