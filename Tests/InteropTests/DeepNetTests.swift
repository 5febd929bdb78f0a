import Foundation
import Scripts
import Testing

/// Functional models of ten or more layers of all kinds, drawn at random by
/// `Tests/Reference/deep_nets.py`, with what Keras printed of twenty steps.
@Suite("Deep random networks")
struct DeepNetTests {
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"

  /// All of them, or every third.
  private static let nets: [DeepNet] = {
    let all = (try? DeepNet.all()) ?? []
    return isLong ? all : Swift.stride(from: 0, to: all.count, by: 3).map { all[$0] }
  }()

  @Test("there are many, and most kinds of layers are among them")
  func breadth() throws {
    let all = try DeepNet.all()
    #expect(all.count == 100)
    let missing = [
      "Conv1D", "Conv2D", "Conv2DTranspose", "Conv1DTranspose", "DepthwiseConv2D",
      "DepthwiseConv1D", "SeparableConv2D", "SeparableConv1D", "MaxPooling2D", "AveragePooling2D",
      "MaxPooling1D", "AveragePooling1D", "LSTM", "GRU", "SimpleRNN", "Bidirectional",
      "TimeDistributed", "MultiHeadAttention", "Attention", "AdditiveAttention", "Embedding",
      "Masking", "GroupNormalization", "RMSNormalization", "BatchNormalization", "Dot", "Add",
      "Concatenate", "Multiply", "UpSampling2D", "ZeroPadding2D", "Cropping2D",
      "mask_zero=True", "groups=", "dilation_rate=", "padding='causal'", "use_causal_mask=True",
      "initial_state=", "go_backwards=True",
    ].filter { word in !all.contains { $0.program.contains(word) } }
    #expect(missing.isEmpty)
  }

  @Test("twenty steps give Keras's losses, outputs and weights to 2e-5", arguments: nets)
  func agree(net: DeepNet) throws {
    let printed = try net.printedHere()
    #expect(printed.count == net.lines.count)
    for (i, (ours, theirs)) in zip(printed, net.lines).enumerated() {
      #expect(ours.name == theirs.name && ours.numbers.count == theirs.numbers.count)
      let size = theirs.numbers.reduce(0) { max($0, abs($1)) }
      let off = zip(ours.numbers, theirs.numbers).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(off <= 2e-5 * size, "line \(i + 1), \(theirs.name): off by \(off) of \(size)")
    }
  }
}

/// A program and what Keras printed, line by line.
struct DeepNet: Decodable, Sendable, CustomTestStringConvertible {
  struct Line: Decodable, Sendable {
    let name: String
    let numbers: [Double]

    init(name: String, numbers: [Double]) {
      self.name = name
      self.numbers = numbers
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      var numbers: [Double] = []
      while !list.isAtEnd { numbers.append(try list.decode(Double.self)) }
      self.numbers = numbers
    }
  }

  let seed, number: Int
  let program: String
  let printed: [Line]

  var lines: [Line] { printed }
  var testDescription: String { "network \(number) of seed \(seed)" }

  static func all() throws -> [DeepNet] {
    let file = KerasProgram.tests.appending(path: "Reference/deep_nets.json")
    return try JSONDecoder().decode([DeepNet].self, from: Data(contentsOf: file))
  }

  /// What it prints in the lab.
  func printedHere() throws -> [Line] {
    var output = ""
    let console = ScriptConsole(now: { 0 }, write: { output += $0 })
    try ScriptHost.run(
      program, file: "network_\(number).py",
      folder: ProgramFolder(FileManager.default.temporaryDirectory), seed: 1, console)
    return output.split(separator: "\n").map { line in
      let words = line.split { " [],".contains($0) }
      return Line(name: String(words[0]), numbers: words.dropFirst().compactMap { Double($0) })
    }
  }
}
