import KerasCode
import NeuralNets
import Tensors
import Testing

@Suite("Programs of tutorials")
struct TutorialTests {
  static let dummyData = """
    import numpy as np
    from tensorflow import keras
    from tensorflow.keras.models import Sequential
    from tensorflow.keras.layers import Dense
    # Generate dummy data
    X = np.random.rand(1000, 20)
    y = np.random.randint(2, size=(1000, 1))
    # Create model
    model = Sequential()
    model.add(Dense(64, activation='relu', input_dim=20))
    model.add(Dense(64, activation='relu'))
    model.add(Dense(1, activation='sigmoid'))
    # Compile model
    model.compile(optimizer='adam',
    loss='binary_crossentropy',
    metrics=['accuracy'])
    # Train model
    model.fit(X, y, epochs=10, batch_size=32)
    # Evaluate model
    loss, accuracy = model.evaluate(X, y)
    print('Accuracy:', accuracy)
    """

  static let withoutData = """
    import tensorflow as tf
    from tensorflow.keras import layers
    # Simple feedforward neural network example
    model = tf.keras.Sequential([
    layers.Dense(64, activation='relu', input_shape=(100,)),
    layers.Dense(64, activation='relu'),
    layers.Dense(10, activation='softmax')
    ])
    model.compile(optimizer='adam',
    loss='sparse_categorical_crossentropy',
    metrics=['accuracy'])
    """

  @Test("the program with dummy data trains and prints its accuracy")
  func dummy() {
    let host = TestHost()
    #expect(outcome(Self.dummyData, host: host) == "Accuracy: 0.75\n")
    #expect(host.fits.count == 1)
    #expect(host.fits.first?.options.epochs == 10)
    #expect(host.fits.first?.data.inputs[0].shape == [1000, 20])
    #expect(host.fits.first?.data.targets[0].shape == [1000, 1])
  }

  @Test("a file without data says its model and how it is compiled")
  func dataless() throws {
    let file = try ModelFile.read(Self.withoutData, file: "m.py")
    #expect(file.description.inputShape == [100])
    #expect(file.description.layers.map(\.kind) == ["Dense", "Dense", "Dense"])
    #expect(file.description.layers[2].arguments["activation"] == .text("softmax"))
    #expect(file.description.compilation?.optimizer.kind == "Adam")
    #expect(file.description.compilation?.loss.kind == "SparseCategoricalCrossentropy")
    #expect(file.description.compilation?.metrics == ["accuracy"])
    #expect(file.fit == nil)
  }

  @Test("reading a file takes what fit was told, and trains nothing")
  func reading() throws {
    let file = try ModelFile.read(Self.dummyData, file: "m.py")
    #expect(file.fit?.options.epochs == 10)
    #expect(file.fit?.options.batchSize == 32)
    #expect(file.fit?.data.inputs[0].count == 20_000)
    #expect(file.description.name == "sequential")
  }

  @Test("a printed description reads as the same description")
  func printed() throws {
    for program in [Self.dummyData, Self.withoutData] {
      let description = try ModelFile.read(program, file: "m.py").description
      let code = try Printer.program(description)
      #expect(try ModelFile.read(code, file: "m.py").description == description, "\(code)")
    }
  }

  @Test("the functional form of a chain is its layers in order")
  func functional() throws {
    let code = """
      from keras.layers import Input, Dense, Flatten
      from keras.models import Model
      inputs = Input(shape=(4, 3))
      x = Flatten()(inputs)
      x = Dense(8, activation="relu")(x)
      outputs = Dense(1, name="head")(x)
      model = Model(inputs=inputs, outputs=outputs)
      """
    let file = try ModelFile.read(code, file: "m.py")
    #expect(file.description.inputShape == [4, 3])
    #expect(file.description.layerNames == ["flatten", "dense", "head"])
    #expect(file.description.name == "functional")
  }
}
