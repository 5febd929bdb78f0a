extension Template {
  private static let compile = "model.compile(\"adam\", loss=loss, metrics=metrics)\n"

  /// A Sequential of these layers, with an output for the data at its end.
  private static func row(
    _ title: String, _ input: Input, _ layers: [String], _ suits: String
  ) -> Template {
    let end = "layers.Dense(outputs, activation=activation)"
    let all = ["keras.Input(shape=shape)"] + layers + [end]
    let code = "model = keras.Sequential([\n" + all.map { "    \($0),\n" }.joined() + "])\n"
    return Template(title: title, suits: suits, input: input, code: code + compile)
  }

  /// Every template there is, the simplest first.
  static let catalog: [Template] = [
    row(
      "softmax regression", .row, [],
      "The simplest: one weighted sum for each output. What it cannot tell apart needs layers "
        + "between; a linear regression where numbers are predicted."),
    row(
      "perceptron, small", .row,
      ["layers.Dense(16, activation=\"relu\")", "layers.Dense(16, activation=\"relu\")"],
      "Small tables and points in the plane: two layers of 16 units bend the boundary."),
    row(
      "perceptron, large", .row,
      [
        "layers.Dense(64, activation=\"relu\")", "layers.Dropout(0.2)",
        "layers.Dense(32, activation=\"relu\")",
      ],
      "Tables with many columns; dropout keeps it from learning examples by heart."),
    row(
      "convolutional", .image,
      [
        "layers.Conv2D(8, 3, activation=\"relu\")", "layers.Conv2D(16, 3, activation=\"relu\")",
        "layers.MaxPooling2D(2)", "layers.Flatten()",
      ],
      "Small images: kernels look for the same strokes everywhere, pooling makes places matter less."
    ),
    row(
      "convolutional, padded", .image,
      [
        "layers.Conv2D(16, 3, padding=\"same\")", "layers.BatchNormalization()", "layers.ReLU()",
        "layers.MaxPooling2D(2)", "layers.Conv2D(32, 3, padding=\"same\", activation=\"relu\")",
        "layers.Flatten()", "layers.Dropout(0.3)",
      ],
      "Images with more to tell apart: padding keeps the size, normalizing speeds learning."),
    row(
      "LSTM", .sequence, ["layers.LSTM(16)"],
      "Sequences: it reads step by step and remembers what it needs in 16 cells."),
    row(
      "GRU", .sequence, ["layers.GRU(16)"],
      "Sequences, with fewer weights than an LSTM: 16 cells and two gates."),
    row(
      "words", .words,
      ["layers.Embedding(words, 16)", "layers.GlobalAveragePooling1D()"],
      "Texts as numbers of words: each word has a vector, the mean of them is judged."),
    Template(
      title: "residual perceptron",
      suits: "Deep networks: each block adds to what comes in, so the gradient finds a short way "
        + "back.", input: .row,
      code: """
        inputs = keras.Input(shape=shape)
        x = layers.Dense(32, activation="relu")(inputs)
        h = layers.Dense(32, activation="relu")(x)
        x = layers.Add()([x, h])
        h = layers.Dense(32, activation="relu")(x)
        x = layers.Add()([x, h])
        outputs = layers.Dense(outputs, activation=activation)(x)
        model = keras.Model(inputs, outputs)

        """ + compile),
    Template(
      title: "two branches",
      suits:
        "Wide and deep: one branch learns rules by layers, the other hands the inputs on with a "
        + "single layer; both are laid side by side.", input: .row,
      code: """
        inputs = keras.Input(shape=shape)
        wide = layers.Dense(8, activation="tanh")(inputs)
        deep = layers.Dense(32, activation="relu")(inputs)
        deep = layers.Dense(16, activation="relu")(deep)
        both = layers.Concatenate()([deep, wide])
        outputs = layers.Dense(outputs, activation=activation)(both)
        model = keras.Model(inputs, outputs)

        """ + compile),
    Template(
      title: "autoencoder",
      suits:
        "Data whose targets are their inputs: what passes through 8 numbers is what they have in "
        + "common.", input: .row, restores: true,
      code: """
        model = keras.Sequential([
            keras.Input(shape=shape),
            layers.Dense(32, activation="relu"),
            layers.Dense(8, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(size),
        ])
        model.compile("adam", loss="mean_squared_error")

        """),
  ]
}
