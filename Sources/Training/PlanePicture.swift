import Autodiff
import Foundation
import NeuralNets
import Tensors

/// What the network gives over the plane of a two-feature set.
package struct PlanePicture: Hashable, Sendable {
  /// What a number of the field means.
  package enum Meaning: Hashable, Sendable {
    /// p(class 0) - p(class 1) = 1 - 2 p of a single sigmoid, which gives p(class 1).
    case probability
    /// p(class 0) - p(class 1) of two outputs.
    case difference
    /// The largest p minus the second; `winners` says whose it is.
    case margin
    /// The first output as it is.
    case value
  }

  package let across: ClosedRange<Float>
  package let up: ClosedRange<Float>
  package let meaning: Meaning
  /// Where the field parts its two colors: between two classes, or what is neither much nor little.
  package let center: Float
  /// [height, width], the top row first.
  package let field: Tensor
  /// The field as far as it lies above or below the center.
  package var parted: [Float] {
    center == 0 ? field.scalars : field.scalars.map { $0 - center }
  }
  /// The class with the largest p at each place of the field, of more than two.
  package let winners: [Int]
  /// Each layer's units over the same places: [units, height, width].
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

extension Session {
  /// The activation that the last layer ends with, by its short name.
  fileprivate var outputActivation: String { network.layers.last?.activationName ?? "linear" }
}

extension PlanePicture {
  /// - Parameters:
  ///   - unseen: points to draw over the field.
  ///   - budget: about how many products it may cost; a large network gets a coarser picture.
  init(
    of session: Session, unseen: Examples, over range: ClosedRange<Float>, budget: Int
  ) {
    across = range
    up = range
    let work = max(session.network.parameterCount, 1)
    let size =
      [(24, 40), (12, 20), (6, 10)].first { $0.0 * $0.1 * work <= budget } ?? (6, 10)
    let (height, width) = size
    let grid = Self.grid(range, height: height, width: width)
    let outputs = session.network.outputShape.last
    let meaning = Self.meaning(of: session)
    self.meaning = meaning
    center = meaning == .value ? Self.center(of: session) : 0
    var field: [Float] = []
    var winners: [Int] = []
    var units: [(like: LayerPicture, count: Int, numbers: [Float])] = []
    let isLogits =
      session.settings.model.compilation?.loss.arguments["from_logits"] == .boolean(true)
    session.forEachBatch(of: Examples(inputs: [grid], targets: [])) { run, places in
      let numbers = run.numbers(of: run.plan.output)
      for place in 0..<places.count {
        let p = numbers[place * outputs..<(place + 1) * outputs]
        let (signed, winner) = Self.signed(p, meaning, isLogits: isLogits)
        field.append(signed)
        if meaning == .margin { winners.append(winner) }
      }
      for picture in session.activationPictures(run, { $0.shape.rank == 2 ? $0 : nil }) {
        let count = picture.tensor.shape.last
        if places.lowerBound == 0 {
          units.append(
            (picture, count, [Float](repeating: 0, count: count * height * width)))
        }
        guard let index = units.firstIndex(where: { $0.like.name == picture.name }) else {
          continue
        }
        Self.spread(
          picture.tensor.scalars, count, from: places.lowerBound, of: height * width,
          into: &units[index].numbers)
      }
    }
    self.field = Tensor(shape: [height, width], scalars: field)
    self.winners = winners
    self.units = units.map { unit in
      var picture = LayerPicture(
        name: unit.like.name, kind: unit.like.kind, quantity: .activation,
        tensor: Tensor(shape: [unit.count, height, width], scalars: unit.numbers))
      picture.symbol = unit.like.symbol
      picture.canBeNegative = unit.like.canBeNegative
      picture.gradientNorm = unit.like.gradientNorm
      return picture
    }
    let perTarget = unseen.targets.count / max(unseen.count, 1)
    points =
      perTarget == 0
      ? []
      : (0..<min(unseen.count, 2000)).map { row in
        PlanePoint(
          x: unseen.inputs.scalars[2 * row], y: unseen.inputs.scalars[2 * row + 1],
          target: Self.target(unseen.targets.scalars[row * perTarget..<(row + 1) * perTarget]))
      }
  }

  /// A class number, also of a one-hot row, or the target.
  private static func target(_ numbers: ArraySlice<Float>) -> Float {
    guard numbers.count > 1 else { return numbers.first ?? 0 }
    let largest = numbers.indices.max { numbers[$0] < numbers[$1] } ?? numbers.startIndex
    return Float(largest - numbers.startIndex)
  }

  /// [places, units] of a batch into [units, all places].
  private static func spread(
    _ numbers: [Float], _ units: Int, from first: Int, of all: Int, into target: inout [Float]
  ) {
    numbers.withUnsafeBufferPointer { numbers in
      target.withUnsafeMutableBufferPointer { target in
        for place in 0..<numbers.count / max(units, 1) {
          for unit in 0..<units {
            target[unit * all + first + place] = numbers[place * units + unit]
          }
        }
      }
    }
  }

  private static func meaning(of session: Session) -> Meaning {
    let classes = session.shownClasses.count
    switch session.network.outputShape.last {
    case 1: return classes == 2 ? .probability : .value
    case 2 where classes == 2: return .difference
    default: return classes > 1 ? .margin : .value
    }
  }

  /// What a single output tells two classes apart by: 0.5 of a probability; 0 of what is as often
  /// below as above, and of logits. Numbers to be met that all lie on one side of 0 have their middle.
  static func center(of session: Session) -> Float {
    let loss = session.settings.model.compilation?.loss
    let targets = session.settings.data.training.targets.scalars.lazy.filter(\.isFinite)
    guard let low = targets.min(), let high = targets.max() else { return 0 }
    let isLogit = loss?.arguments["from_logits"] == .boolean(true)
    if isLogit || loss?.kind.hasSuffix("Hinge") == true { return 0 }
    switch session.outputActivation {
    case "sigmoid", "hard_sigmoid": return 0.5
    case "tanh", "softsign", "hard_tanh": return 0
    default: break
    }
    if low == 0, high == 1 { return 0.5 }
    return low < 0 && high > 0 ? 0 : (low + high) / 2
  }

  /// The number of a place, and the class with the largest p.
  private static func signed(
    _ output: ArraySlice<Float>, _ meaning: Meaning, isLogits: Bool
  ) -> (Float, Int) {
    let first = output.first ?? 0
    switch meaning {
    case .value: return (first, 0)
    case .probability: return (1 - 2 * (isLogits ? 1 / (1 + exp(-first)) : first), 0)
    case .difference:
      let difference = first - (output.last ?? 0)
      // The softmax of two logits differs by tanh(Δ / 2).
      return (isLogits ? tanh(difference / 2) : difference, 0)
    case .margin:
      var p = Array(output)
      if isLogits {
        let most = p.max() ?? 0
        let powers = p.map { exp($0 - most) }
        let sum = powers.reduce(0, +)
        p = powers.map { $0 / sum }
      }
      let winner = p.indices.max { p[$0] < p[$1] } ?? 0
      let second = p.indices.filter { $0 != winner }.map { p[$0] }.max() ?? 0
      return ((p.isEmpty ? 0 : p[winner]) - second, winner)
    }
  }

  /// The centers of the cells of a picture, row by row from the top: [height · width, 2].
  private static func grid(_ range: ClosedRange<Float>, height: Int, width: Int) -> Tensor {
    let span = range.upperBound - range.lowerBound
    var scalars: [Float] = []
    scalars.reserveCapacity(2 * height * width)
    for row in 0..<height {
      let y = range.upperBound - span * (Float(row) + 0.5) / Float(height)
      for column in 0..<width {
        scalars.append(range.lowerBound + span * (Float(column) + 0.5) / Float(width))
        scalars.append(y)
      }
    }
    return Tensor(shape: [height * width, 2], scalars: scalars)
  }
}
