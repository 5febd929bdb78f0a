import Autodiff
import Datasets
import Foundation
import NeuralNets
import Tensors

/// What a layer does with the probe set, or over the plane: a picture of numbers.
package struct LayerPicture: Hashable, Sendable {
  package enum Quantity: String, CaseIterable, Hashable, Sendable {
    case activation, weights
  }

  package let name: String
  package let kind: String
  package let quantity: Quantity
  /// Activations: [probes, …output shape]. Weights: the kernel as it is.
  package let tensor: Tensor
}

/// One unseen example and what the network says of it.
package struct JudgedExample: Hashable, Sendable {
  package let row: Int
  package let input: Tensor
  package let isClass: Int
  package let saidClass: Int
  /// The probability it gave to what it said.
  package let probability: Float
  package let loss: Float
}

/// What the network gives over the plane of a two-feature set.
package struct PlanePicture: Hashable, Sendable {
  package let across: ClosedRange<Float>
  package let up: ClosedRange<Float>
  /// [height, width], the top row first: the output of a single unit, or p(class 0) − p(class 1)
  /// of two, or the winning class of more.
  package let field: Tensor
  /// Each layer's units over the same plane, coarser: [units, height, width].
  package let units: [LayerPicture]
  /// Unseen points: x, y, class or target.
  package let points: [PlanePoint]
}

/// An example of a two-feature set.
package struct PlanePoint: Hashable, Sendable {
  package let x: Float
  package let y: Float
  /// Its class number, or its target.
  package let target: Float
}

/// One unseen example with a number to be predicted.
package struct FittedExample: Hashable, Sendable {
  /// Its first input.
  package let input: Float
  package let target: Float
  package let said: Float
}

/// Pictures of a run at one moment, made by plans of their own over the same parameters.
package struct LabPictures: Sendable {
  /// Rows of the unseen (else the training) examples that layers are shown on: one of each class.
  package let probeRows: [Int]
  package let probeInputs: Tensor
  package let probeLabels: [String]
  package let layers: [LayerPicture]
  package let plane: PlanePicture?
  /// [true class][class said] on the unseen examples.
  package let confusion: [[Int]]?
  /// Unseen examples, the largest loss first.
  package let worst: [JudgedExample]
  package let right: Int?
  package let unseenCount: Int
  /// The first unseen examples of data without classes, at most 300; of several outputs the first.
  package let fitted: [FittedExample]
}

extension LabPictures {
  init(of session: Session, quantity: LayerPicture.Quantity, probe: Int = 0) {
    let data = session.settings.data
    let unseen = data.validation ?? data.training
    let rows = Self.probeRows(unseen, classes: data.classes.count, probe)
    let inputs = unseen.inputs.rows(rows)
    probeRows = rows
    probeInputs = inputs
    probeLabels = rows.map { row in
      let target = unseen.targets.scalars[row * (unseen.targets.count / max(unseen.count, 1))]
      guard let number = target.classNumber, number < data.classes.count else { return "\(row)" }
      return data.classes[number]
    }
    layers = session.layerPictures(on: inputs, quantity)
    plane =
      session.network.inputShape == [2] ? PlanePicture(of: session, unseen: unseen) : nil
    let judged = data.classes.count > 1 ? session.judge(unseen) : []
    unseenCount = unseen.count
    right = judged.isEmpty ? nil : judged.count { $0.isClass == $0.saidClass }
    worst = Array(judged.sorted { $0.loss > $1.loss }.prefix(24))
    fitted = data.classes.count > 1 ? [] : session.fitted(unseen, atMost: 300)
    confusion = judged.isEmpty ? nil : Self.confusion(judged, classes: data.classes.count)
  }

  /// Example `place` of each class, or eight examples from there on when there are no classes; after
  /// the last one it begins again.
  private static func probeRows(_ examples: Examples, classes: Int, _ place: Int) -> [Int] {
    guard classes > 1, examples.targets.count == examples.count else {
      let count = min(8, examples.count)
      return (0..<count).map { (place * count + $0) % examples.count }
    }
    var rows = [[Int]](repeating: [], count: classes)
    for (row, label) in examples.targets.scalars.enumerated() {
      if let number = label.classNumber, number < classes { rows[number].append(row) }
    }
    return rows.compactMap { $0.isEmpty ? nil : $0[place % $0.count] }
  }

  private static func confusion(_ judged: [JudgedExample], classes: Int) -> [[Int]] {
    var table = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for example in judged where example.isClass < classes && example.saidClass < classes {
      table[example.isClass][example.saidClass] += 1
    }
    return table
  }
}

extension Session {
  /// What each layer gives on these inputs, or its kernel.
  func layerPictures(on inputs: Tensor, _ quantity: LayerPicture.Quantity) -> [LayerPicture] {
    if quantity == .weights {
      return network.layers.compactMap { layer in
        guard let first = layer.weights.first else { return nil }
        let name = "\(layer.name)/\(first.path)"
        return plan.value(named: name).map {
          LayerPicture(
            name: layer.name, kind: layer.kind, quantity: quantity, tensor: execution.tensor($0))
        }
      }
    }
    let count = inputs.shape.extents.first ?? 0
    guard count > 0 else { return [] }
    let run = runInference(on: inputs, count: count)
    return network.layers.compactMap { layer in
      guard !LayerCatalog.kindsThatKeepNumbers.contains(layer.kind),
        let output = run.plan.value(named: layer.name + "/output")
      else { return nil }
      return LayerPicture(
        name: layer.name, kind: layer.kind, quantity: quantity, tensor: run.tensor(output))
    }
  }

  /// The forward pass on a batch of its own; the execution then holds every layer's output.
  func runInference(on inputs: Tensor, count: Int) -> Execution {
    let run = execution(batchSize: count, purpose: .prediction)
    run.begin(seed: settings.seed, step: 0, learningRate: 0)
    run.write(inputs.scalars, to: run.plan.input)
    run.run()
    return run
  }

  /// Every example whose target names a class, with what the network says of it.
  func judge(_ examples: Examples) -> [JudgedExample] {
    let output = predict(examples.allInputs)[0]
    let width = output.shape.last
    let perTarget = examples.targets.count / max(examples.count, 1)
    guard output.count == examples.count * width else { return [] }
    return (0..<examples.count).compactMap { row in
      let p = output.scalars[row * width..<(row + 1) * width]
      let target = examples.targets.scalars[row * perTarget..<(row + 1) * perTarget]
      guard
        let isClass = perTarget == 1
          ? target.first?.classNumber : Self.largest(target) - target.startIndex
      else { return nil }
      let said = width == 1 ? ((p.first ?? 0) > 0.5 ? 1 : 0) : Self.largest(p) - p.startIndex
      let ofSaid = width == 1 ? max(p.first ?? 0, 1 - (p.first ?? 0)) : p[p.startIndex + said]
      let ofTruth =
        width == 1
        ? (isClass == 1 ? p.first ?? 0 : 1 - (p.first ?? 0))
        : (isClass < width ? p[p.startIndex + isClass] : 0)
      return JudgedExample(
        row: row, input: examples.inputs.rows([row]), isClass: isClass, saidClass: said,
        probability: ofSaid, loss: -log(max(ofTruth, 1e-7)))
    }
  }

  /// What the network gives for the first examples beside what is true.
  func fitted(_ examples: Examples, atMost count: Int) -> [FittedExample] {
    let rows = Array(0..<min(count, examples.count))
    guard !rows.isEmpty else { return [] }
    let shown = examples.rows(rows)
    let inputs = shown.inputs
    let output = predict(shown.allInputs)[0]
    let outputs = output.count / rows.count
    let targets = examples.targets.count / max(examples.count, 1)
    let width = inputs.count / rows.count
    guard outputs > 0, targets > 0, width > 0 else { return [] }
    return rows.map { row in
      FittedExample(
        input: inputs.scalars[row * width], target: examples.targets.scalars[row * targets],
        said: output.scalars[row * outputs])
    }
  }

  private static func largest(_ numbers: ArraySlice<Float>) -> Int {
    numbers.indices.max { numbers[$0] < numbers[$1] } ?? numbers.startIndex
  }
}

extension PlanePicture {
  /// - Parameter unseen: points to draw over the field.
  init(of session: Session, unseen: Examples) {
    let data = session.settings.data.training.inputs
    let reach = data.scalars.reduce(Float(0)) { max($0, abs($1)) } * 1.1
    let range = -max(reach, 0.1)...max(reach, 0.1)
    across = range
    up = range
    let (height, width) = (24, 40)
    let grid = Self.grid(range, height: height, width: width)
    let output = session.predict(grid)
    field = Tensor(shape: [height, width], scalars: Self.signed(output))
    let coarse = Self.grid(range, height: 6, width: 6)
    let run = session.runInference(on: coarse, count: 36)
    units = session.network.layers.compactMap { layer in
      guard !LayerCatalog.kindsThatKeepNumbers.contains(layer.kind),
        let value = run.plan.value(named: layer.name + "/output"), value.shape.rank == 2
      else { return nil }
      let numbers = run.numbers(of: value)
      let count = value.shape.last
      let byUnit = (0..<count).flatMap { unit in (0..<36).map { numbers[$0 * count + unit] } }
      return LayerPicture(
        name: layer.name, kind: layer.kind, quantity: .activation,
        tensor: Tensor(shape: [count, 6, 6], scalars: byUnit))
    }
    let perTarget = unseen.targets.count / max(unseen.count, 1)
    points = (0..<unseen.count).map { row in
      PlanePoint(
        x: unseen.inputs.scalars[2 * row], y: unseen.inputs.scalars[2 * row + 1],
        target: unseen.targets.scalars[row * perTarget])
    }
  }

  /// The centers of the cells of a picture, row by row from the top: [height · width, 2].
  private static func grid(_ range: ClosedRange<Float>, height: Int, width: Int) -> Tensor {
    let span = range.upperBound - range.lowerBound
    var scalars: [Float] = []
    for row in 0..<height {
      let y = range.upperBound - span * (Float(row) + 0.5) / Float(height)
      for column in 0..<width {
        let x = range.lowerBound + span * (Float(column) + 0.5) / Float(width)
        scalars += [x, y]
      }
    }
    return Tensor(shape: [height * width, 2], scalars: scalars)
  }

  /// One signed number a place: one sigmoid unit as 2p − 1 (a linear or tanh one as it is), two
  /// as p(class 1) − p(class 0), more as the largest minus the second.
  private static func signed(_ output: Tensor) -> [Float] {
    let width = output.shape.last
    return (0..<output.shape.rows).map { row in
      let p = output.scalars[row * width..<(row + 1) * width]
      guard width > 1 else { return p.first.map { 2 * $0 - 1 } ?? 0 }
      if width == 2 { return (p.last ?? 0) - (p.first ?? 0) }
      let sorted = p.sorted(by: >)
      return sorted[0] - sorted[1]
    }
  }
}
