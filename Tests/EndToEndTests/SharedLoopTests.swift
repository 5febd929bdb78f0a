import Foundation
import TestSupport
import Testing

@Suite("A moment of a program's loop as one line", .waitsForPrograms)
struct SharedLoopTests {
  /// A generator and a discriminator in turn; numbers from a file beside it.
  private static let program = """
    import numpy as np
    import keras
    from keras import layers

    keras.utils.set_random_seed(4)
    rng = np.random.default_rng(2)
    scale = np.load("scale.npy")
    generator = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(4, activation="tanh"),
                                  layers.Dense(1)])
    discriminator = keras.Sequential([keras.Input(shape=(1,)), layers.Dense(4, activation="tanh"),
                                      layers.Dense(1)])
    discriminator.compile(optimizer="adam", loss="mse")
    discriminator.trainable = False
    gan = keras.Sequential([generator, discriminator])
    gan.compile(optimizer="adam", loss="mse")
    for i in range(5):
        fake = generator.predict(rng.normal(size=(6, 2)), verbose=0)
        discriminator.trainable = True
        discriminator.train_on_batch(scale * rng.normal(3, 1, size=(6, 1)), np.ones((6, 1)))
        discriminator.train_on_batch(fake, np.zeros((6, 1)))
        discriminator.trainable = False
        gan.train_on_batch(rng.normal(size=(8, 2)), np.ones((8, 1)))
    """

  /// `np.save` of the number 2.0 alone.
  private static let file: Data = {
    let head = "{'descr': '<f8', 'fortran_order': False, 'shape': (), }"
    let text = head + String(repeating: " ", count: 117 - head.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0])
    data.append(contentsOf: text.utf8)
    withUnsafeBytes(of: 2.0.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    return data
  }()

  private func share(
    _ commands: [String], in backstep: Backstep
  ) throws -> (line: String, digest: String) {
    let asked = (commands + ["share"]).flatMap { ["-e", $0] }
    let result = try backstep.run(["debug", "loop.py", "--json"] + asked)
    let last = try #require(try result.objects().last, "\(result.errors)")
    return (
      try #require(last["moment"] as? String, "\(last)"), try #require(last["digest"] as? String)
    )
  }

  @Test(
    "opens the same pass and instruction with the same numbers where neither program nor file is",
    arguments: [
      ["goto step 3", "goto pass 1", "step 7 instruction"], ["goto step 2"], ["goto step 1 end"],
      ["goto step 1", "set sequential_1/dense_2/kernel[0,0] = 0.5", "skip update", "goto step 4"],
    ])
  func opens(commands: [String]) throws {
    let backstep = try Backstep(files: ["loop.py": Self.program])
    defer { backstep.remove() }
    try Self.file.write(to: backstep.folder.appending(path: "scale.npy"))
    let (line, digest) = try share(commands, in: backstep)
    let other = try Backstep()
    defer { other.remove() }
    let opened = try other.run(["at", line, "--json", "-e", "info digest", "-e", "where"])
    #expect(opened.status == 0, "\(opened.errors)")
    let objects = try opened.objects()
    #expect(objects.first?["digest"] as? String == digest)
    let here = try backstep.run(
      ["debug", "loop.py", "--json"] + (commands + ["where"]).flatMap { ["-e", $0] })
    let wanted = try #require(try here.objects().last)
    for name in ["step", "pass", "instruction", "shown_step", "shown_pass", "done"] {
      #expect(objects.last?[name] as? Int == wanted[name] as? Int, "\(name)")
    }
    #expect(objects.last?["network"] as? String == wanted["network"] as? String)
  }

  @Test("a line that was shortened by a character says so, and opens nothing")
  func damaged() throws {
    let backstep = try Backstep(files: ["loop.py": Self.program])
    defer { backstep.remove() }
    try Self.file.write(to: backstep.folder.appending(path: "scale.npy"))
    let line = try share(["goto step 1"], in: backstep).line
    let result = try backstep.run(["at", String(line.dropLast(3)), "-e", "where"])
    #expect(result.status != 0 && result.errors.contains("no moment"))
  }
}
