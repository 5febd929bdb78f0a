import FileFormats
import Foundation
import Interchange
import KerasCode
import Scripts
import Tensors
import Testing

@Suite("Files of programs")
struct FileTests {
  /// A folder of its own, which goes away.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "scripts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static let model = """
    import keras, numpy as np
    from keras import layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="head")])

    """

  @Test("Weights come back from a file as they were", arguments: ["safetensors", "npz"])
  func weights(type: String) throws {
    try inFolder { folder in
      let save = "model.save_weights(\"w.\(type)\")\nprint(model.get_weights()[0])"
      let written = try printed(Self.model + save, seed: 1, folder: folder)
      let load = "model.load_weights(\"w.\(type)\")\nprint(model.get_weights()[0])"
      #expect(try printed(Self.model + load, seed: 2, folder: folder) == written)
      let bytes = try FileBytes.read(folder.appending(path: "w.\(type)"))
      let names = try WeightFile.read(bytes, file: "w.\(type)").keys.sorted()
      #expect(names == ["head/bias", "head/kernel"])
    }
  }

  @Test("Arrays come back from np.save and np.savez as they were, the names completed")
  func arrays() throws {
    try inFolder { folder in
      let output = try printed(
        """
        import numpy as np
        numbers = np.arange(6).reshape(2, 3)
        np.save("numbers", numbers)
        np.savez("all.npz", numbers, halves=numbers / 2, flags=numbers > 2)
        np.savez_compressed("packed", x=numbers)
        back = np.load("numbers.npy")
        print(back, back.dtype)
        table = np.load("all.npz")
        print(sorted(table), table["arr_0"].sum(), table["halves"].max(), table["flags"].sum())
        print(np.load("packed.npz")["x"].shape)
        """, folder: folder)
      #expect(
        output == """
          [[0 1 2]
           [3 4 5]] int64
          ['arr_0', 'flags', 'halves'] 15 2.5 3
          (2, 3)

          """)
      #expect(throws: Diagnostic.self) {
        try printed("import numpy as np\nnp.save(\"../x\", [1])", folder: folder)
      }
      let text = #expect(throws: Diagnostic.self) {
        try printed("import numpy as np\nnp.save(\"x\", np.array([\"a\"]))", folder: folder)
      }
      #expect(text?.message == "'a' and its like are not numbers")
    }
  }

  @Test("A layer that does not fit what a mask says is refused where it was made")
  func refusedLayer() throws {
    let failure = #expect(throws: Diagnostic.self) {
      try printed(
        """
        import keras, numpy as np
        from keras import layers
        model = keras.Sequential([
            keras.Input((5,)), layers.Embedding(9, 4, mask_zero=True),
            layers.Softmax(),
            layers.Dense(2)])
        print(model.output_shape)
        model.predict(np.ones((1, 5)))
        """)
    }
    #expect(failure?.line == 5)
    #expect(failure?.message.contains("masks numbers, not steps") == true)
  }

  @Test(
    "What Keras saves otherwise is refused with what is understood",
    arguments: [
      "model.save(\"m.keras\")", "model.save_weights(\"m.weights.h5\")",
      "model.load_weights(\"m.weights.h5\")", "keras.models.load_model(\"m.keras\")",
    ])
  func refused(call: String) throws {
    try inFolder { folder in
      try Data().write(to: folder.appending(path: "m.weights.h5"))
      let failure = #expect(throws: Diagnostic.self) {
        try printed(Self.model + call, folder: folder)
      }
      #expect(failure?.line == 4)
      #expect(failure?.description.contains("safetensors") == true)
    }
  }

  @Test(
    "No name leads out of the program's folder",
    arguments: [
      "/etc/passwd", "../secret.npy", "inner/../../secret.npy", "link/secret.npy", "",
    ])
  func sandbox(name: String) throws {
    try inFolder { outer in
      let folder = outer.appending(path: "program")
      let files = FileManager.default
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      let secret = NumPyFile.bytes(of: NumPyArray(Tensor(shape: [1], repeating: 1)))
      try Data(secret).write(to: outer.appending(path: "secret.npy"))
      try files.createSymbolicLink(
        at: folder.appending(path: "link"), withDestinationURL: outer)
      let reads = "import numpy as np\nprint(np.load(\"\(name)\"))"
      #expect(throws: Diagnostic.self) { try printed(reads, folder: folder) }
      let writes = Self.model + "model.save_weights(\"\(name)\".replace(\"npy\", \"npz\"))"
      #expect(throws: Diagnostic.self) { try printed(writes, folder: folder) }
      #expect(!files.fileExists(atPath: outer.appending(path: "secret.npz").path))
    }
  }

  @Test("Data of the lab that were not written yet are refused with the command that writes them")
  func missingData() throws {
    try inFolder { folder in
      for (file, remedy) in [
        ("u.npz", "check its name"), ("iris.npz", "backstep data export iris -o iris.npz"),
      ] {
        let failure = #expect(throws: Diagnostic.self) {
          try printed("import numpy as np\nnp.load(\"\(file)\")", folder: folder)
        }
        #expect(failure?.remedy?.contains(remedy) == true)
      }
    }
  }

  @Test("Weights of another model are refused by name")
  func otherWeights() throws {
    try inFolder { folder in
      let save = Self.model + "model.save_weights(\"w.safetensors\")"
      _ = try printed(save, folder: folder)
      let other = Self.model.replacingOccurrences(of: "Dense(2", with: "Dense(4")
      let failure = #expect(throws: Diagnostic.self) {
        try printed(other + "model.load_weights(\"w.safetensors\")", folder: folder)
      }
      #expect(failure?.message.contains("head/kernel") == true)
    }
  }
}
