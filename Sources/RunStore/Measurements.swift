import Foundation
import Training

/// What a run measured since it was last written down, as values that can be handed to a writer.
package struct Measurements: Sendable {
  let rows: [History.Rows]
  let epochs: [(number: Int, end: Int, epoch: History.Epoch)]
  let points: [MetricPoint]

  /// The numbers of the steps from `step` on, and of the epochs that ended there.
  package init(_ history: History, from step: Int, stepsPerEpoch: Int) {
    rows = history.rows(from: step)
    let all = history.epochs
    var first = all.count
    while first > 0, history.end(at: first - 1, stepsPerEpoch: stepsPerEpoch) > step { first -= 1 }
    epochs = (first..<all.count).map {
      ($0, history.end(at: $0, stepsPerEpoch: stepsPerEpoch), all[$0])
    }
    points = epochs.flatMap { MetricPoint.points(of: $0.epoch, at: $0.end - 1) }
  }
}

extension MetricPoint {
  /// The numbers of an epoch, as of its last step.
  static func points(of epoch: History.Epoch, at step: Int) -> [MetricPoint] {
    [
      ("epoch_loss", epoch.loss), ("epoch_accuracy", epoch.accuracy),
      ("val_loss", epoch.validationLoss), ("val_accuracy", epoch.validationAccuracy),
    ].compactMap { series, value in
      value.map { MetricPoint(series: series, step: step, value: Double($0)) }
    }
  }
}

/// An epoch as text: its bits come back, not-a-number too.
struct EpochText: Codable {
  private let end: Int
  private let loss: UInt32
  private let accuracy: UInt32?
  private let validationLoss: UInt32?
  private let validationAccuracy: UInt32?
  private let names: [String]
  private let numbers: [UInt64]

  init(_ epoch: History.Epoch, end: Int) {
    self.end = end
    loss = epoch.loss.bitPattern
    accuracy = epoch.accuracy?.bitPattern
    validationLoss = epoch.validationLoss?.bitPattern
    validationAccuracy = epoch.validationAccuracy?.bitPattern
    names = epoch.numbers.map(\.name)
    numbers = epoch.numbers.map(\.value.bitPattern)
  }

  var epoch: History.Epoch {
    History.Epoch(
      keptLoss: Float(bitPattern: loss), accuracy: accuracy.map { Float(bitPattern: $0) },
      validationLoss: validationLoss.map { Float(bitPattern: $0) },
      validationAccuracy: validationAccuracy.map { Float(bitPattern: $0) }, end: end,
      numbers: zip(names, numbers).map { NamedNumber($0, Double(bitPattern: $1)) })
  }
}

/// Numbers as bytes, little-endian.
enum NumberBytes {
  static func data(_ numbers: some Collection<Float>) -> Data {
    // All at once: a network of fast steps has a hundred thousand of them a second.
    numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
  }

  static func numbers(_ data: Data) -> [Float] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
  }
}
