import KerasCode
import NeuralNets
import Tensors
import Testing

@Suite("What programs may do")
struct BehaviorTests {
  static let programs: [(program: String, output: String)] = [
    (
      "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(1, 2)\nax[0].plot([1])\nprint(1)",
      "1"
    ),
    (
      """
      import keras
      m = keras.models.Sequential(name="net")
      m.add(keras.Input(shape=(2,)))
      m.add(keras.layers.Dense(3, activation=keras.activations.relu))
      m.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse", metrics=["mae"])
      h = m.fit([[0, 1], [1, 0]], [[0, 0, 1], [1, 0, 0]], epochs=2, verbose=0)
      print(h.history["loss"], m.count_params(), m.output_shape, m.predict([[0, 1]]).shape)
      """, "[1.0, 0.5] 42 (None, 3) (1, 1)"
    ),
    (
      "d = {'a': 1}\nprint(d.keys(), d.values(), d.items(), list(d.keys()))",
      "dict_keys(['a']) dict_values([1]) dict_items([('a', 1)]) ['a']"
    ),
    (
      """
      from keras import layers
      print(layers.MaxPool2D(name="a").name, layers.Convolution2D(1, 2, name="b").name)
      print(layers.SeparableConvolution1D(1, (2,)).name, layers.Convolution2DTranspose(1, 2).name)
      """, "a b\nseparable_conv1d conv2d_transpose"
    ),
    (
      """
      from keras import layers
      print(layers.MaxPool1D(2).name, layers.AvgPool1D((2,)).name, layers.AvgPool2D(2).name)
      print(layers.GlobalMaxPool1D().name, layers.GlobalMaxPool2D().name)
      print(layers.GlobalAvgPool1D().name, layers.GlobalAvgPool2D().name)
      print(layers.ZeroPadding2D(((1, 0), (2, 3))).name, layers.RandomContrast([0.1, 0.2]).name)
      """,
      """
      max_pooling1d average_pooling1d average_pooling2d
      global_max_pooling1d global_max_pooling2d
      global_average_pooling1d global_average_pooling2d
      zero_padding2d random_contrast
      """
    ),
    (
      "from keras.utils import to_categorical\nprint(to_categorical([0, 2]))",
      "[[1. 0. 0.]\n [0. 0. 1.]]"
    ),
    (
      "import pandas as pd\nd = pd.read_csv('d.csv')\nx = d.drop('y', axis=1).values\n"
        + "print(x.shape, d['y'].values, d.iloc[:, :-1].sum().tolist())", "(2, 2) [0 1] [4, 6]"
    ),
  ]

  @Test("known libraries do what programs expect", arguments: programs)
  func runs(program: String, output: String) {
    let host = TestHost()
    host.files["d.csv"] = Array("a,b,y\n1,2,0\n3,4,1\n".utf8)
    #expect(outcome(program, host: host) == output + "\n")
  }

  static let refusals: [(program: String, start: String)] = [
    (
      "import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.fit([[1]], [1])",
      "p.py:3:3: fit() of a model that is not compiled"
    ),
    (
      "import keras\nm = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])\n"
        + "m.compile(optimizer='adma', loss='mse')",
      "p.py:3:11: there is no optimizer 'adma'"
    ),
    (
      "import keras\nm = keras.Sequential([keras.Input(shape=(3,)), keras.layers.Dense(1)])\n"
        + "m.compile(loss='mse', optimizer='adam')\nm.fit([[1, 2]], [1])",
      "p.py:4:7: examples of shape (2,) for a model whose input has (3,)"
    ),
    (
      "import numpy as np\nx = np.array([1]) & 9223372036854775807",
      "p.py:2:5: whole numbers beyond 2^53 in an array are not supported"
    ),
    (
      "import numpy as np\nx = np.zeros(4)\nx[-np.array([1e30]).astype(int)]",
      "p.py:3:1: index 9223372036854775807 lies outside axis 0, which has 4"
    ),
    (
      "import numpy as np\nrange(-np.array(1e30).astype(int))",
      "p.py:2:7: range() got 9.223372036854776e+18 for \"start\""
    ),
    (
      "import keras\nkeras.layers.Conv2D(3, 2, data_format='channels_first')",
      "p.py:2:27: Conv2D() got \"channels_first\" for \"data_format\""
    ),
    ("open('x')", "p.py:1:1: the name \"open\" is not known here"),
    ("print(Dense)", "p.py:1:7: the name \"Dense\" is not known here"),
    ("x = 1\nx.foo", "p.py:2:3: 1 has no attribute \"foo\""),
    ("with open('x') as f:\n  pass", "p.py:1:6: the name \"open\" is not known here"),
    ("print('\u{1B}[2J' + 1)", "p.py:1:7: \"+\" has no meaning between '\\x1b[2J' and 1"),
  ]

  @Test("what is not supported is an error that names it", arguments: refusals)
  func refuses(program: String, start: String) {
    #expect(outcome(program).hasPrefix(start), "\(outcome(program))")
  }
}
