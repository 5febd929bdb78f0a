import Foundation
import NeuralNets
import Tensors
import Training

/// One training step of 20-64-64-1 on random data, batch 32, Adam, as a session does it: batch
/// gathered, forward, loss, backward, update, history written.
enum StepMeasurement {
  /// Floating-point operations of the matrix products of a step: forward 2, backward 4 a
  /// multiply-add, less the gradient for the input.
  private static let flops = Double(32 * (20 * 64 * 4 + 64 * 64 * 6 + 64 * 6))

  static func run(peak: Peak, withPeers: Bool) {
    print("\none training step of 20-64-64-1, batch 32, Adam; median of 7 runs")
    let peers = withPeers ? peers() : []
    let own = ownSteps()
    let microseconds = own.median * 1e6
    let share = flops / own.median / peak.flopsPerSecond
    print(
      padded("Backstep", 28) + padded(shown(microseconds, 2) + " µs", 14)
        + "\(shown(own.least * 1e6, 2)) … \(shown(own.most * 1e6, 2))   \(shown(share * 100)) % of the peak"
    )
    for peer in peers {
      print(
        padded(peer.name, 28) + padded(shown(peer.figures.median, 1) + " µs", 14)
          + "\(shown(peer.figures.least, 1)) … \(shown(peer.figures.most, 1))   "
          + "\(shown(peer.figures.median / microseconds)) times as long")
    }
  }

  private static func ownSteps() -> Figures {
    let random = CounterRandom(seed: 1, name: "bench")
    let rows = 992
    let inputs = Tensor(
      shape: [rows, 20], scalars: (0..<rows * 20).map { Float(random.uniform(at: $0)) })
    let targets = Tensor(
      shape: [rows, 1],
      scalars: (0..<rows).map { random.uniform(at: $0 + 1_000_000) < 0.5 ? 0 : 1 })
    let hidden: [(String, ArgumentValue)] = [
      ("units", .integer(64)), ("activation", .text("relu")),
    ]
    let model = ModelDescription(
      inputShape: [20],
      layers: [
        .known("Dense", hidden.map { (name: $0.0, value: $0.1) }),
        .known("Dense", hidden.map { (name: $0.0, value: $0.1) }),
        .known("Dense", [("units", .integer(1)), ("activation", .text("sigmoid"))]),
      ],
      compilation: Compilation(
        optimizer: .known("Adam"), loss: .known("BinaryCrossentropy")))
    let settings = RunSettings(
      model: model,
      data: TrainingData(
        name: "random", training: Examples(inputs: inputs, targets: targets)),
      epochs: 100_000)
    guard let session = try? Session(settings) else {
      preconditionFailure("the benchmark's own model does not fit")
    }
    let steps = 3100
    return Figures(
      values: Figures.seconds { for _ in 0..<steps { session.trainStep() } }.values.map {
        $0 / Double(steps)
      })
  }

  private struct Peer {
    let name: String
    let figures: Figures
  }

  /// The peers that the Python at hand has, each measured in this run.
  private static func peers() -> [Peer] {
    guard let script = Bundle.module.url(forResource: "Peers/step", withExtension: "py") else {
      return []
    }
    let process = Process()
    let python = ProcessInfo.processInfo.environment["BACKSTEP_PYTHON"] ?? "python3"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else {
      print("no Python found: peers left out")
      return []
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return read(String(decoding: output, as: UTF8.self))
  }

  private struct Line: Decodable {
    let peer: String
    let version: String?
    let microseconds: Double?
    let missing: String?
  }

  private static func read(_ output: String) -> [Peer] {
    var order: [String] = []
    var values: [String: [Double]] = [:]
    for line in output.split(separator: "\n") {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else { continue }
      if let missing = line.missing { print("\(line.peer) left out: \(missing)") }
      guard let microseconds = line.microseconds else { continue }
      let name = line.peer + (line.version.map { " " + $0 } ?? "")
      if values[name] == nil { order.append(name) }
      values[name, default: []].append(microseconds)
    }
    return order.map { Peer(name: $0, figures: Figures(values: values[$0] ?? [])) }
  }
}
