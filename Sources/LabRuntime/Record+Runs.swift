import FileFormats
import Foundation
import Interchange
import RunStore
import TerminalGraphics
import Workbench

// What the Runs screen asks of the record; news brings the answers.

extension Record {
  func run(_ request: RunsRequest) {
    switch request {
    case .look: refreshIfChanged()
    case .read(let numbers, let withSettings): read(numbers, Set(withSettings))
    case .rename(let number, let name):
      change { try $0.rename(RunNumber(number), to: name) }
    case .remove(let number):
      change { try $0.remove(RunNumber(number), at: Date()) }
    case .restore(let number):
      change { try $0.restore(RunNumber(number)) }
    case .learned, .trainAgain, .export: break
    }
  }

  /// Changes the record and lists the runs anew; a failure is said each time, for it was asked for.
  private func change(_ body: @escaping @Sendable (RunStore) throws -> Void) {
    write { [self] store in
      do { try body(store) } catch { tell(.said("\(error)", .bad)) }
      try list(store)
    }
  }

  private func read(_ numbers: [Int], _ withSettings: Set<Int>) {
    write { [self] store in
      var readings: [RunReading] = []
      for number in numbers {
        guard let run = try store.run(number: RunNumber(number)) else { continue }
        let isCompared = withSettings.contains(number)
        readings.append(
          RunReading(
            number: number, revision: ListedRuns.revision(of: run),
            loss: RunCurve(try ListedRuns.losses(of: run.number, store)),
            validation: isCompared
              ? RunCurve(
                try store.thinnedMetrics(
                  of: run.number, series: "val_loss", most: ListedRuns.points))
              : RunCurve(),
            settings: isCompared ? try RunFacts(run, store).settings : nil))
      }
      tell(.readings(readings))
    }
  }

  // MARK: Writing a run to a file

  /// Writes the numbers, weights or code of a run.
  ///
  /// - Parameters:
  ///   - path: the file as it was typed.
  ///   - then: what is done once it is written.
  func export(
    _ number: RunNumber, to target: URL, as path: String, then: @escaping @Sendable () -> Void
  ) {
    guard store != nil else {
      return tell(.said("no run can be written: there is no record", .warning))
    }
    write { [self] store in
      do {
        try FileBytes.write(try Self.bytes(of: number, for: path, store), to: target)
        tell(.written("\(number) written to \(path)"))
        then()
      } catch { tell(.said("\(error)", .bad)) }
    }
  }

  private static func bytes(
    of number: RunNumber, for path: String, _ store: RunStore
  ) throws -> [UInt8] {
    if path.hasSuffix(".csv") { return Array(try table(of: number, store).utf8) }
    if path.hasSuffix(".py") {
      let run = try store.run(number: number)
      return Array((run?.record.modelCode ?? "").utf8)
    }
    guard let weights = try store.loadWeights(of: number) else {
      throw FileFailure(
        at: "\(number)", found: "no weights: it was never stopped or finished",
        right: "open it and press Space twice; its numbers can be written as .csv")
    }
    return try WeightFile.bytes(
      weights.entries.map { (name: $0.name, tensor: $0.tensor) }, file: path)
  }

  /// A line for each step that has a number, a column for each series; empty where none is.
  static func table(of number: RunNumber, _ store: RunStore) throws -> String {
    let names = try store.series(of: number)
    var rows: [Int: [String]] = [:]
    for (column, name) in names.enumerated() {
      for point in try store.metrics(of: number, series: name) {
        rows[point.step, default: names.map { _ in "" }][column] = "\(point.value)"
      }
    }
    let lines = rows.sorted { $0.key < $1.key }.map { step, values in
      "\(step)," + values.joined(separator: ",")
    }
    return ([(["step"] + names).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }
}

extension RunCurve {
  /// Steps count from 1 here: so many are done.
  fileprivate init(_ points: [MetricPoint]) {
    self.init(
      steps: points.map { Float($0.step + 1) }, values: points.map { Float($0.value) })
  }
}
